// Use case of a start: judges the outputs of before outputs were judged as they came.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_OUTPUTS_OF_BEFORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_OUTPUTS_OF_BEFORE_H_

#include "absl/status/status.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Judges what a migration left to be judged, in pieces, so that a start that breaks off goes on at
// the next one. Nothing in a store that has none. Before the first call is served.
absl::Status JudgeOutputsOfBefore(sql::Database& database);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_OUTPUTS_OF_BEFORE_H_
