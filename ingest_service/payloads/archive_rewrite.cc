// How an archive gets other payloads in the places of those that it has.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/payloads/archive.h"
#include "ingest_service/store/archive_store.h"
#include "ingest_service/store/payload_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Null where the record does not change.
const Archive::Change* FindChange(absl::Span<const Archive::Change> changes, int64_t sequence) {
  const auto* const found = std::lower_bound(
      changes.begin(), changes.end(), sequence,
      [](const Archive::Change& change, int64_t wanted) { return change.sequence < wanted; });
  return found != changes.end() && found->sequence == sequence ? found : nullptr;
}

// Points one row at its place in the new file. What the totals say of payload bytes follows.
absl::Status PointRow(sql::Connection& connection, const NewArchiveFile& anew, size_t index,
                      const ArchivedRecord& record, const PayloadPlace& before) {
  ASSIGN_OR_RETURN(const StoredPayload row, PayloadStore(connection).Find(record.sequence));
  const PackedFile::Slot& slot = anew.packed.slots[index];
  const PayloadPlace place = {PayloadForm::kArchived, anew.packed.frames[slot.frame].frame_id};
  ASSIGN_OR_RETURN(const bool replaced,
                   PayloadStore(connection)
                       .Replace(record.sequence, before, place, PackArchivedPlace(slot.place)));
  // Nobody but the archive moves an archived row, and it holds its lock.
  if (!replaced) return errors::Internal("an archived row moved while its file was written anew");
  const int64_t growth =
      static_cast<int64_t>(record.payload.size()) - PayloadBytes(PayloadForm::kArchived, row.bytes);
  return PayloadStore(connection).AddToTotals(PayloadForm::kArchived, {0, growth, 0});
}

// Nothing points at the file any more: it is a leftover.
absl::Status Retire(sql::Connection& connection, int64_t archive_id) {
  ASSIGN_OR_RETURN(const std::vector<ArchiveFrame> frames,
                   ArchiveStore(connection).FramesOfFile(archive_id));
  int64_t size_bytes = 0;
  for (const ArchiveFrame& frame : frames) size_bytes += frame.size_bytes;
  RETURN_IF_ERROR(
      PayloadStore(connection).AddToTotals(PayloadForm::kArchived, {0, 0, -size_bytes}));
  return ArchiveStore(connection).RetireFile(archive_id);
}

}  // namespace

absl::Status Archive::RewritePayloads(const std::string& project,
                                      absl::Span<const int64_t> sequences,
                                      const PayloadRewrite& rewrite) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const std::vector<ArchiveFile> files,
                   database_->Read([&](sql::Connection& connection) {
                     return ArchiveStore(connection).FilesAround(project, sequences);
                   }));
  if (files.empty()) return absl::OkStatus();
  if (objects_ == nullptr) {
    return errors::StorageUnavailable(
        "records are in the archive, and this service was started without --archive-dir or "
        "--archive-s3-bucket");
  }
  for (const ArchiveFile& file : files) {
    RETURN_IF_ERROR(RewriteFile(project, file, sequences, rewrite));
  }
  return files_.RemoveLeftovers();
}

absl::Status Archive::RewriteFile(const std::string& project, const ArchiveFile& file,
                                  absl::Span<const int64_t> sequences,
                                  const PayloadRewrite& rewrite) {
  // 1. What the file holds, and whether that is any of our business.
  absl::StatusOr<std::vector<Placed>> read = ReadFile(file);
  // Of a file that is lost there is nothing to replace; reading its records says that it is.
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Placed> placed, std::move(read));
  const bool concerned = std::any_of(placed.begin(), placed.end(), [&](const Placed& each) {
    return std::binary_search(sequences.begin(), sequences.end(), each.record.sequence);
  });
  if (!concerned) return absl::OkStatus();
  // 2. What changes of all that rows point at: the next records that do are most likely here too.
  const size_t placed_records = placed.size();
  ASSIGN_OR_RETURN(const Survivors survivors, FindSurvivors(std::move(placed), {}));
  ASSIGN_OR_RETURN(std::vector<Change> changes, rewrite.changes_of(survivors.records));
  // 3. Once more where somebody's records were held meanwhile.
  const bool has_copies = survivors.records.size() < placed_records;
  for (bool replaced = false; !replaced;) {
    if (changes.empty() && !has_copies) return absl::OkStatus();
    ASSIGN_OR_RETURN(replaced, TryRewriteFile(project, file, survivors, rewrite, changes));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Archive::TryRewriteFile(const std::string& project, const ArchiveFile& file,
                                             const Survivors& survivors,
                                             const PayloadRewrite& rewrite,
                                             std::vector<Change>& changes) {
  // 1. All that rows point at into a new file, some of it with another payload.
  std::vector<ArchivedRecord> records = survivors.records;
  std::vector<int64_t> changed;
  for (ArchivedRecord& record : records) {
    const Change* const change = FindChange(changes, record.sequence);
    if (change == nullptr) continue;
    record.payload = change->payload;
    changed.push_back(record.sequence);
  }
  NewArchiveFile anew;
  if (!records.empty()) {
    ASSIGN_OR_RETURN(anew, files_.Write(project, records));
  }
  // 2. In one commit all rows point there and nothing at the old file, so that a crash leaves no
  // row at the new payload whose old one is still in a file in use. What waits for the removal is a
  // leftover: the old file or, where it has what must stay, the new one.
  std::vector<int64_t> kept;
  RETURN_IF_ERROR(writer_->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    kept.clear();
    for (const int64_t sequence : changed) {
      ASSIGN_OR_RETURN(const bool is_kept, rewrite.is_kept(connection, sequence));
      if (is_kept) kept.push_back(sequence);
    }
    if (!kept.empty()) return Retire(connection, anew.archive_id);
    for (size_t i = 0; i < records.size(); ++i) {
      RETURN_IF_ERROR(PointRow(connection, anew, i, records[i], survivors.rows[i].place));
    }
    RETURN_IF_ERROR(rewrite.also(connection, changed));
    return Retire(connection, file.archive_id);
  }));
  std::erase_if(changes, [&](const Change& change) {
    return std::binary_search(kept.begin(), kept.end(), change.sequence);
  });
  cache_.Clear();
  return kept.empty();
}

}  // namespace flywheel::ingest
