// Copies files durably, with their SHA-256.
#ifndef FLYWHEEL_STORE_TOOLS_FILE_COPY_H_
#define FLYWHEEL_STORE_TOOLS_FILE_COPY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "shared/sql/backup.h"

namespace flywheel::store_tools {

// All answer STORAGE_UNAVAILABLE or STORAGE_FULL with the path and the system's words.

// What a file holds, as a number of bytes and its SHA-256 in hexadecimal.
struct FileDigest {
  int64_t size_bytes = 0;
  std::string sha256;
};
absl::StatusOr<FileDigest> DigestFile(const std::string& path);

// Copies a file to a new one of mode 0600, which is on the disk when this returns, and says what it
// holds. `progress` may be empty.
absl::StatusOr<FileDigest> CopyFile(const std::string& source, const std::string& target,
                                    const sql::ProgressFunction& progress);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_FILE_COPY_H_
