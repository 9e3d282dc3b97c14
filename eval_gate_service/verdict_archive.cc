#include "eval_gate_service/verdict_archive.h"

#include <limits>
#include <utility>

#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<Verdict> VerdictArchive::Get(const std::string& project,
                                            const std::string& verdict_id) {
  std::optional<StoredVerdict> stored;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("BEGIN"));
    ASSIGN_OR_RETURN(stored, VerdictStore::Find(connection, project, verdict_id));
    return absl::OkStatus();
  }));
  if (!stored)
    return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
  return std::move(stored->verdict);
}

absl::StatusOr<VerdictPage> VerdictArchive::List(const std::string& project,
                                                 const VerdictQuery& query) {
  std::vector<StoredVerdict> stored;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute("BEGIN"));
    // One more than a page shows whether there is another.
    ASSIGN_OR_RETURN(
        stored,
        VerdictStore::List(connection, project, query.model_version,
                           query.before_sequence.value_or(std::numeric_limits<int64_t>::max()),
                           query.page_size + 1));
    return absl::OkStatus();
  }));
  VerdictPage page;
  if (static_cast<int64_t>(stored.size()) > query.page_size) {
    stored.pop_back();
    page.next_before_sequence = stored.back().sequence;
  }
  for (StoredVerdict& one : stored) page.verdicts.push_back(std::move(one.verdict));
  return page;
}

absl::StatusOr<std::optional<Verdict>> VerdictArchive::Newest(const std::string& project,
                                                              const std::string& model_version) {
  VerdictQuery query;
  query.model_version = model_version;
  query.page_size = 1;
  ASSIGN_OR_RETURN(VerdictPage page, List(project, query));
  if (page.verdicts.empty()) return std::nullopt;
  return std::move(page.verdicts.front());
}

}  // namespace flywheel::evalgate
