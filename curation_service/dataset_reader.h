// Dataset reader: gets, lists and streams dataset versions.
#ifndef FLYWHEEL_CURATION_SERVICE_DATASET_READER_H_
#define FLYWHEEL_CURATION_SERVICE_DATASET_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/store/dataset_store.h"
#include "shared/lists/list_filter.h"
#include "shared/lists/list_page.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// Which versions to list.
struct DatasetVersionFilter {
  ListFilter list;
  // Empty: in any state.
  std::optional<DatasetVersionState> state;
};

// Thread-safe.
class DatasetReader {
 public:
  explicit DatasetReader(sql::Database* database) : database_(database) {}

  // In any state. NOT_FOUND.
  absl::StatusOr<DatasetVersion> Get(const std::string& project,
                                     const std::string& dataset_version_id) const;

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<DatasetVersion>> List(const std::string& project,
                                                const DatasetVersionFilter& filter, int64_t beyond,
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
