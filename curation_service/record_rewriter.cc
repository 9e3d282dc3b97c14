#include "curation_service/record_rewriter.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "curation_service/record_eraser.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/erasure_store.h"
#include "curation_service/store/row_signals.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// What changed here, and what is to be scored anew.
struct Rewritten {
  int64_t rows = 0;
  std::vector<SignalTarget> targets = {};
};

absl::StatusOr<Rewritten> RewriteInteraction(sql::Connection& connection,
                                             const std::string& project,
                                             const Interaction& interaction) {
  ASSIGN_OR_RETURN(const bool here,
                   RecordStore(connection).RewriteInteraction(project, interaction));
  if (!here) return Rewritten{};
  ASSIGN_OR_RETURN(const int64_t rows, DatasetStore(connection)
                                           .EraseRows(project, interaction.interaction_id,
                                                      /*corrections_alone=*/false));
  return Rewritten{1 + rows, {{interaction.interaction_id, ""}}};
}

absl::StatusOr<Rewritten> RewriteSignal(sql::Connection& connection, const std::string& project,
                                        const Signal& signal) {
  ASSIGN_OR_RETURN(const std::optional<std::string> failure_mode,
                   RecordStore(connection).FailureModeOf(project, signal));
  ASSIGN_OR_RETURN(const bool here, RecordStore(connection).RewriteSignal(project, signal));
  if (!signal.interaction_id.empty()) {
    RETURN_IF_ERROR(ReplaceFailureMode(connection, project, signal.interaction_id, failure_mode,
                                       signal.failure_mode));
  }
  Rewritten rewritten{int64_t{here}, {{signal.interaction_id, signal.session_id}}};
  const bool may_be_ideal_output =
      signal.kind == SignalKind::kCorrection || signal.kind == SignalKind::kEdit;
  // Of an earlier revision nothing is kept, but its words may stand in rows.
  if (may_be_ideal_output && !signal.interaction_id.empty()) {
    ASSIGN_OR_RETURN(const int64_t rows,
                     DatasetStore(connection)
                         .EraseRows(project, signal.interaction_id, /*corrections_alone=*/true));
    rewritten.rows += rows;
  }
  return rewritten;
}

}  // namespace

absl::StatusOr<std::vector<SignalTarget>> RewriteRecord(sql::Connection& connection,
                                                        const FeedRecord& record,
                                                        const Rewrite& rewrite) {
  const bool has_left =
      rewrite.sequence != 0 && std::holds_alternative<std::monostate>(rewrite.content);
  if (has_left) {
    return EraseRecords(connection, record, {rewrite.scan_id, {rewrite.sequence}, rewrite.last});
  }
  Rewritten rewritten;
  if (const auto* interaction = std::get_if<Interaction>(&rewrite.content)) {
    ASSIGN_OR_RETURN(rewritten, RewriteInteraction(connection, record.project, *interaction));
  } else if (const auto* signal = std::get_if<Signal>(&rewrite.content)) {
    ASSIGN_OR_RETURN(rewritten, RewriteSignal(connection, record.project, *signal));
  }
  // Counted and reported as an erasure is, of which a build that runs takes notice, too.
  RETURN_IF_ERROR(ErasureStore(connection)
                      .AddTombstone(record.project, rewrite.scan_id, rewritten.rows,
                                    record.sequence, rewrite.last));
  return std::move(rewritten.targets);
}

}  // namespace flywheel::curation
