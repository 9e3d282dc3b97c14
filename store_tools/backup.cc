#include "store_tools/backup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "curation_service/store/migrations.h"
#include "curation_service/store/record_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/record_audit.h"
#include "shared/files/files.h"
#include "shared/sql/backup.h"
#include "shared/sql/file_lock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "store_tools/file_copy.h"
#include "store_tools/file_errors.h"
#include "store_tools/store_files.h"

namespace flywheel::store_tools {
namespace {

constexpr char kUnfinished[] = ".unfinished";

// What the copies know of each other's world.
absl::Status ReadFacts(const std::string& path, const std::string& service, Manifest& manifest) {
  if (service != "ingest" && service != "curation") return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(path, sql::Access::kRead));
  if (service == "curation") {
    RETURN_IF_ERROR(sql::RequireNewest(*connection, path, curation::Migrations()));
    ASSIGN_OR_RETURN(manifest.curation_cursor, curation::RecordStore(*connection).Cursor());
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(sql::RequireNewest(*connection, path, ingest::Migrations()));
  ASSIGN_OR_RETURN(manifest.feed_sequence, ingest::FeedStore(*connection).LastSequence());
  ASSIGN_OR_RETURN(manifest.archive_files, ingest::ArchiveFileNames(*connection));
  return absl::OkStatus();
}

absl::Status CopyStore(const StoreFile& store, const std::string& directory, const Clock& clock,
                       const Progress& progress, Manifest& manifest) {
  BackupFile file;
  file.service = store.service;
  file.name = store.service + ".db";
  file.snapshot_time = clock.Now();
  const std::string copy = directory + "/" + file.name;
  RETURN_IF_ERROR(sql::CopyDatabase(store.path, copy, [&](int64_t done, int64_t total) {
    if (progress) progress("copying " + file.name, done, total);
  }));
  if (progress) progress("verifying " + file.name, 0, 1);
  ASSIGN_OR_RETURN(const std::vector<std::string> damage, sql::FindDamage(copy));
  if (!damage.empty()) return errors::StoreCorrupt(store.path, damage.front());
  RETURN_IF_ERROR(ReadFacts(copy, store.service, manifest));
  ASSIGN_OR_RETURN(const FileDigest digest, DigestFile(copy));
  if (progress) progress("verifying " + file.name, 1, 1);
  file.size_bytes = digest.size_bytes;
  file.sha256 = digest.sha256;
  manifest.files.push_back(std::move(file));
  return absl::OkStatus();
}

absl::Status CopyKey(const StoreFile& store, const std::string& directory, const Clock& clock,
                     Manifest& manifest) {
  if (store.key_path.empty()) return absl::OkStatus();
  BackupFile file;
  file.service = store.service;
  file.name = std::filesystem::path(store.key_path).filename().string();
  file.snapshot_time = clock.Now();
  ASSIGN_OR_RETURN(const FileDigest digest,
                   CopyFile(store.key_path, directory + "/" + file.name, nullptr));
  file.size_bytes = digest.size_bytes;
  file.sha256 = digest.sha256;
  manifest.files.push_back(std::move(file));
  return absl::OkStatus();
}

// A crash may have left one; nobody else works here while the lock is held.
absl::Status RemoveUnfinished(const std::string& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (!error) return absl::OkStatus();
  return errors::StorageUnavailable(fmt::format("{}: {}", directory, error.message()));
}

absl::Status Fill(const std::vector<StoreFile>& stores, const std::string& directory,
                  const Clock& clock, const Progress& progress, Manifest& manifest) {
  for (const StoreFile& store : stores) {
    RETURN_IF_ERROR(CopyStore(store, directory, clock, progress, manifest));
    RETURN_IF_ERROR(CopyKey(store, directory, clock, manifest));
  }
  RETURN_IF_ERROR(WriteNewFile(directory + "/" + kManifestName, ToJson(manifest)));
  return SyncDirectory(directory);
}

// Backups inside the data directory would leave with it. Links and ".." are followed.
absl::Status CheckApart(const BackupOptions& options) {
  std::error_code error;
  // With a slash at the end, so that "data-2" is not inside "data".
  const auto whole = [&](const std::string& path) {
    return (std::filesystem::weakly_canonical(std::filesystem::absolute(path), error) / "")
        .string();
  };
  if (whole(options.to).rfind(whole(options.data_dir), 0) != 0) return absl::OkStatus();
  return errors::InvalidConfiguration(
      "--to", fmt::format("'{}', inside the data directory '{}'", options.to, options.data_dir),
      "a directory outside of it, better on another disk: what happens to the one happens to the "
      "other");
}

// A backup of some of the stores would be taken for one of all.
absl::Status CheckComplete(const std::vector<StoreFile>& stores) {
  for (const StoreFile& store : stores) {
    if (store.error == 0 && !store.empty) continue;
    if (store.error != 0 && store.error != ENOENT) {
      return errors::StorageUnavailable(
          fmt::format("{} {}", store.path, CannotBeRead(store.error)));
    }
    return errors::StorageUnavailable(fmt::format(
        "{} is {}: bring the store of {} back out of an older backup (flywheel restore --help), or "
        "start its service once, and it begins empty",
        store.path, store.empty ? "empty" : "missing", store.service));
  }
  return absl::OkStatus();
}

absl::StatusOr<Backup> MakeWhole(const BackupOptions& options, const Clock& clock,
                                 const Progress& progress) {
  RETURN_IF_ERROR(CheckGiven("--data-dir", options.data_dir));
  RETURN_IF_ERROR(CheckGiven("--to", options.to));
  ASSIGN_OR_RETURN(const std::vector<StoreFile> stores, FindStores(options.data_dir));
  RETURN_IF_ERROR(CheckApart(options));
  RETURN_IF_ERROR(CheckComplete(stores));
  RETURN_IF_ERROR(MakeWritableDirectory("--to", options.to));
  ASSIGN_OR_RETURN(const sql::FileLock lock, sql::FileLock::Take(options.to + "/backup"));
  const std::string unfinished = options.to + "/" + kUnfinished;
  RETURN_IF_ERROR(RemoveUnfinished(unfinished));
  RETURN_IF_ERROR(MakeDirectory(unfinished));
  Backup backup;
  backup.manifest.version = options.version;
  backup.manifest.create_time = clock.Now();
  backup.path = fmt::format(
      "{}/{}", options.to,
      absl::FormatTime("%Y%m%dT%H%M%E6SZ", backup.manifest.create_time, absl::UTCTimeZone()));
  absl::Status status = Fill(stores, unfinished, clock, progress, backup.manifest);
  if (status.ok()) status = RenameDurably(unfinished, backup.path);
  if (!status.ok()) {
    RemoveUnfinished(unfinished).IgnoreError();
    return status;
  }
  return backup;
}

}  // namespace

absl::StatusOr<Backup> MakeBackup(const BackupOptions& options, const Clock& clock,
                                  const Progress& progress) {
  absl::StatusOr<Backup> backup = MakeWhole(options, clock, progress);
  if (backup.ok()) return backup;
  return ForCommand(backup.status(), "No backup was made.");
}

}  // namespace flywheel::store_tools
