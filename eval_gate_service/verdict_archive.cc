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
    ASSIGN_OR_RETURN(stored, VerdictStore::Find(connection, project, verdict_id));
    return absl::OkStatus();
  }));
  if (!stored)
    return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
  return std::move(stored->verdict);
}

absl::StatusOr<VerdictPage> VerdictArchive::List(const std::string& project,
                                                 const VerdictQuery& query) {
  StoredVerdictPage stored;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    const int64_t before =
        query.before_sequence > 0 ? query.before_sequence : std::numeric_limits<int64_t>::max();
    ASSIGN_OR_RETURN(stored, VerdictStore::List(connection, project, query.model_version, before,
                                                query.page_size));
    return absl::OkStatus();
  }));
  VerdictPage page;
  if (stored.more) page.next_before_sequence = stored.verdicts.back().sequence;
  for (StoredVerdict& one : stored.verdicts) page.verdicts.push_back(std::move(one.verdict));
  return page;
}

absl::StatusOr<ShipAnswer> VerdictArchive::Decide(const std::string& project,
                                                  const ShipQuestion& question) {
  std::optional<StoredVerdict> strictest;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(strictest, VerdictStore::Strictest(connection, project, question));
    return absl::OkStatus();
  }));
  if (!strictest) return ShipAnswer{};
  const Decision decision = ShipDecision(question, strictest->verdict);
  return ShipAnswer{decision, std::move(strictest->verdict)};
}

}  // namespace flywheel::evalgate
