// Dataset reader: gets, lists and streams dataset versions.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_READER_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/store/dataset_store.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// One page of a list that goes from the newest to the oldest.
struct DatasetVersionPage {
  std::vector<DatasetVersion> versions;
  // The next page holds what is below; 0 on the last page.
  int64_t next_before_ordinal = 0;
};

// Thread-safe.
class DatasetReader {
 public:
  explicit DatasetReader(sql::Database* database) : database_(database) {}

  // In any state. NOT_FOUND.
  absl::StatusOr<DatasetVersion> Get(const std::string& project,
                                     const std::string& dataset_version_id) const;

  // In any state, what is below `before_ordinal`; 0: from the newest on.
  absl::StatusOr<DatasetVersionPage> List(const std::string& project, int64_t before_ordinal,
                                          int64_t page_size) const;

  // Hands all rows of a version to `on_row`, in order, until that fails. A version never changes,
  // but for rows that are erased, so no snapshot is held while the caller is slow. The errors
  // of DatasetStore::Get, also where it is not ready; the error of `on_row`.
  absl::Status ForEachRow(const std::string& project, const std::string& dataset_version_id,
                          const RowFilter& filter,
                          absl::FunctionRef<absl::Status(const DatasetRow&)> on_row) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DATASET_READER_H_
