// Store of dataset builds, the table dataset_builds.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_BUILD_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_BUILD_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::curation {

// A build with what the store knows besides.
struct StoredBuild {
  std::string project;
  // Id, options, times, state and failure; nothing else is known of it yet.
  DatasetVersion version;
  // Of the request that began it.
  std::string request_hash;
  // Counts the versions and builds of the project together, from 1.
  int64_t ordinal = 0;
};

// How many builds are under way.
struct BuildCounts {
  int64_t of_project = 0;
  int64_t of_all = 0;
};

// All SQL over this table, inside the caller's transaction.
class BuildStore {
 public:
  explicit BuildStore(sql::Connection& connection) : connection_(connection) {}

  // Adds a build with the next ordinal of the project, which it returns, in the place of one of its
  // id that there may be. No ordinal comes twice, so that it tells the two apart.
  absl::StatusOr<int64_t> Add(const std::string& project, const std::string& request_hash,
                              const DatasetVersion& version);

  absl::StatusOr<std::optional<StoredBuild>> Find(const std::string& project,
                                                  const std::string& dataset_version_id);

  absl::StatusOr<BuildCounts> CountUnderWay(const std::string& project);
  // Of all projects, each project's oldest first.
  absl::StatusOr<std::vector<StoredBuild>> UnderWay();

  // Whether this build is neither failed nor cancelled nor gone: another one of the same id has
  // another ordinal.
  absl::StatusOr<bool> IsUnderWay(const std::string& project, int64_t ordinal);

  // One that is no longer under way stays as it is.
  absl::Status SetFailed(const std::string& project, int64_t ordinal, const BuildFailure& failure);
  // `key_id` is of who does it.
  absl::Status SetCancelled(const std::string& project, int64_t ordinal, const std::string& reason,
                            const std::string& key_id);
  // When it became a version.
  absl::Status Remove(const std::string& project, const std::string& dataset_version_id);

  // Up to `limit` builds of a range.
  absl::StatusOr<std::vector<StoredBuild>> List(const std::string& project,
                                                const sql::ListRange& range, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_BUILD_STORE_H_
