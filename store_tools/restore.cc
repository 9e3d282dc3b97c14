#include "store_tools/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/later_privacy.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/record_audit.h"
#include "shared/files/files.h"
#include "shared/sql/backup.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"
#include "store_tools/file_copy.h"
#include "store_tools/file_errors.h"
#include "store_tools/store_files.h"

namespace flywheel::store_tools {
namespace {

// One restore, from the choice of backups to a directory that is whole.
class Restorer {
 public:
  Restorer(const RestoreOptions& options, const Progress& progress, std::vector<Backup> backups,
           std::string directory)
      : options_(options),
        progress_(progress),
        backups_(std::move(backups)),
        directory_(std::move(directory)) {}

  absl::StatusOr<RestoreReport> Run() {
    RETURN_IF_ERROR(RestoreIngest());
    for (const char* service : {"curation", "eval-gate", "experiment"}) {
      RETURN_IF_ERROR(RestoreOther(service));
    }
    if (report_.last_sequence) RETURN_IF_ERROR(ForgetReports());
    RETURN_IF_ERROR(Verify());
    report_.never_backed_up = NeverBackedUp();
    return std::move(report_);
  }

 private:
  // The newest backup that has the service's database and that `fits`.
  template <typename Fits>
  const Backup* Newest(std::string_view service, const Fits& fits) const {
    for (auto backup = backups_.rbegin(); backup != backups_.rend(); ++backup) {
      const BackupFile* const file = backup->manifest.Database(service);
      if (file != nullptr && fits(backup->manifest, *file)) return &*backup;
    }
    return nullptr;
  }

  std::vector<std::string> NeverBackedUp() const;
  absl::Status RestoreIngest();
  absl::Status RestoreOther(const std::string& service);
  // All files of a service, each as its backup says that it is.
  absl::Status CopyFiles(const Backup& backup, const std::string& service);
  absl::Status CutIngest();
  // Before the other stores: what is forgotten now, they learn of from the feed.
  absl::Status ForgetAgain();
  absl::Status ForgetReports();
  absl::Status Verify();

