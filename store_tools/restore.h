// Point-in-time restore: makes stores out of backups, as they were at a moment.
#ifndef FLYWHEEL_STORE_TOOLS_RESTORE_H_
#define FLYWHEEL_STORE_TOOLS_RESTORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store_tools/backup.h"

namespace flywheel::store_tools {

struct RestoreOptions {
  // Where backups are.
  std::string from;
  // The new data directory, laid out as `flywheel up` does; must not exist, or be empty.
  std::string to;
  // As it was then; without it, as it was at the newest backup.
  std::optional<absl::Time> at;
  // The ingest.db that is replaced, or a newer copy of it than the backups; empty: none. What
  // people asked for since the newest backup is taken over from it: who was forgotten there is not
  // brought back.
  std::string forgotten_in;
  // Go on without the stores of which no backup is old enough. They begin empty.
  bool allow_missing = false;
};

// Where one store came from.
struct RestoredStore {
  std::string service;
  // The path of the backup; empty where there is none that fits.
  std::string backup;
};

struct RestoreReport {
  std::vector<RestoredStore> stores;
  // Services of which there is no backup at all, and which begin empty: where some backup has more
  // than one service all that none has, else at most ingest.
  std::vector<std::string> never_backed_up;
  // The last record of ingest's feed that is there; nothing where no backup has ingest, and then
  // the rest of this says nothing either.
  std::optional<int64_t> last_sequence;
  // Interactions and signals that were committed after `at`, and are not there.
  int64_t removed = 0;
  // Who was forgotten after this is there again and has to be forgotten again: when ingest's
  // backup was made. The infinite future where `forgotten_in` was given.
  absl::Time forgotten_until;
  // Interactions and signals that were forgotten since the newest backup, and are not there.
  int64_t forgotten = 0;
  // Files of the archive that ingest needs besides.
  std::vector<std::string> archive_files;
};

// Ingest comes out of the newest backup, whatever the time asked for, and what was committed later
// is removed from it: so whoever was forgotten until that backup stays forgotten. Each other
// store comes out of the newest backup that is no younger than the time asked for and knows no
// more than ingest does then. Files are verified before and after, and the directory gets its name
// only when all is there. Where no backup has ingest, which are those of another service that is
// started alone, only the time decides.
//
// INVALID_CONFIGURATION where there is no such backup, `from` is one backup instead of where
// backups are, the time is after the newest one, or the
// target is not empty; STORE_CORRUPT for a damaged backup, STORAGE_FULL and STORAGE_UNAVAILABLE.
// After an error the target is as it was.
absl::StatusOr<RestoreReport> Restore(const RestoreOptions& options, const Progress& progress);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_RESTORE_H_
