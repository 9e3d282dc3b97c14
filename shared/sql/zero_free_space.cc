#include "shared/sql/zero_free_space.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// Of https://www.sqlite.org/fileformat2.html.
constexpr size_t kFileHeaderBytes = 100;
constexpr size_t kPageSizeOffset = 16;
constexpr size_t kLargestRootOffset = 52;
constexpr size_t kApplicationIdOffset = 68;
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr int64_t kMinPageBytes = 512;
constexpr int64_t kMaxPageBytes = 65'536;
constexpr size_t kBatchBytes = 1 << 20;

uint32_t BigEndian(const unsigned char* bytes, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

// Bytes of the header of a b-tree page: interior pages have a pointer more. 0: no b-tree page.
size_t HeaderBytes(unsigned char type) {
  switch (type) {
    case 2:
    case 5:
      return 12;
    case 10:
    case 13:
      return 8;
    default:
      return 0;
  }
}

bool Zero(std::span<unsigned char> page, size_t begin, size_t end) {
  const auto is_zero = [](unsigned char byte) { return byte == 0; };
  if (std::all_of(page.begin() + begin, page.begin() + end, is_zero)) return false;
  std::fill(page.begin() + begin, page.begin() + end, 0);
  return true;
}

absl::Status CannotClean(const std::string& path) {
  return errors::StorageUnavailable(fmt::format("{}: {}", path, std::strerror(errno)));
}

// A database file as its header describes it. Without pages where it is none: what is not there,
// empty or no database is for SQLite to make or refuse.
struct OpenFile {
  int descriptor = -1;
  int64_t page_bytes = 0;
  int64_t file_bytes = 0;
  uint32_t application_id = 0;

  OpenFile() = default;
  OpenFile(OpenFile&& other) noexcept
      : descriptor(std::exchange(other.descriptor, -1)),
        page_bytes(other.page_bytes),
        file_bytes(other.file_bytes),
        application_id(other.application_id) {}
  ~OpenFile() {
    if (descriptor >= 0) close(descriptor);
  }
  int64_t pages() const { return page_bytes == 0 ? 0 : file_bytes / page_bytes; }
};

absl::StatusOr<OpenFile> Open(const std::string& path, int flags) {
  OpenFile file;
  file.descriptor = open(path.c_str(), flags | O_CLOEXEC);
  if (file.descriptor < 0) {
    if (errno != ENOENT) return CannotClean(path);
    return file;
  }
  unsigned char header[kFileHeaderBytes];
  const ssize_t got = pread(file.descriptor, header, sizeof(header), 0);
  struct stat state;
  if (got < 0 || fstat(file.descriptor, &state) != 0) return CannotClean(path);
  if (got < static_cast<ssize_t>(sizeof(header)) ||
      std::memcmp(header, kMagic.data(), kMagic.size()) != 0) {
    return file;
  }
  // With auto-vacuum there are pages of pointers, which look like those of b-trees.
  if (BigEndian(header + kLargestRootOffset, 4) != 0) return file;
  const uint32_t size = BigEndian(header + kPageSizeOffset, 2);
  const int page_bytes = size == 1 ? static_cast<int>(kMaxPageBytes) : static_cast<int>(size);
  if (!IsPage(page_bytes, 0)) return file;
  file.page_bytes = page_bytes;
  file.file_bytes = state.st_size;
  file.application_id = BigEndian(header + kApplicationIdOffset, 4);
  return file;
}

absl::Status ZeroFreeSpaces(const OpenFile& file, const std::string& path) {
  const auto page_bytes = static_cast<size_t>(file.page_bytes);
  std::vector<unsigned char> batch(std::max(kBatchBytes, page_bytes));
  for (int64_t offset = 0; offset < file.file_bytes;) {
    const ssize_t got = pread(file.descriptor, batch.data(), batch.size(), offset);
    if (got < 0) return CannotClean(path);
    const size_t pages = static_cast<size_t>(got) / page_bytes;
    if (pages == 0) break;
    for (size_t i = 0; i < pages; ++i) {
      const std::span<unsigned char> page(batch.data() + i * page_bytes, page_bytes);
      const auto place = offset + static_cast<int64_t>(i * page_bytes);
      if (!ZeroFreeSpace(page, place == 0)) continue;
      if (pwrite(file.descriptor, page.data(), page_bytes, place) !=
          static_cast<ssize_t>(page_bytes)) {
        return CannotClean(path);
      }
    }
    offset += static_cast<int64_t>(pages * page_bytes);
  }
  return fsync(file.descriptor) == 0 ? absl::OkStatus() : CannotClean(path);
}

}  // namespace

bool IsPage(int64_t size, int64_t offset) {
  return size >= kMinPageBytes && size <= kMaxPageBytes && (size & (size - 1)) == 0 &&
         offset % size == 0;
}

bool ZeroFreeSpace(std::span<unsigned char> page, bool is_first) {
  const size_t header = is_first ? kFileHeaderBytes : 0;
  const size_t header_bytes = HeaderBytes(page[header]);
  if (header_bytes == 0) return false;
  const size_t cells = BigEndian(&page[header + 3], 2);
  const size_t cells_end = header + header_bytes + 2 * cells;
  size_t content = BigEndian(&page[header + 5], 2);
  if (content == 0) content = kMaxPageBytes;
  if (cells_end > content || content > page.size()) return false;
  for (size_t i = 0; i < cells; ++i) {
    const size_t cell = BigEndian(&page[header + header_bytes + 2 * i], 2);
    if (cell < content || cell >= page.size()) return false;
  }
  // Freed pieces are a rising chain of (next, size) in their own first four bytes. All of it is
  // read before anything is changed.
  std::vector<std::pair<size_t, size_t>> unused = {{cells_end, content}};
  for (size_t piece = BigEndian(&page[header + 1], 2); piece != 0;) {
    if (piece < unused.back().second || piece + 4 > page.size()) return false;
    const size_t end = piece + BigEndian(&page[piece + 2], 2);
    if (end < piece + 4 || end > page.size()) return false;
    unused.emplace_back(piece + 4, end);
    piece = BigEndian(&page[piece], 2);
  }
  bool changed = false;
  for (const auto& [begin, end] : unused) changed |= Zero(page, begin, end);
  return changed;
}

absl::Status MarkZeroed(Connection& connection) {
  Statement select = connection.Prepare("PRAGMA application_id");
  const bool marked = select.Next() && select.Int64(0) == kZeroedFileId;
  RETURN_IF_ERROR(select.status());
  select.Reset();
  if (marked) return absl::OkStatus();
  return connection.Execute(fmt::format("PRAGMA application_id = {}", kZeroedFileId).c_str());
}

absl::Status CheckZeroable(Connection& connection, const std::string& path) {
  Statement count = connection.Prepare("PRAGMA page_count");
  const int64_t pages = count.Next() ? count.Int64(0) : 0;
  RETURN_IF_ERROR(count.status());
  if (pages < kMaxZeroedPages) return absl::OkStatus();
  return errors::StorageUnavailable(fmt::format(
      "{} has {} pages; in files of {} and more, what SQLite leaves of deleted rows in the unused "
      "parts of pages is not overwritten",
      path, pages, kMaxZeroedPages));
}

absl::Status ZeroFileFreeSpace(const std::string& path) {
  ASSIGN_OR_RETURN(const OpenFile file, Open(path, O_RDWR));
  if (file.pages() == 0 || file.pages() >= kMaxZeroedPages ||
      file.application_id == kZeroedFileId) {
    return absl::OkStatus();
  }
  return ZeroFreeSpaces(file, path);
}

}  // namespace flywheel::sql
