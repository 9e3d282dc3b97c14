// Integrity check of stores: whether each is whole, and agrees with the others.
#ifndef FLYWHEEL_STORE_TOOLS_CHECK_H_
#define FLYWHEEL_STORE_TOOLS_CHECK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "store_tools/backup.h"

namespace flywheel::store_tools {

enum class StoreState {
  kWhole,
  // There is no file, though there should be one.
  kMissing,
  // The file has no bytes.
  kEmpty,
  // The system does not let this user read it: nothing is known.
  kUnknown,
  kDamaged,
  // Of a schema that this program does not know.
  kTooNew,
  // Its service of this version has not run yet.
  kTooOld,
};

// What was found in one store.
struct StoreCheck {
  std::string service;
  std::string path;
  StoreState state = StoreState::kWhole;
  // What it holds, in a few words.
  std::string summary;
  // What is wrong, a line each; empty where nothing is.
  std::vector<std::string> findings;
};

// Reads every store of a data directory: its pages and indexes; of ingest the head of the feed and
// the totals against the rows; of curation that it has read no further than ingest's feed goes.
// A store that is missing from the data directory of `flywheel up` is named as such. The services
// may run. They come in the order in which they are copied. INVALID_CONFIGURATION where there is no
// store at all.
absl::StatusOr<std::vector<StoreCheck>> CheckStores(const std::string& data_dir,
                                                    const Progress& progress);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_CHECK_H_
