#include "store_tools/store_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "shared/status/errors.h"

namespace flywheel::store_tools {
namespace {

struct Kind {
  const char* service;
  const char* key;
};
constexpr Kind kKinds[] = {
    {"experiment", "unit.key"}, {"eval-gate", ""}, {"curation", ""}, {"ingest", "pseudonym.key"}};

// Why a file cannot be read, as a number of the system's; 0 where it can. It is not opened: closing
// it would take the locks of SQLite away from a store that this process has open.
int ReadError(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 ? 0 : errno;
}

bool IsDirectory(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

// The store of one service in `folder`, with the key where there is one.
StoreFile StoreIn(const std::string& folder, const Kind& kind) {
  StoreFile store;
  store.service = kind.service;
  store.path = fmt::format("{}/{}.db", folder, kind.service);
  store.error = ReadError(store.path);
  std::error_code unknown;
  store.empty = std::filesystem::file_size(store.path, unknown) == 0 && !unknown;
  const std::string key = fmt::format("{}/{}", folder, kind.key);
  if (*kind.key != '\0' && ReadError(key) != ENOENT) store.key_path = key;
  return store;
}

absl::Status NoStore(const std::string& data_dir) {
  return errors::InvalidConfiguration(
      "--data-dir", fmt::format("'{}', where no store is", data_dir),
      "the --data-dir of 'flywheel up' or of a service: it holds SERVICE/SERVICE.db or SERVICE.db, "
      "where SERVICE is experiment, eval-gate, curation or ingest");
}

}  // namespace

absl::StatusOr<std::vector<StoreFile>> FindStores(const std::string& data_dir) {
  const int error = data_dir.empty() ? ENOENT : ReadError(data_dir);
  if (error == ENOENT || (error == 0 && !IsDirectory(data_dir))) return NoStore(data_dir);
  std::vector<StoreFile> stores;
  std::vector<StoreFile> left_keys;
  bool any_in_place = false;
  bool any_folder = false;
  for (const Kind& kind : kKinds) {
    const std::string folder = fmt::format("{}/{}", data_dir, kind.service);
    any_folder = any_folder || IsDirectory(folder);
    StoreFile in_place = StoreIn(folder, kind);
    StoreFile alone = StoreIn(data_dir, kind);
    any_in_place = any_in_place || in_place.error != ENOENT;
    if (in_place.error == ENOENT && alone.error != ENOENT) in_place = alone;
    if (alone.error == ENOENT && !alone.key_path.empty()) left_keys.push_back(std::move(alone));
    stores.push_back(std::move(in_place));
  }
  if (any_in_place) return stores;
  const bool none = std::all_of(stores.begin(), stores.end(),
                                [](const StoreFile& store) { return store.error == ENOENT; });
  if (none && any_folder) return stores;
  if (none && !left_keys.empty()) return left_keys;
  if (none) return NoStore(data_dir);
  stores.erase(std::remove_if(stores.begin(), stores.end(),
                              [](const StoreFile& store) { return store.error == ENOENT; }),
               stores.end());
  return stores;
}

std::string PlaceInDataDir(const std::string& data_dir, const std::string& service,
                           const std::string& name) {
  return fmt::format("{}/{}/{}", data_dir, service, name);
}

}  // namespace flywheel::store_tools