  const RestoreOptions& options_;
  const Progress& progress_;
  const std::vector<Backup> backups_;
  const std::string directory_;
  // What the other stores must not be younger than.
  absl::Time limit_ = absl::InfiniteFuture();
  // Of the copy of curation that was taken.
  absl::Time curation_time_ = absl::InfinitePast();
  RestoreReport report_;
};

absl::Status Restorer::CopyFiles(const Backup& backup, const std::string& service) {
  RETURN_IF_ERROR(MakeDirectory(directory_ + "/" + service));
  for (const BackupFile& file : backup.manifest.files) {
    if (file.service != service) continue;
    const std::string source = backup.path + "/" + file.name;
    ASSIGN_OR_RETURN(const FileDigest digest,
                     CopyFile(source, PlaceInDataDir(directory_, service, file.name),
                              [&](int64_t done, int64_t total) {
                                if (progress_) progress_("copying " + file.name, done, total);
                              }));
    if (digest.sha256 != file.sha256) {
      return errors::StoreCorrupt(
          source, fmt::format("its SHA-256 is not the one that its {} says; move that backup away "
                              "to restore an older one",
                              kManifestName));
    }
  }
  report_.stores.push_back({service, backup.path});
  return SyncDirectory(directory_ + "/" + service);
}

std::vector<std::string> Restorer::NeverBackedUp() const {
  std::vector<std::string> never;
  size_t most_services = 0;
  for (const Backup& backup : backups_) {
    const auto& files = backup.manifest.files;
    const auto services = std::count_if(files.begin(), files.end(),
                                        [](const BackupFile& file) { return file.is_database(); });
    most_services = std::max(most_services, static_cast<size_t>(services));
  }
  const auto any = [](const Manifest&, const BackupFile&) { return true; };
  for (const char* service : {"experiment", "eval-gate", "curation", "ingest"}) {
    const bool belongs = most_services > 1 || std::string_view(service) == "ingest";
    if (belongs && Newest(service, any) == nullptr) never.emplace_back(service);
  }
  return never;
}

absl::Status Restorer::RestoreIngest() {
  const Backup* const backup =
      Newest("ingest", [](const Manifest&, const BackupFile&) { return true; });
  if (backup == nullptr) {
    limit_ = options_.at.value_or(absl::InfiniteFuture());
    if (options_.forgotten_in.empty()) return absl::OkStatus();
    return errors::InvalidConfiguration("--forgotten-in", "no backup of ingest in --from", "one");
  }
  const absl::Time snapshot_time = backup->manifest.Database("ingest")->snapshot_time;
  if (options_.at && *options_.at > snapshot_time) {
    return errors::InvalidConfiguration(
        "--at", TimeText(*options_.at),
        fmt::format("a time until {}, when the newest backup was made; without --at that one is "
                    "restored",
                    TimeText(snapshot_time)));
  }
  limit_ = options_.at.value_or(snapshot_time);
  report_.forgotten_until = snapshot_time;
  report_.last_sequence = backup->manifest.feed_sequence;
  report_.archive_files = backup->manifest.archive_files;
  RETURN_IF_ERROR(CopyFiles(*backup, "ingest"));
  if (options_.at) RETURN_IF_ERROR(CutIngest());
  return options_.forgotten_in.empty() ? absl::OkStatus() : ForgetAgain();
}

absl::Status Restorer::CutIngest() {
  const std::string path = PlaceInDataDir(directory_, "ingest", "ingest.db");
  if (progress_) progress_("removing what came later", 0, 1);
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(path, sql::Access::kWrite));
  // A backup of before an update has no tables for what is removed.
  RETURN_IF_ERROR(sql::Migrate(*connection, path, ingest::Migrations()));
  ASSIGN_OR_RETURN(report_.last_sequence, ingest::LastSequenceAt(*connection, *options_.at));
  ASSIGN_OR_RETURN(report_.removed,
                   ingest::RewindRecord(*connection, *report_.last_sequence, *options_.at));
  if (progress_) progress_("removing what came later", 1, 1);
  return absl::OkStatus();
}

absl::Status Restorer::ForgetAgain() {
  const std::string path = PlaceInDataDir(directory_, "ingest", "ingest.db");
  const std::string& later_path = options_.forgotten_in;
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(path, sql::Access::kWrite));
  RETURN_IF_ERROR(sql::Migrate(*connection, path, ingest::Migrations()));
  ASSIGN_OR_RETURN(const auto later, sql::Connection::Open(later_path, sql::Access::kRead));
  RETURN_IF_ERROR(sql::RequireNewest(*later, later_path, ingest::Migrations()));
  ASSIGN_OR_RETURN(report_.forgotten, ingest::TakeOverPrivacy(*connection, *later));
  report_.forgotten_until = absl::InfiniteFuture();
  return absl::OkStatus();
}

absl::Status Restorer::RestoreOther(const std::string& service) {
  const auto any = [](const Manifest&, const BackupFile&) { return true; };
  if (Newest(service, any) == nullptr) return absl::OkStatus();  // Was never backed up.
  const Backup* const backup =
      Newest(service, [&](const Manifest& manifest, const BackupFile& file) {
        const bool knows_more = service == "curation" && report_.last_sequence &&
                                manifest.curation_cursor > *report_.last_sequence;
        return file.snapshot_time <= limit_ && !knows_more;
      });
  if (backup != nullptr) {
    if (service == "curation") {
      curation_time_ = backup->manifest.Database(service)->snapshot_time;
    }
    return CopyFiles(*backup, service);
  }
  if (!options_.allow_missing) {
    return errors::InvalidConfiguration(
        options_.at ? "--at" : "--from",
        fmt::format("{}, before the first backup of {} that fits", TimeText(limit_), service),
        fmt::format("{}; or --allow-missing, and {} begins empty",
                    options_.at ? "a later time" : "a backup of ingest that is younger", service));
  }
  report_.stores.push_back({service, ""});
  return absl::OkStatus();
}

absl::Status Restorer::ForgetReports() {
  const std::string path = PlaceInDataDir(directory_, "ingest", "ingest.db");
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(path, sql::Access::kWrite));
  RETURN_IF_ERROR(sql::Migrate(*connection, path, ingest::Migrations()));
  return ingest::ForgetReportsAfter(*connection, curation_time_);
}

