// The SQL of the archive's files.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_ARCHIVE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_ARCHIVE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The values stand in the store. A file is used in none but kInUse; it may not be there in the
// others.
enum class ArchiveState { kBeingWritten = 0, kInUse = 1, kToBeRemoved = 2 };

struct ArchiveFile {
  int64_t archive_id = 0;
  std::string name;
};

// A piece of a file that is decompressed alone.
struct ArchiveFrame {
  int64_t frame_id = 0;
  int64_t offset = 0;
  int64_t size_bytes = 0;
};

// Where a frame is.
struct FramePlace {
  std::string name;
  int64_t offset = 0;
  int64_t size_bytes = 0;
};

// The SQL of archive files and their frames. In the caller's transaction.
class ArchiveStore {
 public:
  explicit ArchiveStore(sql::Connection& connection) : connection_(connection) {}

  // Makes a file known, before it is written. Returns its archive_id.
  absl::StatusOr<int64_t> InsertFile(const std::string& project, const std::string& name,
                                     int64_t first_sequence, int64_t last_sequence,
                                     absl::Time create_time);

  // The file is there and whole; `frames` lie in it in this order. Sets their frame_id.
  absl::Status PutIntoUse(int64_t archive_id, std::vector<ArchiveFrame>& frames);

  // Nothing points at the file any more: its frames leave.
  absl::Status RetireFile(int64_t archive_id);

  // Files that are not in use, at most `limit`.
  absl::StatusOr<std::vector<ArchiveFile>> LeftoverFiles(int64_t limit);
  // The file is gone.
  absl::Status ForgetFile(int64_t archive_id);

  // Files in use of a project whose range holds one of these sequences, which rise: no more than
  // sequences, for ranges overlap only where a crash left copies behind.
  absl::StatusOr<std::vector<ArchiveFile>> FilesAround(const std::string& project,
                                                       absl::Span<const int64_t> sequences);

  // In the order in which they lie in the file, which is written by pages of bounded size.
  absl::StatusOr<std::vector<ArchiveFrame>> FramesOfFile(int64_t archive_id);
  // NOT_FOUND where the frame has left.
  absl::StatusOr<FramePlace> FindFrame(int64_t frame_id);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_ARCHIVE_STORE_H_
