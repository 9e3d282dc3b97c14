#include "ingest_service/payloads/archive.h"

#include <algorithm>
#include <string_view>

#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/retention_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

absl::Status NotConfigured() {
  return errors::StorageUnavailable(
      "the record is in the archive, and this service was started without --archive-dir or "
      "--archive-s3-bucket");
}

bool Contains(absl::Span<const int64_t> sequences, int64_t sequence) {
  return std::binary_search(sequences.begin(), sequences.end(), sequence);
}

}  // namespace

absl::Status Archive::Move(const std::string& project,
                           absl::Span<const ArchiveCandidate> candidates) {
  if (candidates.empty()) return absl::OkStatus();
  if (objects_ == nullptr) return NotConfigured();
  std::vector<ArchivedRecord> records;
  std::vector<RowBefore> rows;
  for (const ArchiveCandidate& candidate : candidates) {
    records.push_back(candidate.record);
    rows.push_back(candidate.row);
  }
  absl::MutexLock lock(&mutex_);
  // What an earlier attempt left goes first, so that leftovers do not add up.
  RETURN_IF_ERROR(files_.RemoveLeftovers());
  ASSIGN_OR_RETURN(const NewArchiveFile file, files_.Write(project, records));
  return files_.PointRows(file, records, rows);
}

absl::StatusOr<FrameCache::Lines> Archive::FrameLines(int64_t frame_id) {
  ASSIGN_OR_RETURN(FramePlace place, database_->Read([&](sql::Connection& connection) {
    return ArchiveStore(connection).FindFrame(frame_id);
  }));
  const absl::StatusOr<std::string> frame =
      objects_->Get(place.name, place.offset, place.size_bytes);
  if (absl::IsNotFound(frame.status())) {
    return errors::StoreCorrupt(place.name, "the archive file is missing");
  }
  RETURN_IF_ERROR(frame.status());
  absl::StatusOr<std::vector<std::string>> lines = UnpackFrame(*frame);
  if (!lines.ok()) {
    return errors::StoreCorrupt(place.name, errors::MetadataOf(lines.status())["detail"]);
  }
  return std::make_shared<const std::vector<std::string>>(*std::move(lines));
}

absl::StatusOr<std::string> Archive::Read(int64_t frame_id, int64_t index, int64_t sequence) {
  if (objects_ == nullptr) return NotConfigured();
  FrameCache::Lines lines = cache_.Find(frame_id);
  // A frame that was kept from before its number was given to another is read again.
  for (bool fresh = false;; fresh = true) {
    if (lines == nullptr || fresh) {
      ASSIGN_OR_RETURN(lines, FrameLines(frame_id));
      cache_.Add(frame_id, lines);
      fresh = true;
    }
    if (index >= 0 && index < static_cast<int64_t>(lines->size())) {
      ASSIGN_OR_RETURN(ArchivedRecord record, FromLine((*lines)[static_cast<size_t>(index)]));
      if (record.sequence == sequence) return std::move(record.payload);
    }
    if (fresh) return errors::StoreCorrupt("an archive frame", "the record is not where it was");
  }
}

absl::Status Archive::RemoveLeftovers() {
  if (objects_ == nullptr) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  return files_.RemoveLeftovers();
}

absl::Status Archive::RemoveAllLeftovers() {
  if (objects_ != nullptr) return RemoveLeftovers();
  ASSIGN_OR_RETURN(const std::vector<ArchiveFile> files,
                   database_->Read([](sql::Connection& connection) {
                     return ArchiveStore(connection).LeftoverFiles(1);
                   }));
  if (files.empty()) return absl::OkStatus();
  return errors::StorageUnavailable(
      "files of the archive are to be removed, and this service was started without --archive-dir "
      "or --archive-s3-bucket");
}

absl::Status Archive::TakeAway(const std::string& project, absl::Span<const int64_t> sequences,
                               PayloadForm form_after, Cause cause) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const std::vector<ArchiveFile> files,
                   database_->Read([&](sql::Connection& connection) {
                     return ArchiveStore(connection).FilesAround(project, sequences);
                   }));
  if (!files.empty() && objects_ == nullptr) return NotConfigured();
  for (const ArchiveFile& file : files) {
    RETURN_IF_ERROR(Rewrite(project, file, sequences, form_after, cause));
  }
  // What is in no file. Under the lock, so that no file takes it up meanwhile.
  RETURN_IF_ERROR(EmptyRows(project, sequences, form_after, cause));
  return objects_ == nullptr ? absl::OkStatus() : files_.RemoveLeftovers();
}

