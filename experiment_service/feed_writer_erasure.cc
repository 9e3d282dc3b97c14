// What a tombstone of the feed takes out again.
#include "experiment_service/feed_writer.h"
#include "shared/sql/erasure_log.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status FeedWriter::Apply(const FeedRecord& record, const FeedTombstone& tombstone) {
  int64_t rows = 0;
  // It names places in the feed, which are interactions or signals, here or not.
  for (const int64_t sequence : tombstone.sequences) {
    ASSIGN_OR_RETURN(const std::optional<FedInteraction> interaction,
                     interactions_.FindBySequence(record.project, sequence));
    if (interaction) {
      ASSIGN_OR_RETURN(const int64_t erased, EraseInteraction(record.project, *interaction));
      rows += erased;
      continue;
    }
    ASSIGN_OR_RETURN(const std::optional<FedSignal> signal,
                     signals_.FindBySequence(record.project, sequence));
    if (!signal) continue;
    ASSIGN_OR_RETURN(const int64_t erased, EraseSignal(record.project, *signal));
    rows += erased;
  }
  return sql::ErasureLog(connection_)
      .AddTombstone(record.project, tombstone.erasure_id, rows, record.sequence, tombstone.last);
}

absl::StatusOr<int64_t> FeedWriter::EraseInteraction(const std::string& project,
                                                     const FedInteraction& interaction) {
  int64_t rows = 1;
  RETURN_IF_ERROR(interactions_.Remove(project, interaction.interaction_id));
  // 1. Its outcomes.
  const std::optional<FedUnit> unit = UnitOf(interaction);
  const size_t metrics = unit ? unit->live->experiment.plan.metrics.size() : 0;
  for (size_t i = 0; i < metrics; ++i) {
    ASSIGN_OR_RETURN(const bool retracted,
                     BatchOf(project).Retract(*unit, FedOutcomeId(interaction.interaction_id, i)));
    rows += int64_t{retracted};
  }
  // 2. What was said about it; what was said about its session counts for another one, if any.
  ASSIGN_OR_RETURN(const std::vector<FedSignal> signals,
                   signals_.ForInteraction(project, interaction.interaction_id, kMaxSignals));
  for (const FedSignal& signal : signals) {
    if (!signal.session_hash.empty()) continue;
    RETURN_IF_ERROR(signals_.Remove(project, signal.signal.signal_id));
    ++rows;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> touched,
                   Redirect(project, interaction.session_hash));
  for (const std::string& other : touched) RETURN_IF_ERROR(Settle(project, other));
  // 3. Its unit, where this was the last that is known of it.
  if (!unit) return rows;
  ASSIGN_OR_RETURN(const bool has_more,
                   interactions_.HasUnit(interaction.experiment, interaction.unit_hash));
  if (has_more) return rows;
  ASSIGN_OR_RETURN(const int64_t erased, BatchOf(project).Erase(*unit));
  effects_.forgotten.emplace_back(interaction.experiment, interaction.unit_hash);
  return rows + erased;
}

absl::StatusOr<int64_t> FeedWriter::EraseSignal(const std::string& project,
                                                const FedSignal& signal) {
  RETURN_IF_ERROR(signals_.Remove(project, signal.signal.signal_id));
  RETURN_IF_ERROR(Settle(project, signal.signal.interaction_id));
  return 1;
}

}  // namespace flywheel::experiment
