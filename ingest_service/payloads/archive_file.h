// Encoding of an archive file: zstd frames of JSON lines.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_FILE_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/payloads/archive_line.h"
#include "ingest_service/store/archive_store.h"

namespace flywheel::ingest {

// A file on its way out: zstd frames one behind the other, each holding some lines that end with
// '\n', so that any zstd prints the whole file and one record costs one frame to read.
struct PackedFile {
  std::string bytes;
  // Without their frame_id, in the order of the bytes.
  std::vector<ArchiveFrame> frames;
  // For each record its frame (an index of `frames`) and its place in it.
  struct Slot {
    size_t frame = 0;
    ArchivedPlace place;
  };
  std::vector<Slot> slots;
};

// A frame ends with the record that brings it to 128 records or 256 KiB of payload.
absl::StatusOr<PackedFile> PackFile(const std::string& project,
                                    absl::Span<const ArchivedRecord> records);

// The lines of a frame. STORE_CORRUPT where it is not whole: each frame has a checksum.
absl::StatusOr<std::vector<std::string>> UnpackFrame(std::string_view frame);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_FILE_H_
