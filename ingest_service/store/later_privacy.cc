#include "ingest_service/store/later_privacy.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "ingest_service/domain/privacy.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/record_audit.h"
#include "ingest_service/store/subject_records.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Removes the records that a tombstone names.
absl::Status EraseRecords(sql::Connection& connection, const std::string& sequences,
                          int64_t& removed) {
  std::istringstream numbers(sequences);
  for (int64_t sequence = 0; numbers >> sequence;) {
    RETURN_IF_ERROR(SubjectRecords(connection).Delete(SubjectSignal{sequence, "", "", ""}));
    removed += connection.ChangedRows();
    SubjectInteraction interaction;
    interaction.sequence = sequence;
    RETURN_IF_ERROR(SubjectRecords(connection).Delete(interaction));
    removed += connection.ChangedRows();
  }
  return absl::OkStatus();
}

// Tombstones and changes of consent after `head`, under the sequences that they have there. Not
// rewrites, nor their receipts: the copy has the texts of before, and has to be scanned again.
absl::Status CopyFeed(sql::Connection& connection, sql::Connection& later, int64_t head,
                      int64_t& removed) {
  sql::Statement select = later.Prepare(R"sql(
      SELECT sequence, project, kind, commit_time_us, erasure_id, erased_sequences, is_last,
             user_pseudonym, purpose, allowed, event_time_us
      FROM privacy_records WHERE sequence > ? AND kind <> ? ORDER BY sequence)sql");
  select.Bind(head, static_cast<int>(RecordKind::kRewrite));
  while (select.Next()) {
    RETURN_IF_ERROR(connection
                        .Prepare(R"sql(
            INSERT INTO privacy_records (sequence, project, kind, commit_time_us, erasure_id,
                                         erased_sequences, is_last, user_pseudonym, purpose,
                                         allowed, event_time_us)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
                        .Bind(select.Int64(0), select.Text(1), select.Int64(2), select.Int64(3),
                              select.Text(4), select.Text(5), select.Int64(6), select.Text(7),
                              select.Int64(8), select.Int64(9), select.Int64(10))
                        .Run());
    RETURN_IF_ERROR(EraseRecords(connection, select.Text(5), removed));
  }
  return select.status();
}

absl::Status CopyErasures(sql::Connection& connection, sql::Connection& later) {
  sql::Statement receipts = later.Prepare(R"sql(
      SELECT project, erasure_id, subject_kind, subject_mac, subject_names, last_sequence,
             request_time_us, clean_time_us, interactions, signals, waiting_spans, commit_sequence,
             requested_by
      FROM erasures WHERE subject_kind <> ? ORDER BY project, erasure_id)sql");
  receipts.Bind(static_cast<int>(SubjectKind::kRewrite));
  while (receipts.Next()) {
    RETURN_IF_ERROR(connection
                        .Prepare(R"sql(
            INSERT INTO erasures (project, erasure_id, subject_kind, subject_mac, subject_names,
                                  last_sequence, request_time_us, clean_time_us, interactions,
                                  signals, waiting_spans, commit_sequence, requested_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (project, erasure_id) DO UPDATE SET
              subject_names = excluded.subject_names, last_sequence = excluded.last_sequence,
              clean_time_us = excluded.clean_time_us, interactions = excluded.interactions,
              signals = excluded.signals, waiting_spans = excluded.waiting_spans,
              commit_sequence = excluded.commit_sequence)sql")
                        .Bind(receipts.Text(0), receipts.Text(1), receipts.Int64(2),
                              sql::Blob{receipts.View(3)}, receipts.Text(4), receipts.Int64(5),
                              receipts.Int64(6), receipts.Int64(7), receipts.Int64(8),
                              receipts.Int64(9), receipts.Int64(10), receipts.Int64(11),
                              receipts.Text(12))
                        .Run());
  }
  RETURN_IF_ERROR(receipts.status());
  sql::Statement records =
      later.Prepare("SELECT project, record_mac FROM erased_records ORDER BY project, record_mac");
  while (records.Next()) {
    RETURN_IF_ERROR(connection
                        .Prepare("INSERT INTO erased_records (project, record_mac) VALUES (?, ?) "
                                 "ON CONFLICT (project, record_mac) DO NOTHING")
                        .Bind(records.Text(0), sql::Blob{records.View(1)})
                        .Run());
  }
  return records.status();
}

absl::Status CopyConsentsAndHolds(sql::Connection& connection, sql::Connection& later) {
  sql::Statement consents = later.Prepare(R"sql(
      SELECT project, user_pseudonym, purpose, allowed, event_time_us, recorded_by FROM consents
      ORDER BY project, user_pseudonym, purpose)sql");
  while (consents.Next()) {
    RETURN_IF_ERROR(connection
                        .Prepare(R"sql(
            INSERT INTO consents (project, user_pseudonym, purpose, allowed, event_time_us,
                                  recorded_by)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (project, user_pseudonym, purpose) DO UPDATE SET
              allowed = excluded.allowed, event_time_us = excluded.event_time_us,
              recorded_by = excluded.recorded_by)sql")
                        .Bind(consents.Text(0), consents.Text(1), consents.Int64(2),
                              consents.Int64(3), consents.Int64(4), consents.Text(5))
                        .Run());
  }
  RETURN_IF_ERROR(consents.status());
  RETURN_IF_ERROR(connection.Execute("DELETE FROM legal_holds"));
  sql::Statement holds = later.Prepare(R"sql(
      SELECT project, user_pseudonym, reason, hold_time_us, held_by FROM legal_holds
      ORDER BY project, user_pseudonym)sql");
  while (holds.Next()) {
    RETURN_IF_ERROR(
        connection
            .Prepare("INSERT INTO legal_holds (project, user_pseudonym, reason, "
                     "hold_time_us, held_by) VALUES (?, ?, ?, ?, ?)")
            .Bind(holds.Text(0), holds.Text(1), holds.Text(2), holds.Int64(3), holds.Text(4))
            .Run());
  }
  return holds.status();
}

}  // namespace

absl::StatusOr<int64_t> TakeOverPrivacy(sql::Connection& connection, sql::Connection& later) {
  sql::Transaction transaction(connection);
  RETURN_IF_ERROR(transaction.Begin());
  ASSIGN_OR_RETURN(const int64_t head, FeedStore(connection).LastSequence());
  ASSIGN_OR_RETURN(const int64_t later_head, FeedStore(later).LastSequence());
  int64_t removed = 0;
  RETURN_IF_ERROR(CopyFeed(connection, later, head, removed));
  RETURN_IF_ERROR(CopyErasures(connection, later));
  RETURN_IF_ERROR(CopyConsentsAndHolds(connection, later));
  RETURN_IF_ERROR(FeedStore(connection).SetLastSequence(std::max(head, later_head)));
  RETURN_IF_ERROR(CountTotalsAnew(connection));
  RETURN_IF_ERROR(transaction.Commit());
  return removed;
}

}  // namespace flywheel::ingest