// All records of a file, each with its frame; empty where the file is not in use.
absl::StatusOr<std::vector<Archive::Placed>> Archive::ReadFile(const ArchiveFile& file) {
  ASSIGN_OR_RETURN(const std::vector<ArchiveFrame> frames,
                   database_->Read([&](sql::Connection& connection) {
                     return ArchiveStore(connection).FramesOfFile(file.archive_id);
                   }));
  std::vector<Placed> placed;
  if (frames.empty()) return placed;
  // Frames lie one behind the other.
  const int64_t size_bytes = frames.back().offset + frames.back().size_bytes;
  ASSIGN_OR_RETURN(const std::string bytes, objects_->Get(file.name, 0, size_bytes));
  for (const ArchiveFrame& frame : frames) {
    ASSIGN_OR_RETURN(
        const std::vector<std::string> lines,
        UnpackFrame(std::string_view(bytes).substr(static_cast<size_t>(frame.offset),
                                                   static_cast<size_t>(frame.size_bytes))));
    for (const std::string& line : lines) {
      ASSIGN_OR_RETURN(ArchivedRecord record, FromLine(line));
      placed.push_back({std::move(record), frame.frame_id});
    }
  }
  return placed;
}

absl::StatusOr<Archive::Survivors> Archive::FindSurvivors(std::vector<Placed> placed,
                                                          absl::Span<const int64_t> without) {
  Survivors survivors;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    for (Placed& each : placed) {
      if (Contains(without, each.record.sequence)) continue;
      const absl::StatusOr<StoredPayload> row = PayloadStore(connection).Find(each.record.sequence);
      if (absl::IsNotFound(row.status())) continue;
      RETURN_IF_ERROR(row.status());
      // A copy that a crash left behind, while the row points elsewhere.
      const bool here =
          row->place.form == PayloadForm::kArchived && row->place.place == each.frame_id;
      if (!here) continue;
      survivors.rows.push_back({row->place, 0});
      survivors.records.push_back(std::move(each.record));
    }
    return absl::OkStatus();
  }));
  return survivors;
}

absl::Status Archive::Rewrite(const std::string& project, const ArchiveFile& file,
                              absl::Span<const int64_t> without, PayloadForm form_after,
                              Cause cause) {
  // 1. What the file holds, and what of it has to leave.
  absl::StatusOr<std::vector<Placed>> read = ReadFile(file);
  // Of a file that is lost nothing has to be taken away; the rows of the others say that it is.
  if (absl::IsNotFound(read.status())) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Placed> placed, std::move(read));
  std::vector<int64_t> leaving;
  for (const Placed& each : placed) {
    if (Contains(without, each.record.sequence)) leaving.push_back(each.record.sequence);
  }
  if (leaving.empty()) return absl::OkStatus();
  // 2. The rest into a new file, and its rows pointed there,
  ASSIGN_OR_RETURN(const Survivors survivors, FindSurvivors(std::move(placed), leaving));
  if (!survivors.records.empty()) {
    ASSIGN_OR_RETURN(const NewArchiveFile anew, files_.Write(project, survivors.records));
    RETURN_IF_ERROR(files_.PointRows(anew, survivors.records, survivors.rows));
  }
  // 3. then the leaving rows emptied. Nothing points at the old file now, except where somebody's
  // records were held meanwhile.
  RETURN_IF_ERROR(EmptyRows(project, leaving, form_after, cause));
  cache_.Clear();
  return database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<ArchiveFrame> frames,
                     ArchiveStore(connection).FramesOfFile(file.archive_id));
    int64_t size_bytes = 0;
    for (const ArchiveFrame& frame : frames) size_bytes += frame.size_bytes;
    // Somebody's records were held since: they stay where they are, and so does the file.
    for (const int64_t sequence : leaving) {
      const absl::StatusOr<StoredPayload> row = PayloadStore(connection).Find(sequence);
      if (absl::IsNotFound(row.status())) continue;
      RETURN_IF_ERROR(row.status());
      const auto here = [&](const ArchiveFrame& frame) {
        return row->place.form == PayloadForm::kArchived && row->place.place == frame.frame_id;
      };
      if (std::any_of(frames.begin(), frames.end(), here)) return absl::OkStatus();
    }
    // 4. The old file is a leftover, which RemoveLeftovers takes away.
    RETURN_IF_ERROR(
        PayloadStore(connection).AddToTotals(PayloadForm::kArchived, {0, 0, -size_bytes}));
    return ArchiveStore(connection).RetireFile(file.archive_id);
  });
}

absl::Status Archive::EmptyRows(const std::string& project, absl::Span<const int64_t> sequences,
                                PayloadForm form_after, Cause cause) {
  return writer_->Write(
      sequences.size(), [&](sql::Connection& connection, size_t i) -> absl::Status {
        // A rule of age passes over what is held; an erasure was refused before, if anything was.
        if (cause == Cause::kAge) {
          ASSIGN_OR_RETURN(const bool kept,
                           RetentionStore(connection).MustStay(project, sequences[i], form_after));
          if (kept) return absl::OkStatus();
        }
        return RetentionStore(connection).EmptyRow(project, sequences[i], form_after);
      });
}

}  // namespace flywheel::ingest
