// Salts of assignments: what keeps arms from whoever knows all ids.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_SALT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_SALT_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace flywheel::experiment {

// Gives a new experiment its salt; a test that must know the arms gives its own.
using SaltSource = std::function<absl::StatusOr<std::string>()>;

// 16 random bytes. INTERNAL where the machine has none.
absl::StatusOr<std::string> RandomSalt();

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNMENT_SALT_H_