absl::Status Restorer::Verify() {
  for (const RestoredStore& store : report_.stores) {
    if (store.backup.empty()) continue;
    const std::string restored = PlaceInDataDir(directory_, store.service, store.service + ".db");
    if (progress_) progress_("verifying " + store.service + ".db", 0, 1);
    ASSIGN_OR_RETURN(const std::vector<std::string> damage, sql::FindDamage(restored));
    if (!damage.empty()) return errors::StoreCorrupt(store.backup, damage.front());
    if (progress_) progress_("verifying " + store.service + ".db", 1, 1);
  }
  return absl::OkStatus();
}

// OK where nothing is there, or an empty directory.
absl::Status CheckTarget(const std::string& to) {
  std::error_code error;
  const bool missing = !std::filesystem::exists(to, error);
  if (!error && (missing || (std::filesystem::is_directory(to, error) &&
                             std::filesystem::is_empty(to, error)))) {
    return absl::OkStatus();
  }
  return errors::InvalidConfiguration(
      "--to", fmt::format("'{}', where something is already", to),
      "a directory that does not exist yet, or is empty: stop the services and move the old one "
      "away first");
}

// An absolute path without a slash at its end.
std::filesystem::path Plain(const std::string& path) {
  return (std::filesystem::absolute(path) / "").lexically_normal().parent_path();
}

// When a backup was complete: restored at this time, stores are as it has them.
absl::Time EndOf(const Manifest& manifest) {
  absl::Time end = absl::InfinitePast();
  for (const BackupFile& file : manifest.files) {
    if (file.is_database()) end = std::max(end, file.snapshot_time);
  }
  return end;
}

absl::StatusOr<std::vector<Backup>> FindBackups(const std::string& from) {
  std::error_code error;
  if (std::filesystem::exists(from + "/" + kManifestName, error)) {
    ASSIGN_OR_RETURN(const Backup backup, ReadBackup(from));
    return errors::InvalidConfiguration(
        "--from", fmt::format("'{}', which is one backup", from),
        fmt::format("the directory that it is in, because ingest comes out of the newest: --from "
                    "{} --at {}",
                    Plain(from).parent_path().string(), TimeText(EndOf(backup.manifest))));
  }
  ASSIGN_OR_RETURN(std::vector<Backup> backups, ListBackups(from));
  if (!backups.empty()) return backups;
  return errors::InvalidConfiguration("--from", fmt::format("'{}', where no backup is", from),
                                      "the directory that 'flywheel backup --to' wrote to");
}

absl::StatusOr<RestoreReport> RestoreWhole(const RestoreOptions& options,
                                           const Progress& progress) {
  RETURN_IF_ERROR(CheckGiven("--from", options.from));
  RETURN_IF_ERROR(CheckGiven("--to", options.to));
  RETURN_IF_ERROR(CheckTarget(options.to));
  ASSIGN_OR_RETURN(std::vector<Backup> backups, FindBackups(options.from));
  const std::string target = Plain(options.to).string();
  const std::string unfinished = target + ".unfinished";
  RETURN_IF_ERROR(CheckTarget(unfinished));
  RETURN_IF_ERROR(MakeWritableDirectory("--to", unfinished));
  absl::StatusOr<RestoreReport> report =
      Restorer(options, progress, std::move(backups), unfinished).Run();
  if (report.ok()) {
    absl::Status named = SyncDirectory(unfinished);
    if (named.ok()) named = RenameDurably(unfinished, target);
    if (!named.ok()) report = named;
  }
  std::error_code ignored;
  if (!report.ok()) std::filesystem::remove_all(unfinished, ignored);
  return report;
}

}  // namespace

absl::StatusOr<RestoreReport> Restore(const RestoreOptions& options, const Progress& progress) {
  absl::StatusOr<RestoreReport> report = RestoreWhole(options, progress);
  if (report.ok()) return report;
  return ForCommand(report.status(), "Nothing was restored.");
}

}  // namespace flywheel::store_tools
