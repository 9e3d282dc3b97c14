#include "eval_gate_service/verdict_reader.h"

#include <utility>

#include "eval_gate_service/ship_evidence.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<Verdict> VerdictReader::Get(const std::string& project,
                                           const std::string& verdict_id) {
  return database_->Read([&](sql::Connection& connection) {
    return VerdictStore(connection).Get(project, verdict_id);
  });
}

absl::StatusOr<ListPage<Verdict>> VerdictReader::List(const std::string& project,
                                                      const VerdictFilter& filter, int64_t beyond,
                                                      int64_t page_size) {
  using Page = ListPage<StoredVerdict>;
  ASSIGN_OR_RETURN(
      Page page, database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Page> {
        VerdictStore verdicts(connection);
        ASSIGN_OR_RETURN(Page found, ReadListPage<StoredVerdict>(
                                         beyond, page_size,
                                         [&](int64_t from, int64_t limit) {
                                           return verdicts.List(project, filter, from, limit);
                                         },
                                         [&](const StoredVerdict& stored) {
                                           return filter.Matches(stored.verdict);
                                         }));
        RETURN_IF_ERROR(FillListPage<StoredVerdict>(
            sql::kMaxReadBytes,
            [&](StoredVerdict& stored) -> absl::StatusOr<size_t> {
              ASSIGN_OR_RETURN(const size_t rest, verdicts.ReadRest(project, stored));
              return rest + LabelBytes(stored.verdict.labels);
            },
            found));
        return found;
      }));
  return ValuesOf(std::move(page), &StoredVerdict::verdict);
}

absl::StatusOr<ShipDecision> VerdictReader::Decide(const std::string& project,
                                                   const ShipQuestion& question) {
  const absl::Time now = clock_->Now();
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<ShipDecision> {
    ASSIGN_OR_RETURN(const std::optional<ShipEvidence> evidence,
                     ReadShipEvidence(connection, project, question.agent, question.model_version));
    if (!evidence) return NotConfigured(question);
    ShipDecision decision = DecideShip(question, *evidence, now);
    // A verdict has a finding a cohort, and a policy twenty suites: all of them are no one message.
    const SuiteStanding* const deciding = DecidingSuite(decision);
    for (SuiteStanding& standing : decision.suites) {
      if (&standing == deciding) {
        RETURN_IF_ERROR(ReadStandingFindings(connection, project, {&standing, 1}));
      } else if (standing.verdict) {
        standing.verdict->bar.cohort_floors.clear();
      }
    }
    return decision;
  });
}

}  // namespace flywheel::evalgate
