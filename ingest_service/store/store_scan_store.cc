#include "ingest_service/store/store_scan_store.h"

#include <charconv>
#include <map>

#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

std::string ToJson(const FoundTypes& found) {
  std::map<std::string, std::string> texts;
  for (const auto& [type, values] : found) texts[type] = std::to_string(values);
  return sql::TextMapToJson(texts);
}

absl::StatusOr<FoundTypes> FromJson(std::string_view json) {
  using Texts = std::map<std::string, std::string>;
  ASSIGN_OR_RETURN(const Texts texts, sql::TextMapFromJson(json));
  FoundTypes found;
  for (const auto& [type, text] : texts) {
    int64_t values = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), values);
    if (read.ec != std::errc()) return errors::Internal("a scan's counts are no numbers");
    found[type] = values;
  }
  return found;
}

}  // namespace

absl::Status StoreScanStore::Add(const StoreScan& scan) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO store_scans (project, scan_id, is_rewrite, request_time_us, requested_by,
                                   last_sequence, next_cursor, records, changed_interactions,
                                   changed_signals, held_records, found, is_complete)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(scan.project, scan.scan_id, scan.rewrite, scan.request_time, scan.requested_by,
            scan.last_sequence, scan.cursor, scan.counts.records, scan.counts.changed_interactions,
            scan.counts.changed_signals, scan.counts.held_records, ToJson(scan.counts.found),
            scan.complete)
      .Run();
}

absl::StatusOr<std::optional<StoreScan>> StoreScanStore::Find(const std::string& project,
                                                              const std::string& scan_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT is_rewrite, request_time_us, requested_by, last_sequence, next_cursor, records,
             changed_interactions, changed_signals, held_records, found, is_complete
      FROM store_scans WHERE project = ? AND scan_id = ?)sql");
  if (!select.Bind(project, scan_id).Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  StoreScan scan;
  scan.project = project;
  scan.scan_id = scan_id;
  scan.rewrite = select.Bool(0);
  scan.request_time = select.Time(1);
  scan.requested_by = select.Text(2);
  scan.last_sequence = select.Int64(3);
  scan.cursor = select.Int64(4);
  scan.counts.records = select.Int64(5);
  scan.counts.changed_interactions = select.Int64(6);
  scan.counts.changed_signals = select.Int64(7);
  scan.counts.held_records = select.Int64(8);
  ASSIGN_OR_RETURN(scan.counts.found, FromJson(select.View(9)));
  scan.complete = select.Bool(10);
  return scan;
}

absl::Status StoreScanStore::Update(const StoreScan& scan) {
  return connection_
      .Prepare(R"sql(
          UPDATE store_scans SET next_cursor = ?, records = ?, changed_interactions = ?,
                                 changed_signals = ?, held_records = ?, found = ?, is_complete = ?
          WHERE project = ? AND scan_id = ?)sql")
      .Bind(scan.cursor, scan.counts.records, scan.counts.changed_interactions,
            scan.counts.changed_signals, scan.counts.held_records, ToJson(scan.counts.found),
            scan.complete, scan.project, scan.scan_id)
      .Run();
}

}  // namespace flywheel::ingest
