// What an error of a service carries beside its message, and only the command looks at.
#ifndef FLYWHEEL_CLI_ERROR_DETAILS_H_
#define FLYWHEEL_CLI_ERROR_DETAILS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/status/errors.h"

namespace flywheel::cli {

// Who made it, such as "ingest.flywheel"; empty where no service did.
std::string DomainOf(const absl::Status& status);

// The fields that INVALID_ARGUMENT names, at most ten; empty for any other status, and where they
// were too long for the wire.
std::vector<errors::FieldViolation> ViolationsOf(const absl::Status& status);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_ERROR_DETAILS_H_
