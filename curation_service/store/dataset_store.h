// Store of dataset versions and rows, the tables dataset_versions and dataset_rows.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::curation {

// A version with what the store knows besides.
struct StoredDatasetVersion {
  DatasetVersion version;
  // Of the request that made it.
  std::string request_hash;
  // That of its build (StoredBuild).
  int64_t ordinal = 0;
};

// Which rows of a version to read.
struct RowFilter {
  // Empty: both sides.
  std::optional<Split> split;
  bool include_negatives = false;
  // Nothing but interaction_id is filled in.
  bool ids_only = false;
};

// A row and its place.
struct StoredDatasetRow {
  int64_t row_index = 0;
  DatasetRow row;
};

// A version that was begun and is not complete.
struct UnfinishedVersion {
  std::string project;
  std::string dataset_version_id;
};

// All SQL over these tables, inside the caller's transaction. A version is written in pieces, so
// that nobody waits long for the writer: Begin, AddRows (and FirewallStore::AddKeys) as often as
// needed, Complete. Before Complete nobody sees it but FirstUnfinished and RemoveSome.
class DatasetStore {
 public:
  explicit DatasetStore(sql::Connection& connection) : connection_(connection) {}

  // Begins a version that does not exist yet, begun ones included. The hash and the ordinal are
  // those of its build.
  absl::Status Begin(const std::string& project, const std::string& request_hash, int64_t ordinal,
                     const DatasetVersion& version);
  // `first_index` is the place of the first of `rows` among all rows of the version.
  absl::Status AddRows(const std::string& project, const std::string& dataset_version_id,
                       int64_t first_index, std::span<const DatasetRow> rows);
  absl::Status Complete(const std::string& project, const std::string& dataset_version_id);

  // One of a project (empty: of any) that is not complete; nothing where there is none.
  absl::StatusOr<std::optional<UnfinishedVersion>> FirstUnfinished(const std::string& project);
  // Removes up to `limit` rows or firewall keys of a version that is not complete, and the version
  // after the last of them; true where nothing of it is left. Touches no complete version.
  absl::StatusOr<bool> RemoveSome(const UnfinishedVersion& version, int64_t limit);

  // Empties the places of the rows that were made from an interaction, in versions that are not
  // complete too; with `corrections_alone`, of those that may hold the words of a correction or an
  // edit. Returns how many.
  absl::StatusOr<int64_t> EraseRows(const std::string& project, const std::string& interaction_id,
                                    bool corrections_alone);

  // Complete ones alone.
  absl::StatusOr<std::optional<StoredDatasetVersion>> Find(const std::string& project,
                                                           const std::string& dataset_version_id);
  // The same; NOT_FOUND, NOT_CAUGHT_UP while it is being built, ALREADY_ENDED where its build
  // failed or was cancelled.
  absl::StatusOr<DatasetVersion> Get(const std::string& project,
                                     const std::string& dataset_version_id);

  // Up to `limit` versions of a range.
  absl::StatusOr<std::vector<StoredDatasetVersion>> List(const std::string& project,
                                                         const sql::ListRange& range,
                                                         int64_t limit);

  // Up to `limit` rows from `from_index` on, in order, without those that were erased.
  absl::StatusOr<std::vector<StoredDatasetRow>> Rows(const std::string& project,
                                                     const std::string& dataset_version_id,
                                                     const RowFilter& filter, int64_t from_index,
                                                     int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_DATASET_STORE_H_
