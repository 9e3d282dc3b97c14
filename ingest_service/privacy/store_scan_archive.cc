// What a scan replaces in archive files, a file at a time.
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/privacy/store_scanner.h"
#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/store_scan_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::Status StoreScanner::RewriteArchived(const StoreScan& scan, Findings& findings) {
  // 1. Which of them an archive has. Files may hold copies of the others, too, that a crash left.
  std::vector<int64_t> sequences;
  std::set<int64_t> archived;
  RETURN_IF_ERROR(parts_.database->Read([&](sql::Connection& connection) -> absl::Status {
    sequences.clear();
    archived.clear();
    for (const Finding& change : findings.changes) {
      const RewrittenRecord& record = change.record;
      if (record.kind != RecordKind::kInteraction) continue;
      const absl::StatusOr<StoredPayload> row = PayloadStore(connection).Find(record.sequence);
      if (absl::IsNotFound(row.status())) continue;
      RETURN_IF_ERROR(row.status());
      sequences.push_back(record.sequence);
      if (row->place.form == PayloadForm::kArchived) archived.insert(record.sequence);
    }
    return absl::OkStatus();
  }));
  // 2. Of each file all that changes in it, so that it is written once and not once a page.
  std::map<int64_t, Finding> in_file;
  const auto changes_of = [&](absl::Span<const ArchivedRecord> records)
      -> absl::StatusOr<std::vector<Archive::Change>> {
    std::vector<FeedEntry> entries;
    for (const ArchivedRecord& record : records) {
      if (record.sequence > scan.last_sequence) continue;
      entries.push_back({record.sequence, scan.project, record.commit_time,
                         RecordKind::kInteraction, record.payload});
    }
    ASSIGN_OR_RETURN(std::vector<Finding> found, Recheck(entries));
    // Those of later pages are counted there.
    RETURN_IF_ERROR(TakeOutHeld(scan.project, found).status());
    in_file.clear();
    std::vector<Archive::Change> changes;
    for (Finding& change : found) {
      const int64_t sequence = change.record.sequence;
      changes.push_back({sequence, change.record.payload});
      in_file.emplace(sequence, std::move(change));
    }
    return changes;
  };
  const auto is_kept = [&](sql::Connection& connection, int64_t sequence) {
    return RewriteStore(connection).IsHeld(scan.project, RecordKind::kInteraction, sequence);
  };
  // 3. Each is told to the feed and counted in the commit that replaces it.
  std::set<int64_t> replaced;
  const auto also = [&](sql::Connection& connection,
                        absl::Span<const int64_t> changed) -> absl::Status {
    const absl::Time now = parts_.clock->Now();
    ScanCounts counts;
    for (const int64_t sequence : changed) {
      const auto change = in_file.find(sequence);
      if (change == in_file.end()) return errors::Internal("an archive has too much");
      RETURN_IF_ERROR(
          RewriteStore(connection)
              .FinishInteraction(scan.project, scan.scan_id, change->second.record, now));
      counts.Add(CountsOf(change->second));
      replaced.insert(sequence);
    }
    ASSIGN_OR_RETURN(const StoreScan more, WithMore(connection, scan, counts));
    return StoreScanStore(connection).Update(more);
  };
  RETURN_IF_ERROR(
      parts_.archive->RewritePayloads(scan.project, sequences, {changes_of, is_kept, also}));
  // 4. They are done; what is not was held in the moment of its commit.
  std::erase_if(findings.changes, [&](const Finding& change) {
    const int64_t sequence = change.record.sequence;
    const bool held = archived.contains(sequence) && !replaced.contains(sequence);
    findings.held += int64_t{held};
    return archived.contains(sequence);
  });
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
