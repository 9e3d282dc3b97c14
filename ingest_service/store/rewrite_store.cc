#include "ingest_service/store/rewrite_store.h"

#include <utility>

#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/message_store.h"
#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/privacy_record_store.h"
#include "ingest_service/store/retention_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Tells the receipt's id from that of an erasure: who sends it again in Erase meets a conflict.
constexpr char kNoSubject[] = "rewrite";

absl::Status ReplaceAttributes(sql::Connection& connection, const RewrittenRecord& record) {
  RETURN_IF_ERROR(connection.Prepare("DELETE FROM interaction_attributes WHERE sequence = ?")
                      .Bind(record.sequence)
                      .Run());
  for (const auto& [name, value] : record.attributes) {
    RETURN_IF_ERROR(connection
                        .Prepare("INSERT INTO interaction_attributes (sequence, name, value) "
                                 "VALUES (?, ?, ?)")
                        .Bind(record.sequence, name, value)
                        .Run());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> RewriteStore::RewriteInteraction(const std::string& project,
                                                      const std::string& scan_id,
                                                      const RewrittenRecord& record,
                                                      absl::Time now) {
  const absl::StatusOr<StoredPayload> row = PayloadStore(connection_).Find(record.sequence);
  if (absl::IsNotFound(row.status())) return true;
  RETURN_IF_ERROR(row.status());
  const PayloadForm form = row->place.form;
  if (!IsShown(form)) return true;
  if (form == PayloadForm::kArchived) return false;
  PayloadPlace place;
  if (!record.shared_messages.empty()) {
    place.form = PayloadForm::kShared;
    ASSIGN_OR_RETURN(place.place, MessageStore(connection_).Use(record.shared_messages));
  }
  // Lets go of the messages that it shared. The row was read in this transaction, and is there.
  RETURN_IF_ERROR(PayloadStore(connection_)
                      .Replace(record.sequence, row->place, place, record.payload)
                      .status());
  if (form == PayloadForm::kCompressed) {
    RETURN_IF_ERROR(PayloadStore(connection_)
                        .AddToTotals(form, {-1, -PayloadBytes(form, row->bytes),
                                            -static_cast<int64_t>(row->bytes.size())}));
    RETURN_IF_ERROR(
        RetentionStore(connection_).LowerProgress(project, kCompressRule, record.sequence - 1));
  }
  RETURN_IF_ERROR(FinishInteraction(project, scan_id, record, now));
  return true;
}

absl::Status RewriteStore::RewriteSignal(const std::string& project, const std::string& scan_id,
                                         const RewrittenRecord& record, absl::Time now) {
  RETURN_IF_ERROR(
      connection_.Prepare("UPDATE signals SET payload = ? WHERE sequence = ? AND project = ?")
          .Bind(sql::Blob{record.payload}, record.sequence, project)
          .Run());
  if (connection_.ChangedRows() == 0) return absl::OkStatus();
  return AddToFeed(project, {scan_id, record.sequence, false}, now);
}

absl::Status RewriteStore::FinishInteraction(const std::string& project, const std::string& scan_id,
                                             const RewrittenRecord& record, absl::Time now) {
  RETURN_IF_ERROR(ReplaceAttributes(connection_, record));
  return AddToFeed(project, {scan_id, record.sequence, false}, now);
}

absl::StatusOr<std::vector<int64_t>> RewriteStore::Thinned(const std::string& project,
                                                           int64_t after, int64_t up_to,
                                                           int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence FROM interactions
      WHERE project = ? AND sequence > ? AND sequence <= ? AND payload_form = ?
      ORDER BY sequence LIMIT ?)sql");
  select.Bind(project, after, up_to, static_cast<int64_t>(PayloadForm::kThinned), limit);
  std::vector<int64_t> sequences;
  while (select.Next()) sequences.push_back(select.Int64(0));
  RETURN_IF_ERROR(select.status());
  return sequences;
}

absl::StatusOr<bool> RewriteStore::HasTold(const StoreScan& scan) {
  // What it told of stands behind all that it looked at.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM privacy_records
      WHERE project = ? AND sequence > ? AND kind = ? AND erasure_id = ? LIMIT 1)sql");
  const bool told = select
                        .Bind(scan.project, scan.last_sequence,
                              static_cast<int64_t>(RecordKind::kRewrite), scan.scan_id)
                        .Next();
  RETURN_IF_ERROR(select.status());
  return told;
}

