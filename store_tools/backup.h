// Backup of all stores of a data directory, consistent with each other.
#ifndef FLYWHEEL_STORE_TOOLS_BACKUP_H_
#define FLYWHEEL_STORE_TOOLS_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "shared/time/clock.h"
#include "store_tools/manifest.h"

namespace flywheel::store_tools {

// Is told how far the work on one file is; `what` such as "copying ingest.db", in bytes or pages.
using Progress = std::function<void(const std::string& what, int64_t done, int64_t total)>;

struct BackupOptions {
  // Of the services; they may run.
  std::string data_dir;
  // Gets one directory a backup, named by its time in UTC; made where it does not exist.
  std::string to;
  // Of this program.
  std::string version;
};

// Copies every store of the data directory, verifies the copies, and gives the backup its name only
// then: what has a name is whole. Other processes go on reading and writing. The keys of pseudonyms
// and units come along: whoever has a backup has what is needed to recognise a person.
//
// INVALID_CONFIGURATION for wrong directories (one that cannot be written, or backups inside
// of what they are to save) and while another backup is made there, STORE_CORRUPT for a damaged
// store, STORAGE_FULL and STORAGE_UNAVAILABLE, also for a store that belongs there
// and is missing, empty or cannot be read: a backup without it would be taken for whole. Nothing is
// left after an error.
absl::StatusOr<Backup> MakeBackup(const BackupOptions& options, const Clock& clock,
                                  const Progress& progress);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_BACKUP_H_
