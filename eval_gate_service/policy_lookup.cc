#include "eval_gate_service/policy_lookup.h"

#include <fmt/format.h>

#include <optional>

#include "eval_gate_service/store/approval_store.h"
#include "eval_gate_service/store/policy_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

SuiteIdentity IdentityOf(const Suite& suite) {
  return {suite.agent, suite.suite_name, suite.dataset_version_id};
}

absl::StatusOr<Baselines> FindBaselines(sql::Connection& connection, const std::string& project,
                                        const ReleasePolicy& policy) {
  ASSIGN_OR_RETURN(const std::optional<StoredApproval> approved,
                   ApprovalStore(connection).FindCurrent(project, policy.agent));
  return BaselinesOf(policy, approved ? &approved->approval : nullptr);
}

absl::Status RequireJudge(sql::Connection& connection, const rpc::Actor& actor,
                          const SuiteIdentity& suite) {
  ASSIGN_OR_RETURN(const std::optional<StoredPolicy> stored,
                   PolicyStore(connection).FindCurrent(actor.project, suite.agent));
  if (!stored) return absl::OkStatus();
  const bool guarded =
      stored->policy.Find(suite.suite_name) != nullptr || !suite.dataset_version_id.empty();
  return guarded ? CheckJudge(actor, stored->policy, suite.suite_name) : absl::OkStatus();
}

absl::StatusOr<bool> IsNamed(sql::Connection& connection, const std::string& project,
                             const SuiteIdentity& suite) {
  ASSIGN_OR_RETURN(const std::optional<StoredPolicy> stored,
                   PolicyStore(connection).FindCurrent(project, suite.agent));
  return stored && stored->policy.Find(suite.suite_name) != nullptr;
}

absl::StatusOr<int> MostInfrastructureErrors(sql::Connection& connection,
                                             const std::string& project,
                                             const SuiteIdentity& suite) {
  ASSIGN_OR_RETURN(const std::optional<StoredPolicy> stored,
                   PolicyStore(connection).FindCurrent(project, suite.agent));
  const SuiteRequirement* const required = stored ? stored->policy.Find(suite.suite_name) : nullptr;
  return required == nullptr ? kMostInfrastructureErrors : required->most_infrastructure_errors;
}

std::string PolicyName(const ReleasePolicy& policy) {
  return fmt::format("release policy {} of agent '{}'", policy.policy_version, policy.agent);
}

absl::Status CheckJudge(const rpc::Actor& actor, const ReleasePolicy& policy,
                        const std::string& suite_name) {
  if (policy.Trusts(actor.key_id)) return absl::OkStatus();
  return errors::KeyNotNamed(actor.key_id, "suite", suite_name, PolicyName(policy));
}

}  // namespace flywheel::evalgate
