// The tables dataset_versions, dataset_rows and firewall_train_keys.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/firewall.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// A version with what the store knows besides.
struct StoredDatasetVersion {
  DatasetVersion version;
  // Of the request that made it.
  std::string request_hash;
  // Counts the project's versions from 1.
  int64_t ordinal = 0;
};

// Which rows of a version to read.
struct RowFilter {
  // Empty: both sides.
  std::optional<Split> split;
  bool include_negatives = false;
};

// A row and its place.
struct StoredDatasetRow {
  int64_t row_index = 0;
  DatasetRow row;
};

// All SQL over these tables, inside the caller's transaction.
class DatasetStore {
 public:
  // Adds a version that does not exist yet, with its rows.
  static absl::Status Add(sql::Connection& connection, const std::string& project,
                          const std::string& request_hash, const DatasetVersion& version,
                          const std::vector<DatasetRow>& rows);

  static absl::StatusOr<std::optional<StoredDatasetVersion>> Find(
      sql::Connection& connection, const std::string& project,
      const std::string& dataset_version_id);

  // Up to `limit` versions with an ordinal below `before_ordinal`, the newest first.
  static absl::StatusOr<std::vector<StoredDatasetVersion>> List(sql::Connection& connection,
                                                                const std::string& project,
                                                                int64_t before_ordinal,
                                                                int64_t limit);

  // Up to `limit` rows from `from_index` on, in order.
  static absl::StatusOr<std::vector<StoredDatasetRow>> Rows(sql::Connection& connection,
                                                            const std::string& project,
                                                            const std::string& dataset_version_id,
                                                            const RowFilter& filter,
                                                            int64_t from_index, int64_t limit);

  // What the agent was ever trained on.
  static absl::StatusOr<FirewallKeys> TrainKeys(sql::Connection& connection,
                                                const std::string& project,
                                                const std::string& agent);
  static absl::Status AddTrainKeys(sql::Connection& connection, const std::string& project,
                                   const DatasetVersion& version,
                                   const std::vector<std::string>& keys);
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_
