// Removed row reader: which rows a dataset version left out, and why.
#ifndef FLYWHEEL_CURATION_SERVICE_REMOVED_ROW_READER_H_
#define FLYWHEEL_CURATION_SERVICE_REMOVED_ROW_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/removals.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

struct ExplainedRemoval {
  RemovedRow row;
  // Of what is like something on the eval side: what both say, the longest first. Read from the
  // record as it is now, so that nothing is said again that was erased or replaced.
  std::vector<std::string> shared_phrases;
};

struct RemovedRowPage {
  std::vector<ExplainedRemoval> rows;
  // Where the next page begins; 0 where this is the last one.
  int64_t next_place = 0;
};

// Thread-safe.
class RemovedRowReader {
 public:
  explicit RemovedRowReader(sql::Database* database) : database_(database) {}

  // In the order of the build's steps. The errors of DatasetStore::Get.
  absl::StatusOr<RemovedRowPage> List(const std::string& project,
                                      const std::string& dataset_version_id,
                                      std::optional<RemovalReason> reason, int64_t first_place,
                                      int64_t page_size) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_REMOVED_ROW_READER_H_
