#include "ingest_service/store/erasure_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>
#include <string_view>

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Names stand in one text: whoever needs one needs all. None of them has a line break.
std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string NamesOf(const StoredErasure& erasure) {
  return fmt::format("{}", fmt::join(erasure.subject.names, "\n"));
}

absl::Status ReadReports(sql::Connection& connection, StoredErasure& erasure) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT store, store_rows, clean_time_us FROM erasure_reports
      WHERE project = ? AND erasure_id = ? ORDER BY clean_time_us, store LIMIT ?)sql");
  select.Bind(erasure.subject.project, erasure.receipt.erasure_id, int64_t{kMaxErasureReports});
  while (select.Next()) {
    erasure.receipt.reports.push_back({select.Text(0), select.Int64(1), select.Time(2)});
  }
  return select.status();
}

constexpr sql::Text kSelectErasure(R"sql(
    SELECT project, erasure_id, subject_kind, subject_mac, subject_names, last_sequence,
           request_time_us, clean_time_us, interactions, signals, waiting_spans, commit_sequence,
           requested_by
    FROM erasures )sql");

// The only row of a statement that begins with kSelectErasure.
absl::StatusOr<std::optional<StoredErasure>> ReadErasure(sql::Connection& connection,
                                                         sql::Statement select) {
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  StoredErasure erasure;
  erasure.subject.project = select.Text(0);
  erasure.receipt.erasure_id = select.Text(1);
  erasure.subject.kind = static_cast<SubjectKind>(select.Int64(2));
  erasure.receipt.subject_kind = erasure.subject.kind;
  erasure.subject_mac = select.Text(3);
  erasure.subject.names = Lines(select.Text(4));
  erasure.last_sequence = select.Int64(5);
  erasure.receipt.request_time = select.Time(6);
  erasure.receipt.clean_time = select.Time(7);
  erasure.receipt.interactions = select.Int64(8);
  erasure.receipt.signals = select.Int64(9);
  erasure.receipt.waiting_spans = select.Int64(10);
  erasure.receipt.commit_sequence = select.Int64(11);
  erasure.receipt.requested_by = select.Text(12);
  RETURN_IF_ERROR(ReadReports(connection, erasure));
  return erasure;
}

}  // namespace

absl::Status ErasureStore::Add(const StoredErasure& erasure) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO erasures (project, erasure_id, subject_kind, subject_mac, subject_names,
                                last_sequence, request_time_us, clean_time_us, interactions,
                                signals, waiting_spans, commit_sequence, requested_by)
          VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, 0, ?))sql")
      .Bind(erasure.subject.project, erasure.receipt.erasure_id,
            static_cast<int>(erasure.subject.kind), sql::Blob{erasure.subject_mac},
            NamesOf(erasure), erasure.receipt.request_time, erasure.receipt.requested_by)
      .Run();
}

absl::StatusOr<std::optional<StoredErasure>> ErasureStore::Find(const std::string& project,
                                                                const std::string& erasure_id) {
  sql::Statement select =
      connection_.Prepare(kSelectErasure + R"sql(WHERE project = ? AND erasure_id = ?)sql");
  select.Bind(project, erasure_id);
  return ReadErasure(connection_, std::move(select));
}

absl::StatusOr<std::optional<StoredErasure>> ErasureStore::NextUnderWay(int64_t skip) {
  sql::Statement select = connection_.Prepare(
      kSelectErasure + R"sql(WHERE clean_time_us = 0 ORDER BY request_time_us, project, erasure_id
      LIMIT 1 OFFSET ?)sql");
  select.Bind(skip);
  return ReadErasure(connection_, std::move(select));
}

absl::Status ErasureStore::Update(const StoredErasure& erasure) {
  return connection_
      .Prepare(R"sql(
          UPDATE erasures SET subject_names = ?, last_sequence = ?, interactions = ?, signals = ?,
                              waiting_spans = ?, commit_sequence = ?
          WHERE project = ? AND erasure_id = ?)sql")
      .Bind(NamesOf(erasure), erasure.last_sequence, erasure.receipt.interactions,
            erasure.receipt.signals, erasure.receipt.waiting_spans, erasure.receipt.commit_sequence,
            erasure.subject.project, erasure.receipt.erasure_id)
      .Run();
}

absl::Status ErasureStore::SetClean(const StoredErasure& erasure, absl::Time clean_time) {
  return connection_
      .Prepare("UPDATE erasures SET clean_time_us = ? WHERE project = ? AND erasure_id = ?")
      .Bind(clean_time, erasure.subject.project, erasure.receipt.erasure_id)
      .Run();
}

absl::Status ErasureStore::AddReport(const std::string& project, const std::string& erasure_id,
                                     const StoreReport& report) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO erasure_reports (project, erasure_id, store, store_rows, clean_time_us)
          VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, erasure_id, store) DO NOTHING)sql")
      .Bind(project, erasure_id, report.store, report.rows, report.clean_time)
      .Run();
}

absl::Status ErasedRecords::AddErased(const std::string& project, const std::string& record_mac) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO erased_records (project, record_mac) VALUES (?, ?)
          ON CONFLICT (project, record_mac) DO NOTHING)sql")
      .Bind(project, sql::Blob{record_mac})
      .Run();
}

absl::StatusOr<bool> ErasedRecords::IsErased(const std::string& project,
                                             const std::string& record_mac) {
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM erased_records WHERE project = ? AND record_mac = ?");
  const bool found = select.Bind(project, sql::Blob{record_mac}).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> ErasedRecords::HasErased() {
  sql::Statement select = connection_.Prepare("SELECT 1 FROM erased_records LIMIT 1");
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> ErasedRecords::HasPseudonyms() {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1
      WHERE EXISTS (SELECT 1 FROM interactions WHERE user_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM signals WHERE actor_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM otlp_spans WHERE user_pseudonym <> '')
          OR EXISTS (SELECT 1 FROM consents)
          OR EXISTS (SELECT 1 FROM legal_holds)
          OR EXISTS (SELECT 1 FROM erasures WHERE subject_kind <> ?)
          OR EXISTS (SELECT 1 FROM erased_records))sql");
  // The receipt of a rewrite is of nobody.
  const bool found = select.Bind(static_cast<int>(SubjectKind::kRewrite)).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::ingest
