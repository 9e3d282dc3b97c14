// What was ever asked on the eval sides of a project's dataset versions.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_EVAL_INPUTS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_EVAL_INPUTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/contamination.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// What stands on the eval side of any version of any agent of the project, each interaction once,
// inside the caller's transaction. Errors: also those of `deadline`.
absl::StatusOr<std::vector<EvalInput>> ReadEvalInputs(sql::Connection& connection,
                                                      const std::string& project,
                                                      const Deadline& deadline);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_EVAL_INPUTS_H_
