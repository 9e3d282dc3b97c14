// Online backup of a database file, and a check of all of it for damage.
#ifndef FLYWHEEL_SHARED_SQL_BACKUP_H_
#define FLYWHEEL_SHARED_SQL_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::sql {

// Is told now and then how far a long piece of work is; `done` of `total`, in a unit of its own.
using ProgressFunction = std::function<void(int64_t done, int64_t total)>;

// Copies the database file `source` as it is at one moment into the new file `target`, which is
// plain (no write-ahead log beside it), whole and on the disk when this returns. Writers and
// readers of the source, in this process or another, go on; its write-ahead log cannot shrink
// meanwhile. STORAGE_UNAVAILABLE and STORAGE_FULL; STORE_CORRUPT where the source is damaged. After
// an error nothing of `target` is left.
absl::Status CopyDatabase(const std::string& source, const std::string& target,
                          const ProgressFunction& progress);

// Reads a whole database file and looks for damage: pages, indexes against their tables, foreign
// keys. Empty where it is whole, else a line a finding, at most 100. STORAGE_UNAVAILABLE where it
// cannot be read at all.
absl::StatusOr<std::vector<std::string>> FindDamage(const std::string& path);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_BACKUP_H_
