// Where the services keep what they know.
#ifndef FLYWHEEL_STORE_TOOLS_STORE_FILES_H_
#define FLYWHEEL_STORE_TOOLS_STORE_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::store_tools {

// One service's store.
struct StoreFile {
  // Such as "ingest".
  std::string service;
  // Of the database.
  std::string path;
  // Of the key without which the store is worth little; empty where it has none, or the key is not
  // beside it.
  std::string key_path;
};

// The stores of a data directory in the order in which they are copied: experiment, eval-gate,
// curation, ingest. A service calls only those after it in this list, so that no copy knows of
// something that the copy of its neighbour, which is younger, does not. They are looked for in the
// folder of each service, as `flywheel up` lays them out, and in the directory itself.
// INVALID_CONFIGURATION where there is none at all.
absl::StatusOr<std::vector<StoreFile>> FindStores(const std::string& data_dir);

// The stores that a data directory should have besides `stores`, which were found in it: where one
// of them lies in the folder of its service, as `flywheel up` lays them out, all four belong there.
// None in the directory of a service that is started alone.
std::vector<StoreFile> MissingStores(const std::string& data_dir,
                                     const std::vector<StoreFile>& stores);

// Where a file of a service belongs in a data directory, such as "DATA/ingest/ingest.db".
std::string PlaceInDataDir(const std::string& data_dir, const std::string& service,
                           const std::string& name);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_STORE_FILES_H_
