#include "ingest_service/privacy/erasure_piece.h"

#include <algorithm>
#include <set>

#include "ingest_service/domain/trace_ids.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/privacy_record_store.h"
#include "ingest_service/store/span_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<std::vector<int64_t>> ErasurePiece::NextInteractions(sql::Connection& connection,
                                                                    const StoredErasure& erasure) {
  const Subject& subject = erasure.subject;
  std::vector<int64_t> sequences;
  for (const std::string& name : subject.names) {
    ASSIGN_OR_RETURN(const std::vector<SubjectInteraction> interactions,
                     SubjectRecords(connection)
                         .InteractionsOf(subject.project, subject.kind, name,
                                         {kMaxRows - static_cast<int64_t>(sequences.size()),
                                          erasure.last_sequence}));
    for (const SubjectInteraction& interaction : interactions) {
      sequences.push_back(interaction.sequence);
    }
  }
  // The archive wants them rising.
  std::sort(sequences.begin(), sequences.end());
  return sequences;
}

absl::Status ErasurePiece::Run(StoredErasure& erasure, absl::Time now) {
  // What waits or may still come is the first piece; then interactions with what was said about
  // them, then what else is the subject's.
  if (erasure.last_sequence == 0) return Begin(erasure);
  for (const std::string& name : erasure.subject.names) {
    RETURN_IF_ERROR(EraseInteractions(erasure, name));
  }
  for (const std::string& name : erasure.subject.names) {
    RETURN_IF_ERROR(EraseOtherSignals(erasure, name));
  }
  return Conclude(erasure, now);
}

// All in the write that says how far the erasure reaches: else a trace could become an interaction
// behind that place, or a session go on.
absl::Status ErasurePiece::Begin(StoredErasure& erasure) {
  const auto& [project, kind, names] = erasure.subject;
  for (const std::string& name : names) {
    if (kind == SubjectKind::kSession) RETURN_IF_ERROR(Remember("closed-session", project, name));
    if (kind == SubjectKind::kInteraction) RETURN_IF_ERROR(Remember("interaction", project, name));
    ASSIGN_OR_RETURN(const std::set<std::string> waiting,
                     SpanStore(connection_).WaitingInteractions(project, kind, name));
    // Remembered, or the rest of such a trace, or a resend, would become an interaction after all.
    for (const std::string& interaction_id : waiting) {
      ASSIGN_OR_RETURN(const int64_t spans,
                       SpanStore(connection_).ForgetTraceOf(project, interaction_id));
      erasure.receipt.waiting_spans += spans;
      RETURN_IF_ERROR(Remember("interaction", project, interaction_id));
    }
  }
  ASSIGN_OR_RETURN(const int64_t last, FeedStore(connection_).LastSequence());
  // Above 0 in an empty store, too: that the first piece was done.
  erasure.last_sequence = std::max<int64_t>(last, 1);
  return ErasureStore(connection_).Update(erasure);
}

