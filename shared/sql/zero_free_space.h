// Zeroes the free space inside the pages of a database file.
#ifndef FLYWHEEL_SHARED_SQL_ZERO_FREE_SPACE_H_
#define FLYWHEEL_SHARED_SQL_ZERO_FREE_SPACE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// SQLite's secure_delete overwrites a row that is deleted, but not the copies of it that stay in
// the unused middle of a page when the page was split, merged or rebuilt before: whoever reads the
// file would find people who were forgotten. The file's format says which bytes of a page are
// unused, so they can be zeroed on the way to the disk, at the price of looking at a page's header.

// In "PRAGMA application_id": every page of the file was written through StoreVfs.
inline constexpr uint32_t kZeroedFileId = 0x666c7977;

// Up to here the first byte of a page tells a b-tree page from one that holds the rest of a long
// row: 128 GiB with pages of 4 KiB. Larger files are left as SQLite writes them.
inline constexpr int64_t kMaxZeroedPages = 0x02000000;

// Whether so many bytes at this place of a database file are one page of it.
bool IsPage(int64_t size, int64_t offset);

// Zeroes the unused bytes of one b-tree page; any other page, and one that is not as the format
// says, stays as it is. `is_first` is the page that begins with the file's header. Returns whether
// something was changed.
bool ZeroFreeSpace(std::span<unsigned char> page, bool is_first);

// STORAGE_UNAVAILABLE where the database is above kMaxZeroedPages, and so not clean.
absl::Status CheckZeroable(Connection& connection, const std::string& path);

// Cleans a file that an earlier program wrote, once: one that has kZeroedFileId, or is not there,
// is left alone. Nobody may have it open, in this process either: whoever closes a file gives up
// all locks that its process has on it, those of SQLite too. A crash half-way leaves a whole file,
// to be cleaned again. STORAGE_UNAVAILABLE.
absl::Status ZeroFileFreeSpace(const std::string& path);

// Gives the file kZeroedFileId: from here on every page of it is written clean, so that the next
// start need not look.
absl::Status MarkZeroed(Connection& connection);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_ZERO_FREE_SPACE_H_
