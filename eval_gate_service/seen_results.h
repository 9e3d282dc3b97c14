// Who may see what became of a version's cases, before anybody judged it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SEEN_RESULTS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SEEN_RESULTS_H_

#include <string>

#include "absl/status/status.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// NOT_ENOUGH_DATA where the agent's policy names the suite, the version was not judged on it by a
// policy, and it is neither what serves nor what a verdict on the suite compared with: whoever
// looks first and asks for a verdict after it has more looks than alpha pays for.
absl::Status RequireSeen(sql::Connection& connection, const std::string& project,
                         const Suite& suite, const std::string& model_version);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SEEN_RESULTS_H_
