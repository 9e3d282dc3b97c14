#include "ingest_service/payloads/archive_file.h"

#include <utility>

#include "ingest_service/payloads/zstd_codec.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A frame is read as a whole for one record of it: large enough to pack well, small enough to read
// quickly.
constexpr int64_t kMaxFrameRecords = 128;
constexpr int64_t kMaxFramePayloadBytes = 256 << 10;
// Whatever a frame may hold: the largest record beside full others, escaped as JSON.
constexpr int64_t kMaxFrameBytes = int64_t{512} << 20;

}  // namespace

absl::StatusOr<PackedFile> PackFile(const std::string& project,
                                    absl::Span<const ArchivedRecord> records) {
  PackedFile file;
  std::string lines;
  int64_t frame_records = 0;
  int64_t frame_payload_bytes = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string line, ToLine(project, records[i]));
    // A record is a line; its frame and its place in it are noted for the row.
    lines += line;
    lines += '\n';
    const auto payload_bytes = static_cast<int64_t>(records[i].payload.size());
    file.slots.push_back({file.frames.size(), {frame_records++, payload_bytes}});
    frame_payload_bytes += payload_bytes;
    const bool full =
        frame_records == kMaxFrameRecords || frame_payload_bytes >= kMaxFramePayloadBytes;
    // Full, or the last: the lines so far become a frame.
    if (!full && i + 1 < records.size()) continue;
    ASSIGN_OR_RETURN(const std::string frame, Compress(lines, /*dictionary=*/nullptr));
    file.frames.push_back({/*frame_id=*/0, static_cast<int64_t>(file.bytes.size()),
                           static_cast<int64_t>(frame.size())});
    file.bytes += frame;
    lines.clear();
    frame_records = 0;
    frame_payload_bytes = 0;
  }
  return file;
}

absl::StatusOr<std::vector<std::string>> UnpackFrame(std::string_view frame) {
  ASSIGN_OR_RETURN(const std::string content,
                   Decompress(frame, /*dictionary=*/nullptr, kMaxFrameBytes));
  std::vector<std::string> lines;
  // Every line ends with a line break, also the last: else the frame was cut.
  std::string_view rest = content;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      return errors::StoreCorrupt("a frame of an archive file", "its last line has no end");
    }
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace flywheel::ingest
