// Locates the services' stores and keys in a data directory.
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
  // The system's error number of why it cannot be read: ENOENT where it is missing; 0 where it can.
  int error = 0;
  // It has no bytes.
  bool empty = false;
};

// The stores of a data directory in the order in which they are copied: experiment, eval-gate,
// curation, ingest. A service calls only those after it in this list, so that no copy knows of
// something that the copy of its neighbour, which is younger, does not. They are looked for in the
// folder of each service, as `flywheel up` lays them out, and in the directory itself.
//
// A store that belongs there is listed also where it is missing or cannot be read: all four where
// one of them, or at least a folder of its own, is as `flywheel up` lays them out; else that of a
// service that left its key. INVALID_CONFIGURATION where there is nothing of all this.
absl::StatusOr<std::vector<StoreFile>> FindStores(const std::string& data_dir);

// Where a file of a service belongs in a data directory, such as "DATA/ingest/ingest.db".
std::string PlaceInDataDir(const std::string& data_dir, const std::string& service,
                           const std::string& name);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_STORE_FILES_H_