absl::Status ErasurePiece::EraseInteractions(const StoredErasure& erasure,
                                             const std::string& name) {
  if (RowsLeft() <= 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<SubjectInteraction> interactions,
                   SubjectRecords(connection_)
                       .InteractionsOf(erasure.subject.project, erasure.subject.kind, name,
                                       {RowsLeft(), erasure.last_sequence}));
  for (const SubjectInteraction& interaction : interactions) {
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
                                            const SubjectInteraction& interaction) {
  // 1. What was said about it, by whomever. Where that fills the piece, the next one goes on here.
  const std::string& project = erasure.subject.project;
  RETURN_IF_ERROR(EraseSignals(
      project, SubjectRecords(connection_)
                   .SignalsAboutInteraction(project, interaction.interaction_id, {RowsLeft()})));
  if (RowsLeft() <= 0) return absl::OkStatus();
  // 2. What was said about its session.
  if (erasure.subject.kind == SubjectKind::kUser && !interaction.session_id.empty()) {
    RETURN_IF_ERROR(EraseSessionSignals(erasure, interaction));
    if (RowsLeft() <= 0) return absl::OkStatus();
  }
  // 3. The row itself; a keyed hash of its id stays, so that a resend is refused. Of a trace the
  // parts are one person's and one session's, but where one part alone leaves, others stay.
  RETURN_IF_ERROR(Remember("interaction", project, interaction.interaction_id));
  if (erasure.subject.kind != SubjectKind::kInteraction ||
      interaction.interaction_id == FirstPartOf(interaction.interaction_id)) {
    ASSIGN_OR_RETURN(const int64_t spans,
                     SpanStore(connection_).ForgetTraceOf(project, interaction.interaction_id));
    waiting_spans_ += spans;
  }
  RETURN_IF_ERROR(SubjectRecords(connection_).Delete(interaction));
  sequences_.push_back(interaction.sequence);
  ++interactions_;
  // Totals do not count what was thinned out.
  if (interaction.form == PayloadForm::kThinned) return absl::OkStatus();
  ++counted_interactions_;
  tool_calls_ += interaction.tool_calls;
  return absl::OkStatus();
}

// Of a person's interaction, where no other person has a part in its session.
absl::Status ErasurePiece::EraseSessionSignals(const StoredErasure& erasure,
                                               const SubjectInteraction& interaction) {
  const std::string& project = erasure.subject.project;
  ASSIGN_OR_RETURN(
      const SessionSharing sharing,
      SubjectRecords(connection_)
          .FindSessionSharing(project, interaction, erasure.subject.names, erasure.last_sequence));
  if (sharing.others) return absl::OkStatus();
  SequenceRange range{RowsLeft()};
  if (sharing.later) range.last = erasure.last_sequence;
  RETURN_IF_ERROR(EraseSignals(
      project,
      SubjectRecords(connection_).SignalsAboutSession(project, interaction.session_id, range)));
  if (RowsLeft() <= 0 || sharing.later) return absl::OkStatus();
  return Remember("session", project, interaction.session_id);
}

absl::Status ErasurePiece::EraseOtherSignals(const StoredErasure& erasure,
                                             const std::string& name) {
  if (RowsLeft() <= 0) return absl::OkStatus();
  return EraseSignals(erasure.subject.project,
                      SubjectRecords(connection_)
                          .OtherSignals(erasure.subject.project, erasure.subject.kind, name,
                                        {RowsLeft(), erasure.last_sequence}));
}

absl::Status ErasurePiece::EraseSignals(const std::string& project,
                                        const std::vector<SubjectSignal>& signals) {
  for (const SubjectSignal& signal : signals) {
    if (RowsLeft() <= 0) return absl::OkStatus();
    // Every revision of a signal, in as many pieces as they take.
    ASSIGN_OR_RETURN(const std::vector<SubjectSignal> revisions,
                     SubjectRecords(connection_).Revisions(project, signal, RowsLeft()));
    RETURN_IF_ERROR(Remember("signal", project, signal.signal_id));
    for (const SubjectSignal& revision : revisions) {
      RETURN_IF_ERROR(SubjectRecords(connection_).Delete(revision));
      sequences_.push_back(revision.sequence);
    }
  }
  return absl::OkStatus();
}

absl::Status ErasurePiece::Remember(std::string_view kind, const std::string& project,
                                    const std::string& id) {
  return ErasedRecords(connection_)
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
  erasure.receipt.waiting_spans += waiting_spans_;
  // Nothing was left: the last tombstone, after which nobody knows what it was about.
  const bool last = sequences_.empty();
  if (last) erasure.subject.names.clear();
  std::sort(sequences_.begin(), sequences_.end());
  // Readers of the feed erase by the tombstone's sequences.
  ASSIGN_OR_RETURN(const int64_t before, FeedStore(connection_).LastSequence());
  erasure.receipt.commit_sequence = before + 1;
  RETURN_IF_ERROR(PrivacyRecordStore(connection_)
                      .AddTombstone(erasure.subject.project,
                                    {erasure.receipt.erasure_id, sequences_, last}, before + 1,
                                    now));
  RETURN_IF_ERROR(FeedStore(connection_).SetLastSequence(before + 1));
  RETURN_IF_ERROR(
      FeedStore(connection_)
          .AddToTotals(erasure.subject.project, {-counted_interactions_, -signals, -tool_calls_}));
  return ErasureStore(connection_).Update(erasure);
}

}  // namespace flywheel::ingest
