// How an archive gets other payloads in the places of those that it has.
#include <algorithm>
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

}  // namespace

absl::Status Archive::RewritePayloads(const std::string& project, absl::Span<const Change> changes,
                                      AlsoInCommit also) {
  std::vector<int64_t> sequences;
  sequences.reserve(changes.size());
  for (const Change& change : changes) sequences.push_back(change.sequence);
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
    RETURN_IF_ERROR(RewriteFile(project, file, changes, also));
  }
  return files_.RemoveLeftovers();
}

absl::Status Archive::RewriteFile(const std::string& project, const ArchiveFile& file,
                                  absl::Span<const Change> changes, AlsoInCommit also) {
  // 1. What the file holds, and whether that is any of our business.
  absl::StatusOr<std::vector<Placed>> read = ReadFile(file);
  // Of a file that is lost there is nothing to replace; reading its records says that it is.
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Placed> placed, std::move(read));
  const bool concerned = std::any_of(placed.begin(), placed.end(), [&](const Placed& each) {
    return FindChange(changes, each.record.sequence) != nullptr;
  });
  if (!concerned) return absl::OkStatus();
  // 2. All that rows point at into a new file, some of it with another payload.
  ASSIGN_OR_RETURN(Survivors survivors, FindSurvivors(std::move(placed), {}));
  for (ArchivedRecord& record : survivors.records) {
    const Change* const change = FindChange(changes, record.sequence);
    if (change != nullptr) record.payload = change->payload;
  }
  NewArchiveFile anew;
  if (!survivors.records.empty()) {
    ASSIGN_OR_RETURN(anew, files_.Write(project, survivors.records));
  }
  // 3. In one commit all rows point there and nothing at the old file, so that a crash leaves no
  // row at the new payload whose old one is still in a file in use. What waits for the removal is a
  // leftover.
  RETURN_IF_ERROR(writer_->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    for (size_t i = 0; i < survivors.records.size(); ++i) {
      const ArchivedRecord& record = survivors.records[i];
      RETURN_IF_ERROR(PointRow(connection, anew, i, record, survivors.rows[i].place));
      if (FindChange(changes, record.sequence) == nullptr) continue;
      RETURN_IF_ERROR(also(connection, record.sequence));
    }
    ASSIGN_OR_RETURN(const std::vector<ArchiveFrame> frames,
                     ArchiveStore(connection).FramesOfFile(file.archive_id));
    int64_t size_bytes = 0;
    for (const ArchiveFrame& frame : frames) size_bytes += frame.size_bytes;
    RETURN_IF_ERROR(
        PayloadStore(connection).AddToTotals(PayloadForm::kArchived, {0, 0, -size_bytes}));
    return ArchiveStore(connection).RetireFile(file.archive_id);
  }));
  cache_.Clear();
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
