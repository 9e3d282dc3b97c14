#include "ingest_service/privacy/erasure_piece.h"

#include <algorithm>
#include <limits>

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/privacy_record_store.h"
#include "ingest_service/store/span_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

}  // namespace

absl::StatusOr<std::vector<int64_t>> ErasurePiece::NextInteractions(sql::Connection& connection,
                                                                    const StoredErasure& erasure) {
  std::vector<int64_t> sequences;
  for (const std::string& pseudonym : erasure.pseudonyms) {
    ASSIGN_OR_RETURN(const std::vector<ErasableInteraction> interactions,
                     ErasableRecords(connection)
                         .InteractionsOf(erasure.project, pseudonym, erasure.last_sequence,
                                         kMaxRows - static_cast<int64_t>(sequences.size())));
    for (const ErasableInteraction& interaction : interactions) {
      sequences.push_back(interaction.sequence);
    }
  }
  // The archive wants them rising.
  std::sort(sequences.begin(), sequences.end());
  return sequences;
}

absl::Status ErasurePiece::Run(StoredErasure& erasure, absl::Time now) {
  // Waiting traces are the first piece; then interactions with what was said about them, then what
  // the person said about those of others.
  if (erasure.last_sequence == 0) return EraseWaitingTraces(erasure);
  for (const std::string& pseudonym : erasure.pseudonyms) {
    RETURN_IF_ERROR(EraseInteractions(erasure, pseudonym));
  }
  for (const std::string& pseudonym : erasure.pseudonyms) {
    RETURN_IF_ERROR(EraseSignalsBy(erasure, pseudonym));
  }
  return Conclude(erasure, now);
}

// First, and in the write that says how far the erasure reaches: else a trace could become an
// interaction behind that place.
absl::Status ErasurePiece::EraseWaitingTraces(StoredErasure& erasure) {
  for (const std::string& pseudonym : erasure.pseudonyms) {
    ASSIGN_OR_RETURN(const std::vector<std::string> interaction_ids,
                     SpanStore(connection_).EraseTracesOfUser(erasure.project, pseudonym));
    // Else the rest of such a trace, or a resend, would become an interaction after all.
    for (const std::string& interaction_id : interaction_ids) {
      RETURN_IF_ERROR(Remember("interaction", erasure.project, interaction_id));
    }
  }
  ASSIGN_OR_RETURN(const int64_t last, FeedStore(connection_).LastSequence());
  // Above 0 in an empty store, too: that the first piece was done.
  erasure.last_sequence = std::max<int64_t>(last, 1);
  return ErasureStore(connection_).Update(erasure);
}