absl::StatusOr<int64_t> RewriteStore::AddReceipt(const StoreScan& scan, absl::Time now) {
  RETURN_IF_ERROR(AddToFeed(scan.project, {scan.scan_id, 0, true}, now));
  ASSIGN_OR_RETURN(const int64_t sequence, FeedStore(connection_).LastSequence());
  // Without names: what is left to do is what is left of an erasure that has removed all.
  StoredErasure receipt{{scan.project, SubjectKind::kRewrite, {}}, {}, kNoSubject};
  receipt.receipt.erasure_id = scan.scan_id;
  receipt.receipt.request_time = scan.request_time;
  receipt.receipt.requested_by = scan.requested_by;
  RETURN_IF_ERROR(ErasureStore(connection_).Add(receipt));
  receipt.last_sequence = scan.last_sequence;
  receipt.receipt.interactions = scan.counts.changed_interactions;
  receipt.receipt.signals = scan.counts.changed_signals;
  receipt.receipt.commit_sequence = sequence;
  RETURN_IF_ERROR(ErasureStore(connection_).Update(receipt));
  return sequence;
}

absl::Status RewriteStore::AddToFeed(const std::string& project, const Rewrite& rewrite,
                                     absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t before, FeedStore(connection_).LastSequence());
  RETURN_IF_ERROR(PrivacyRecordStore(connection_).AddRewrite(project, rewrite, before + 1, now));
  return FeedStore(connection_).SetLastSequence(before + 1);
}

absl::Status RewriteStore::ReadContent(FeedEntry& entry) {
  const int64_t sequence = entry.rewrite->sequence;
  absl::StatusOr<StoredPayload> row = PayloadStore(connection_).Find(sequence);
  if (row.ok()) {
    if (!IsShown(row->place.form)) return absl::OkStatus();
    entry.content = RecordKind::kInteraction;
    entry.place = row->place;
    entry.payload = std::move(row->bytes);
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(row.status())) return row.status();
  sql::Statement select = connection_.Prepare("SELECT payload FROM signals WHERE sequence = ?");
  if (select.Bind(sequence).Next()) {
    entry.content = RecordKind::kSignal;
    entry.payload = select.Text(0);
  }
  return select.status();
}

absl::StatusOr<bool> RewriteStore::IsHeld(const std::string& project, RecordKind kind,
                                          int64_t sequence) {
  // As a rule of age asks: a signal is kept for who gave it, and for the people of what it is
  // about.
  sql::Statement select = kind == RecordKind::kInteraction ? connection_.Prepare(R"sql(
      SELECT 1 FROM interactions AS one
      JOIN legal_holds ON legal_holds.project = one.project
                      AND legal_holds.user_pseudonym = one.user_pseudonym
      WHERE one.sequence = ? AND one.project = ?)sql")
                                                           : connection_.Prepare(R"sql(
      SELECT 1 FROM signals AS one
      JOIN legal_holds ON legal_holds.project = one.project
      WHERE one.sequence = ? AND one.project = ?
        AND (legal_holds.user_pseudonym = one.actor_pseudonym
             OR (one.interaction_id <> ''
                 AND EXISTS (SELECT 1 FROM interactions
                             WHERE interactions.project = one.project
                               AND interactions.interaction_id = one.interaction_id
                               AND interactions.user_pseudonym = legal_holds.user_pseudonym))
             OR (one.session_id <> ''
                 AND EXISTS (SELECT 1 FROM interactions
                             WHERE interactions.project = one.project
                               AND interactions.session_id <> ''
                               AND interactions.session_id = one.session_id
                               AND interactions.user_pseudonym = legal_holds.user_pseudonym)))
      LIMIT 1)sql");
  const bool held = select.Bind(sequence, project).Next();
  RETURN_IF_ERROR(select.status());
  return held;
}

}  // namespace flywheel::ingest
