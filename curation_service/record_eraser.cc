#include "curation_service/record_eraser.h"

#include <optional>
#include <string>
#include <vector>

#include "curation_service/scorer.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/removed_row_store.h"
#include "curation_service/store/row_signals.h"
#include "curation_service/store/score_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Erases from rows what a signal says, or said before, of an interaction. Returns how many rows
// left with its words.
absl::StatusOr<int64_t> EraseFromRows(sql::Connection& connection, const std::string& project,
                                      const ErasedSignal& signal) {
  RETURN_IF_ERROR(ForgetInRows(connection, project, signal.signal_id, signal.target));
  int64_t erased_rows = 0;
  if (signal.may_be_ideal_output) {
    ASSIGN_OR_RETURN(erased_rows, DatasetStore(connection)
                                      .EraseRows(project, signal.target.interaction_id,
                                                 /*corrections_alone=*/true));
  }
  for (const std::string& interaction_id : signal.earlier_interaction_ids) {
    RETURN_IF_ERROR(ForgetSignal(connection, project, interaction_id, signal.signal_id));
    ASSIGN_OR_RETURN(
        const int64_t rows,
        DatasetStore(connection).EraseRows(project, interaction_id, /*corrections_alone=*/true));
    erased_rows += rows;
  }
  return erased_rows;
}

}  // namespace

absl::Status ForgetInRows(sql::Connection& connection, const std::string& project,
                          const std::string& signal_id, const SignalTarget& target) {
  if (!target.interaction_id.empty()) {
    return ForgetSignal(connection, project, target.interaction_id, signal_id);
  }
  ASSIGN_OR_RETURN(
      const std::vector<InteractionKey> interactions,
      RecordStore(connection)
          .InteractionsOfSession(project, target.session_id, Scorer::kMaxSessionInteractions));
  for (const InteractionKey& interaction : interactions) {
    RETURN_IF_ERROR(ForgetSignal(connection, project, interaction.interaction_id, signal_id));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SignalTarget>> EraseRecords(sql::Connection& connection,
                                                       const FeedRecord& record,
                                                       const Tombstone& tombstone) {
  const std::string& project = record.project;
  std::vector<SignalTarget> targets;
  int64_t erased_rows = 0;
  // A tombstone names places in the feed, which are interactions or signals, here or not.
  for (const int64_t sequence : tombstone.sequences) {
    ASSIGN_OR_RETURN(const std::optional<std::string> interaction_id,
                     RecordStore(connection).EraseInteraction(project, sequence));
    if (interaction_id) {
      // Its score and its rows in datasets go with it.
      RETURN_IF_ERROR(ScoreStore(connection).Remove(project, *interaction_id));
      RETURN_IF_ERROR(RemovedRowStore(connection).Forget(project, *interaction_id));
      ASSIGN_OR_RETURN(const int64_t rows, DatasetStore(connection)
                                               .EraseRows(project, *interaction_id,
                                                          /*corrections_alone=*/false));
      erased_rows += 1 + rows;
      continue;
    }
    ASSIGN_OR_RETURN(std::optional<ErasedSignal> signal,
                     RecordStore(connection).EraseSignal(project, sequence));
    if (!signal) continue;
    // The words of a correction stand in the rows of the interaction that it is about.
    ASSIGN_OR_RETURN(const int64_t rows, EraseFromRows(connection, project, *signal));
    erased_rows += 1 + rows;
    targets.push_back(std::move(signal->target));
  }
  RETURN_IF_ERROR(ErasureStore(connection)
                      .AddTombstone(project, tombstone.erasure_id, erased_rows, record.sequence,
                                    tombstone.last));
  return targets;
}

}  // namespace flywheel::curation
