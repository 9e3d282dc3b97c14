#include "store_tools/store_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "shared/status/errors.h"

namespace flywheel::store_tools {
namespace {

struct Kind {
  const char* service;
  const char* key;
};
constexpr Kind kKinds[] = {
    {"experiment", "unit.key"}, {"eval-gate", ""}, {"curation", ""}, {"ingest", "pseudonym.key"}};

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

absl::StatusOr<std::vector<StoreFile>> FindStores(const std::string& data_dir) {
  std::vector<StoreFile> stores;
  for (const Kind& kind : kKinds) {
    for (const std::string& folder : {fmt::format("{}/{}", data_dir, kind.service), data_dir}) {
      StoreFile store{kind.service, fmt::format("{}/{}.db", folder, kind.service), ""};
      if (!Exists(store.path)) continue;
      const std::string key = fmt::format("{}/{}", folder, kind.key);
      if (*kind.key != '\0' && Exists(key)) store.key_path = key;
      stores.push_back(std::move(store));
      break;
    }
  }
  if (!stores.empty()) return stores;
  return errors::InvalidConfiguration(
      "--data-dir", fmt::format("'{}', where no store is", data_dir),
      "the --data-dir of 'flywheel up' or of a service: it holds ingest/ingest.db or ingest.db");
}

std::vector<StoreFile> MissingStores(const std::string& data_dir,
                                     const std::vector<StoreFile>& stores) {
  const auto place = [&](const std::string& service) {
    return PlaceInDataDir(data_dir, service, service + ".db");
  };
  std::vector<StoreFile> missing;
  if (std::none_of(stores.begin(), stores.end(),
                   [&](const StoreFile& store) { return store.path == place(store.service); })) {
    return missing;
  }
  for (const Kind& kind : kKinds) {
    if (std::none_of(stores.begin(), stores.end(),
                     [&](const StoreFile& store) { return store.service == kind.service; })) {
      missing.push_back({kind.service, place(kind.service), ""});
    }
  }
  return missing;
}

std::string PlaceInDataDir(const std::string& data_dir, const std::string& service,
                           const std::string& name) {
  return fmt::format("{}/{}/{}", data_dir, service, name);
}

}  // namespace flywheel::store_tools
