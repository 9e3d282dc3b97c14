// Lookups: what the release policy that stands says of an agent and of its suites.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_POLICY_LOOKUP_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_POLICY_LOOKUP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// Which suite, by what a policy knows it.
struct SuiteIdentity {
  std::string agent;
  std::string suite_name;
  // Empty: its cases were uploaded.
  std::string dataset_version_id = {};
};

SuiteIdentity IdentityOf(const Suite& suite);

// What candidates are compared with by this policy of the agent.
absl::StatusOr<Baselines> FindBaselines(sql::Connection& connection, const std::string& project,
                                        const ReleasePolicy& policy);

// PERMISSION_DENIED where the agent's policy has keys for the suite, of which the actor's is none.
// It has them for the suites that it names, and for every suite of a dataset version of the agent:
// under another name it has the same cases, and whoever sees their ideals can answer them.
absl::Status RequireJudge(sql::Connection& connection, const rpc::Actor& actor,
                          const SuiteIdentity& suite);

// Whether the agent's policy names the suite.
absl::StatusOr<bool> IsNamed(sql::Connection& connection, const std::string& project,
                             const SuiteIdentity& suite);

// How often an attempt at a case of the suite may end in an error of the infrastructure.
absl::StatusOr<int> MostInfrastructureErrors(sql::Connection& connection,
                                             const std::string& project,
                                             const SuiteIdentity& suite);

// "release policy 3 of agent 'helper'"
std::string PolicyName(const ReleasePolicy& policy);

// PERMISSION_DENIED where the policy names keys, of which the actor's is none.
absl::Status CheckJudge(const rpc::Actor& actor, const ReleasePolicy& policy,
                        const std::string& suite_name);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_POLICY_LOOKUP_H_
