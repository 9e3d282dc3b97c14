// What a tombstone of the feed takes out again.
#include "experiment_service/feed_writer.h"
#include "shared/sql/erasure_log.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status FeedWriter::Apply(const FeedRecord& record, const FeedTombstone& tombstone) {
  const std::string& project = record.project;
  int64_t rows = 0;
  Bereft bereft;
  for (const int64_t sequence : tombstone.sequences) {
    ASSIGN_OR_RETURN(const int64_t erased, EraseAt(project, sequence, bereft));
    rows += erased;
  }
  // What was said about a session counts for what is left of it.
  for (const std::string& session_hash : bereft.session_hashes) {
    ASSIGN_OR_RETURN(const std::vector<std::string> touched, Redirect(project, session_hash));
    bereft.interactions.insert(touched.begin(), touched.end());
  }
  for (const std::string& interaction_id : bereft.interactions) {
    RETURN_IF_ERROR(Settle(project, interaction_id));
  }
  return sql::ErasureLog(connection_)
      .AddTombstone(project, tombstone.erasure_id, rows, record.sequence, tombstone.last);
}

// A tombstone names places in the feed, which are interactions or signals, here or not.
absl::StatusOr<int64_t> FeedWriter::EraseAt(const std::string& project, int64_t sequence,
                                            Bereft& bereft) {
  ASSIGN_OR_RETURN(const std::optional<FedInteraction> interaction,
                   interactions_.FindBySequence(project, sequence));
  if (interaction) return EraseInteraction(project, *interaction, bereft);
  ASSIGN_OR_RETURN(const std::optional<FedSignal> signal,
                   signals_.FindBySequence(project, sequence));
  if (!signal) return 0;
  RETURN_IF_ERROR(signals_.Remove(project, signal->signal.signal_id));
  bereft.interactions.insert(signal->signal.interaction_id);
  return 1;
}

absl::StatusOr<int64_t> FeedWriter::EraseInteraction(const std::string& project,
                                                     const FedInteraction& interaction,
                                                     Bereft& bereft) {
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
  if (!interaction.session_hash.empty()) bereft.session_hashes.insert(interaction.session_hash);
  // 3. Its unit, where this was the last that is known of it.
  if (!unit) return rows;
  ASSIGN_OR_RETURN(const bool has_more,
                   interactions_.HasUnit(interaction.experiment, interaction.unit_hash));
  if (has_more) return rows;
  ASSIGN_OR_RETURN(const int64_t erased, BatchOf(project).Erase(*unit));
  effects_.forgotten.emplace_back(interaction.experiment, interaction.unit_hash);
  return rows + erased;
}

}  // namespace flywheel::experiment
