// What may be a typing error in what an owner said.
#ifndef FLYWHEEL_CLI_OWNER_HINTS_H_
#define FLYWHEEL_CLI_OWNER_HINTS_H_

#include <string>
#include <vector>

#include "cli/gate_policy_call.h"

namespace flywheel::cli {

// Each says on standard error, a warning a line, what the gate does not know of the things that
// were named, with what it knows. No errors: an owner may speak of what is to be made yet. Says
// nothing where the gate does not tell.

// Suites that nobody made, cohorts and evaluators that the newest version does not have, versions
// without a run.
void WarnOfPolicy(const GatePolicyTarget& place, const evalgate::v1::ReleasePolicy& policy);

// An agent without suites, a version without a run.
void WarnOfVersion(const GatePolicyTarget& place, const std::string& agent,
                   const std::string& model_version);

// The same, and suites that the agent's policy does not name.
void WarnOfWaiver(const GatePolicyTarget& place, const evalgate::v1::VerdictWaiver& waiver);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_OWNER_HINTS_H_
