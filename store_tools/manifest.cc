#include "store_tools/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "shared/files/files.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::store_tools {
namespace {

using Json = nlohmann::ordered_json;

// Raised when an older program could no longer restore a backup.
constexpr int kFormat = 1;

bool ReadTime(const Json& json, absl::Time& time) {
  const std::optional<absl::Time> read = ParseTimeText(json.get<std::string>());
  if (read) time = *read;
  return read.has_value();
}

absl::Status NoManifest(const std::string& path) {
  return errors::InvalidConfiguration(
      "the backup", fmt::format("'{}', which is none of this program's", path),
      fmt::format("a {} of format {}, as 'flywheel backup' writes it", kManifestName, kFormat));
}

// Throws where a field is missing or of another type.
bool Read(const Json& json, Manifest& manifest) {
  if (json.at("format").get<int>() != kFormat) return false;
  manifest.version = json.at("version").get<std::string>();
  manifest.feed_sequence = json.at("feed_sequence").get<int64_t>();
  manifest.curation_cursor = json.at("curation_cursor").get<int64_t>();
  manifest.archive_files = json.at("archive_files").get<std::vector<std::string>>();
  bool times = ReadTime(json.at("create_time"), manifest.create_time);
  for (const Json& one : json.at("files")) {
    BackupFile& file = manifest.files.emplace_back();
    file.name = one.at("name").get<std::string>();
    file.service = one.at("service").get<std::string>();
    file.size_bytes = one.at("size_bytes").get<int64_t>();
    file.sha256 = one.at("sha256").get<std::string>();
    times = ReadTime(one.at("snapshot_time"), file.snapshot_time) && times;
    // A name must not lead out of its directory.
    if (file.name.find('/') != std::string::npos || file.service.find('/') != std::string::npos) {
      return false;
    }
  }
  return times;
}

}  // namespace

const BackupFile* Manifest::Database(std::string_view service) const {
  const auto found = std::find_if(files.begin(), files.end(), [&](const BackupFile& file) {
    return file.service == service && file.is_database();
  });
  return found == files.end() ? nullptr : &*found;
}

std::string ToJson(const Manifest& manifest) {
  Json files = Json::array();
  for (const BackupFile& file : manifest.files) {
    files.push_back({{"name", file.name},
                     {"service", file.service},
                     {"size_bytes", file.size_bytes},
                     {"sha256", file.sha256},
                     {"snapshot_time", TimeText(file.snapshot_time)}});
  }
  const Json json = {{"format", kFormat},
                     {"version", manifest.version},
                     {"create_time", TimeText(manifest.create_time)},
                     {"feed_sequence", manifest.feed_sequence},
                     {"curation_cursor", manifest.curation_cursor},
                     {"files", files},
                     {"archive_files", manifest.archive_files}};
  return json.dump(2) + "\n";
}

absl::StatusOr<Manifest> ParseManifest(std::string_view text, const std::string& path) {
  // nlohmann reports what is missing by exceptions: caught where they are born.
  try {
    Manifest manifest;
    if (Read(Json::parse(text), manifest)) return manifest;
  } catch (const Json::exception&) {
  }
  return NoManifest(path);
}

absl::StatusOr<Backup> ReadBackup(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path + "/" + kManifestName));
  ASSIGN_OR_RETURN(Manifest manifest, ParseManifest(json, path));
  return Backup{path, std::move(manifest)};
}

absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory) {
  std::error_code error;
  std::vector<Backup> backups;
  auto entry = std::filesystem::directory_iterator(directory, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string path = entry->path().string();
    // Those that begin with a dot were not finished.
    if (entry->path().filename().string().front() == '.') continue;
    std::error_code ignored;
    if (!std::filesystem::exists(entry->path() / kManifestName, ignored)) continue;
    ASSIGN_OR_RETURN(Backup backup, ReadBackup(path));
    backups.push_back(std::move(backup));
  }
  if (error) {
    return errors::InvalidConfiguration(
        "--from", fmt::format("'{}', which cannot be read ({})", directory, error.message()),
        "the directory that 'flywheel backup --to' wrote to");
  }
  std::sort(backups.begin(), backups.end(), [](const Backup& a, const Backup& b) {
    return a.manifest.create_time < b.manifest.create_time;
  });
  return backups;
}

}  // namespace flywheel::store_tools