absl::Status ErasurePiece::EraseInteractions(const StoredErasure& erasure,
                                             const std::string& pseudonym) {
  if (RowsLeft() <= 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<ErasableInteraction> interactions,
      ErasableRecords(connection_)
          .InteractionsOf(erasure.project, pseudonym, erasure.last_sequence, RowsLeft()));
  for (const ErasableInteraction& interaction : interactions) {
    // Archived since the archives were asked, which the next piece does again.
    if (interaction.form == PayloadForm::kArchived) {
      blocked_ = true;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(EraseInteraction(erasure, interaction));
    if (RowsLeft() <= 0) break;
  }
  return absl::OkStatus();
}

absl::Status ErasurePiece::EraseInteraction(const StoredErasure& erasure,
                                            const ErasableInteraction& interaction) {
  // 1. What was said about it, by whomever. Where that fills the piece, the next one goes on here.
  const std::string& project = erasure.project;
  RETURN_IF_ERROR(EraseSignals(
      project,
      ErasableRecords(connection_)
          .SignalsAboutInteraction(project, interaction.interaction_id, kNoLimit, RowsLeft())));
  if (RowsLeft() <= 0) return absl::OkStatus();
  // 2. What was said about its session, where no other person has a part in it.
  if (!interaction.session_id.empty()) {
    ASSIGN_OR_RETURN(
        const SessionSharing sharing,
        ErasableRecords(connection_)
            .FindSessionSharing(project, interaction, erasure.pseudonyms, erasure.last_sequence));
    if (!sharing.others) {
      RETURN_IF_ERROR(EraseSignals(
          project,
          ErasableRecords(connection_)
              .SignalsAboutSession(project, interaction.session_id,
                                   sharing.later ? erasure.last_sequence : kNoLimit, RowsLeft())));
      if (RowsLeft() <= 0) return absl::OkStatus();
      if (!sharing.later) RETURN_IF_ERROR(Remember("session", project, interaction.session_id));
    }
  }
  // 3. The row itself; a keyed hash of its id stays, so that a resend is refused.
  RETURN_IF_ERROR(Remember("interaction", project, interaction.interaction_id));
  RETURN_IF_ERROR(SpanStore(connection_).ForgetTraceOf(project, interaction.interaction_id));
  RETURN_IF_ERROR(ErasableRecords(connection_).Delete(interaction));
  sequences_.push_back(interaction.sequence);
  ++interactions_;
  // Totals do not count what was thinned out.
  if (interaction.form == PayloadForm::kThinned) return absl::OkStatus();
  ++counted_interactions_;
  tool_calls_ += interaction.tool_calls;
  return absl::OkStatus();
}

absl::Status ErasurePiece::EraseSignalsBy(const StoredErasure& erasure,
                                          const std::string& pseudonym) {
  if (RowsLeft() <= 0) return absl::OkStatus();
  return EraseSignals(erasure.project, ErasableRecords(connection_)
                                           .SignalsBy(erasure.project, pseudonym,
                                                      erasure.last_sequence, RowsLeft()));
}

absl::Status ErasurePiece::EraseSignals(const std::string& project,
                                        const std::vector<ErasableSignal>& signals) {
  for (const ErasableSignal& signal : signals) {
    if (RowsLeft() <= 0) return absl::OkStatus();
    // Every revision of a signal, in as many pieces as they take.
    ASSIGN_OR_RETURN(const std::vector<ErasableSignal> revisions,
                     ErasableRecords(connection_).Revisions(project, signal, RowsLeft()));
    RETURN_IF_ERROR(Remember("signal", project, signal.signal_id));
    for (const ErasableSignal& revision : revisions) {
      RETURN_IF_ERROR(ErasableRecords(connection_).Delete(revision));
      sequences_.push_back(revision.sequence);
    }
  }
  return absl::OkStatus();
}

absl::Status ErasurePiece::Remember(std::string_view kind, const std::string& project,
                                    const std::string& id) {
  return ErasableRecords(connection_)
      .AddErased(project, write_guard_.RecordMacs(kind, project, id).front());
}

absl::Status ErasurePiece::Conclude(StoredErasure& erasure, absl::Time now) {
  if (sequences_.empty() && blocked_) {
    return errors::StorageUnavailable("an archive still holds payloads that are to be erased");
  }
  const auto rows = static_cast<int64_t>(sequences_.size());
  const int64_t signals = rows - interactions_;
  erasure.receipt.interactions += interactions_;
  erasure.receipt.signals += signals;
  // Nothing was left: the last tombstone, after which nobody knows whom it was about.
  const bool last = sequences_.empty();
  if (last) erasure.pseudonyms.clear();
  std::sort(sequences_.begin(), sequences_.end());
  // Readers of the feed erase by the tombstone's sequences.
  ASSIGN_OR_RETURN(const int64_t before, FeedStore(connection_).LastSequence());
  erasure.receipt.commit_sequence = before + 1;
  RETURN_IF_ERROR(PrivacyRecordStore(connection_)
                      .AddTombstone(erasure.project, {erasure.receipt.erasure_id, sequences_, last},
                                    before + 1, now));
  RETURN_IF_ERROR(FeedStore(connection_).SetLastSequence(before + 1));
  RETURN_IF_ERROR(
      FeedStore(connection_)
          .AddToTotals(erasure.project, {-counted_interactions_, -signals, -tool_calls_}));
  return ErasureStore(connection_).Update(erasure);
}

}  // namespace flywheel::ingest
