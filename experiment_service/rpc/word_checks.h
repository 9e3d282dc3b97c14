// Checks of a named person's word: who answers for something, and why.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_WORD_CHECKS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_WORD_CHECKS_H_

#include <string>

#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {

// An owner, which is a name, and a reason: texts of which something can be seen. `place` comes
// before the fields' names, such as "waiver.".
void CheckWord(const std::string& place, const std::string& owner, const std::string& reason,
               rpc::FieldChecks& checks);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_WORD_CHECKS_H_
