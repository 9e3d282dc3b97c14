#include "curation_service/record_eraser.h"

#include <optional>
#include <string>
#include <vector>

#include "curation_service/scorer.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/row_signals.h"
#include "curation_service/store/score_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Rows name the signals that they were made of.
absl::Status ForgetInRows(sql::Connection& connection, const std::string& project,
                          const ErasedSignal& signal) {
  if (!signal.target.interaction_id.empty()) {
    return ForgetSignal(connection, project, signal.target.interaction_id, signal.signal_id);
  }
  ASSIGN_OR_RETURN(const std::vector<InteractionKey> interactions,
                   RecordStore(connection)
                       .InteractionsOfSession(project, signal.target.session_id,
                                              Scorer::kMaxSessionInteractions));
  for (const InteractionKey& interaction : interactions) {
    RETURN_IF_ERROR(
        ForgetSignal(connection, project, interaction.interaction_id, signal.signal_id));
  }
  return absl::OkStatus();
}

}  // namespace

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
      ASSIGN_OR_RETURN(const int64_t rows, DatasetStore(connection)
                                               .EraseRows(project, *interaction_id,
                                                          /*corrections_alone=*/false));
      erased_rows += 1 + rows;
      continue;
    }
    ASSIGN_OR_RETURN(std::optional<ErasedSignal> signal,
                     RecordStore(connection).EraseSignal(project, sequence));
    if (!signal) continue;
    ++erased_rows;
    RETURN_IF_ERROR(ForgetInRows(connection, project, *signal));
    // The words of a correction stand in the rows of the interaction that it is about.
    if (signal->may_be_ideal_output) {
      ASSIGN_OR_RETURN(const int64_t rows, DatasetStore(connection)
                                               .EraseRows(project, signal->target.interaction_id,
                                                          /*corrections_alone=*/true));
      erased_rows += rows;
    }
    targets.push_back(std::move(signal->target));
  }
  RETURN_IF_ERROR(ErasureStore(connection)
                      .AddTombstone(project, tombstone.erasure_id, erased_rows, record.sequence,
                                    tombstone.last));
  return targets;
}

}  // namespace flywheel::curation
