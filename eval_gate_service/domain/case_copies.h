// Copies: cases of a suite that ask the same, which count as one group.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_COPIES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_COPIES_H_

#include <vector>

#include "absl/status/status.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Gives a group to cases that ask what another case asks: 40 copies of a question are one
// observation, and would else count as 40. What has a group keeps it, and its copies without one
// join it (that of the smallest case id); where none has, the group is "copies of" and the smallest
// case id. Inputs are the same by NameKey (shared/text/name_key.h), prompts, tools and contexts
// byte for byte. Whatever the order of the cases. The error of `deadline`, after which no case has
// another group than before.
absl::Status GroupCopies(std::vector<SuiteCase>& cases, const Deadline& deadline);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_COPIES_H_
