// Backup manifest: the files of a backup with sizes, hashes and snapshot times, as JSON.
#ifndef FLYWHEEL_STORE_TOOLS_MANIFEST_H_
#define FLYWHEEL_STORE_TOOLS_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::store_tools {

// One file of a backup, and what it must still hold when it is needed.
struct BackupFile {
  // In the backup's directory: "ingest.db", "pseudonym.key".
  std::string name;
  // The service that it belongs to.
  std::string service;
  int64_t size_bytes = 0;
  std::string sha256;
  // Of a database: everything that was committed before this is in it. Of a key: when it was
  // copied.
  absl::Time snapshot_time;

  bool is_database() const { return name.ends_with(".db"); }
};

// Stands as manifest.json in the backup's directory, written last.
struct Manifest {
  // Of the program that made the backup.
  std::string version;
  // When it began.
  absl::Time create_time;
  // In the order in which they were copied.
  std::vector<BackupFile> files;
  // The head of ingest's feed; 0 without ingest.
  int64_t feed_sequence = 0;
  // Up to where curation had read it; 0 without curation.
  int64_t curation_cursor = 0;
  // Files of the archive that ingest needs besides; they are not in the backup.
  std::vector<std::string> archive_files;

  // Null where the backup has no database of this service.
  const BackupFile* Database(std::string_view service) const;
};

inline constexpr char kManifestName[] = "manifest.json";

std::string ToJson(const Manifest& manifest);
// INVALID_CONFIGURATION, which names `path`, where it is none of ours or of a newer program.
absl::StatusOr<Manifest> ParseManifest(std::string_view json, const std::string& path);

// A backup that was finished.
struct Backup {
  std::string path;
  Manifest manifest;
};

// The backup that is the directory `path` itself. INVALID_CONFIGURATION as above;
// STORAGE_UNAVAILABLE where it has no manifest that can be read.
absl::StatusOr<Backup> ReadBackup(const std::string& path);

// The backups in a directory, the oldest first; others' files there are ignored.
// INVALID_CONFIGURATION where the directory cannot be read.
absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_MANIFEST_H_
