#include "experiment_service/decision_reader.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "experiment_service/domain/analysis_text.h"
#include "experiment_service/domain/counts_text.h"
#include "experiment_service/refusals.h"
#include "shared/hashing/sha256.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

absl::StatusOr<ReadDecision> Parse(StoredDecision stored, const LiveExperiment& live) {
  std::optional<std::vector<ArmCounts>> counts = ParseCountsText(stored.counts);
  const bool whole = counts && counts->size() == live.experiment.arms.size();
  if (!whole) {
    return errors::Internal(
        fmt::format("decision {} of experiment '{}' has counts that cannot be "
                    "read",
                    stored.ordinal, live.experiment.experiment_id));
  }
  for (ArmCounts& arm : *counts) arm.metrics.resize(live.experiment.plan.metrics.size());
  return ReadDecision{stored.ordinal,     stored.arm,         std::move(stored.decision),
                      stored.decide_time, *std::move(counts), std::move(stored.analysis_hash)};
}

// What is not as it was written.
std::string DifferenceOf(const ReadDecision& written, const Decision& anew,
                         const std::string& analysis_hash) {
  if (anew.recommendation != written.decision.recommendation) return "recommendation";
  if (anew.reason != written.decision.reason) return "reason";
  if (anew.message != written.decision.message) {
    return fmt::format("message: '{}' now", anew.message);
  }
  return analysis_hash == written.analysis_hash ? "" : "a number of the analysis";
}

}  // namespace

absl::StatusOr<ListPage<ReadDecision>> DecisionReader::List(const std::string& project,
                                                            const std::string& experiment_id,
                                                            int64_t beyond,
                                                            int64_t page_size) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  ASSIGN_OR_RETURN(ListPage<StoredDecision> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<StoredDecision>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return DecisionStore(connection).List(live->ordinal, from, limit);
        },
        [](const StoredDecision&) { return true; });
  }));
  RETURN_IF_ERROR(FillListPage<StoredDecision>(
      sql::kMaxReadBytes,
      [](StoredDecision& stored) { return stored.counts.size() + stored.decision.message.size(); },
      page));
  ListPage<ReadDecision> decisions;
  decisions.next_ordinal = page.next_ordinal;
  for (StoredDecision& stored : page.values) {
    ASSIGN_OR_RETURN(ReadDecision decision, Parse(std::move(stored), *live));
    decisions.values.push_back(std::move(decision));
  }
  return decisions;
}

absl::StatusOr<ReplayedDecision> DecisionReader::Replay(const std::string& project,
                                                        const std::string& experiment_id,
                                                        int64_t sequence) const {
  const LiveExperimentPtr live = serving_->FindExperiment(project, experiment_id);
  if (live == nullptr) return NoSuchExperiment(experiment_id);
  std::optional<StoredDecision> stored;
  std::optional<StoredDecision> before;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    DecisionStore store(connection);
    ASSIGN_OR_RETURN(stored, store.Find(live->ordinal, sequence));
    if (!stored) return absl::OkStatus();
    ASSIGN_OR_RETURN(before, store.FindBefore(live->ordinal, stored->arm, sequence));
    return absl::OkStatus();
  }));
  if (!stored) {
    return errors::NotFound("decision", fmt::format("{}/{}", experiment_id, sequence),
                            "List the experiment's decisions to see which there are.");
  }
  ReplayedDecision replayed;
  ASSIGN_OR_RETURN(replayed.decision, Parse(*std::move(stored), *live));
  const ReadDecision& written = replayed.decision;
  // As it was then: it ran.
  Experiment experiment = live->experiment;
  experiment.state = State::kRunning;
  replayed.analysis =
      Analyze(experiment, live->assignment.shares(), written.counts, written.decide_time);
  for (const Comparison& comparison : replayed.analysis.comparisons) {
    if (comparison.arm != written.arm) continue;
    const Decision anew = Stand(before ? before->decision : Decision(), comparison.look);
    replayed.difference = DifferenceOf(written, anew, Sha256(AnalysisText(replayed.analysis)));
  }
  return replayed;
}

}  // namespace flywheel::experiment
