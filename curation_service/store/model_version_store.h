// Store of model versions, the table model_versions.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MODEL_VERSION_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MODEL_VERSION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/model_version.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::curation {

// A version with what the store knows besides.
struct StoredModelVersion {
  ModelVersion version;
  // Counts the project's versions from 1.
  int64_t ordinal = 0;
};

// All SQL over this table, inside the caller's transaction.
class ModelVersionStore {
 public:
  explicit ModelVersionStore(sql::Connection& connection) : connection_(connection) {}

  // Adds a version that does not exist yet.
  absl::Status Add(const std::string& project, const ModelVersion& version);

  absl::StatusOr<std::optional<StoredModelVersion>> Find(const std::string& project,
                                                         const std::string& agent,
                                                         const std::string& name);
  // What came of a run.
  absl::StatusOr<std::optional<StoredModelVersion>> FindByTrainingRun(
      const std::string& project, const std::string& training_run_id);

  // Up to `limit` versions of a range.
  absl::StatusOr<std::vector<StoredModelVersion>> List(const std::string& project,
                                                       const sql::ListRange& range, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MODEL_VERSION_STORE_H_
