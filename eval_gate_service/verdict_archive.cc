#include "eval_gate_service/verdict_archive.h"

#include <limits>
#include <utility>

#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<Verdict> VerdictArchive::Get(const std::string& project,
                                            const std::string& verdict_id) {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> stored,
                   database_->Read([&](sql::Connection& connection) {
                     return VerdictStore(connection).Find(project, verdict_id);
                   }));
  if (!stored)
    return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
  return std::move(stored->verdict);
}

absl::StatusOr<VerdictPage> VerdictArchive::List(const std::string& project,
                                                 const VerdictQuery& query) {
  const int64_t before =
      query.before_sequence > 0 ? query.before_sequence : std::numeric_limits<int64_t>::max();
  ASSIGN_OR_RETURN(StoredVerdictPage stored, database_->Read([&](sql::Connection& connection) {
    return VerdictStore(connection).List(project, query.model_version, before, query.page_size);
  }));
  VerdictPage page;
  if (stored.more) page.next_before_sequence = stored.verdicts.back().sequence;
  for (StoredVerdict& one : stored.verdicts) page.verdicts.push_back(std::move(one.verdict));
  return page;
}

absl::StatusOr<ShipAnswer> VerdictArchive::Decide(const std::string& project,
                                                  const ShipQuestion& question) {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> strictest,
                   database_->Read([&](sql::Connection& connection) {
                     return VerdictStore(connection).Strictest(project, question);
                   }));
  if (!strictest) return ShipAnswer{};
  const Decision decision = ShipDecision(question, strictest->verdict);
  return ShipAnswer{decision, std::move(strictest->verdict)};
}

}  // namespace flywheel::evalgate
