// Store of labels, the table resource_labels.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "curation_service/domain/list_filter.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// What has labels in this table; the numbers are stored. Those of a model version stand in its row.
enum class Labelled { kDatasetVersion = 1, kTrainingRun = 2 };

// Writes this table, inside the caller's transaction; who reads a thing reads its labels with it.
class LabelStore {
 public:
  explicit LabelStore(sql::Connection& connection) : connection_(connection) {}

  // In the place of those that there were.
  absl::Status Set(const std::string& project, Labelled kind, const std::string& id,
                   const Labels& labels);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_
