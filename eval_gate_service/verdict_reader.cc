#include "eval_gate_service/verdict_reader.h"

#include <limits>
#include <utility>

#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<Verdict> VerdictReader::Get(const std::string& project,
                                           const std::string& verdict_id) {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> stored,
                   database_->Read([&](sql::Connection& connection) {
                     return VerdictStore(connection).Find(project, verdict_id);
                   }));
  if (!stored)
    return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
  return std::move(stored->verdict);
}

absl::StatusOr<VerdictPage> VerdictReader::List(const std::string& project,
                                                const VerdictQuery& query) {
  const int64_t before =
      query.before_sequence > 0 ? query.before_sequence : std::numeric_limits<int64_t>::max();
  ASSIGN_OR_RETURN(StoredVerdictPage stored, database_->Read([&](sql::Connection& connection) {
    return VerdictStore(connection).List(project, query.model_version, before, query.page_size);
  }));
  VerdictPage page;
  // The last one that is shown says where the next page begins: sequences never change.
  if (stored.more) page.next_before_sequence = stored.verdicts.back().sequence;
  for (StoredVerdict& one : stored.verdicts) page.verdicts.push_back(std::move(one.verdict));
  return page;
}

absl::StatusOr<ShipAnswer> VerdictReader::Decide(const std::string& project,
                                                 const ShipQuestion& question) {
  ShipDecision ship(question);
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<ShipAnswer> {
    VerdictStore verdicts(connection);
    RETURN_IF_ERROR(verdicts.ForEachOn(project, question.model_version,
                                       [&](const Verdict& verdict) { ship.Add(verdict); }));
    if (ship.strictest() == nullptr) return ShipAnswer{};
    // Once more, with its findings.
    ASSIGN_OR_RETURN(std::optional<StoredVerdict> strictest,
                     verdicts.Find(project, ship.strictest()->verdict_id));
    ShipAnswer answer{ship.decision(), std::move(strictest->verdict)};
    if (answer.decision == Decision::kPass && !AnswersAlone(question, answer.verdict->findings)) {
      answer.decision = Decision::kInconclusive;
    }
    return answer;
  });
}

}  // namespace flywheel::evalgate
