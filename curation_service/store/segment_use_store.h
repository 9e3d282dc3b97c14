// Store of segment use: how often the segments of an agent's users used it.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_SEGMENT_USE_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_SEGMENT_USE_STORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "curation_service/domain/selection.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// Reads the table interactions, inside the caller's transaction.
class SegmentUseStore {
 public:
  explicit SegmentUseStore(sql::Connection& connection) : connection_(connection) {}

  // The agent's interactions that are no noise, by the value of `attribute`. Goes through all
  // interactions of the project: few ask for it. Errors: those of `deadline`.
  absl::StatusOr<SegmentUse> Of(const std::string& project, const std::string& agent,
                                const std::string& attribute, const Deadline& deadline);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_SEGMENT_USE_STORE_H_
