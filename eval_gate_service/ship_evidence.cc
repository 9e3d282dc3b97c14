#include "eval_gate_service/ship_evidence.h"

#include <utility>

#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "eval_gate_service/store/waiver_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<std::optional<ShipEvidence>> ReadShipEvidence(sql::Connection& connection,
                                                             const std::string& project,
                                                             const std::string& agent,
                                                             const std::string& model_version) {
  ASSIGN_OR_RETURN(std::optional<StoredPolicy> policy,
                   PolicyStore(connection).FindCurrent(project, agent));
  if (!policy) return std::nullopt;
  ShipEvidence evidence;
  evidence.policy = std::move(policy->policy);
  ASSIGN_OR_RETURN(evidence.baselines, FindBaselines(connection, project, evidence.policy));
  ASSIGN_OR_RETURN(evidence.verdicts,
                   VerdictStore(connection).OfPolicies(project, agent, model_version));
  ASSIGN_OR_RETURN(evidence.waivers,
                   WaiverStore(connection).ForVersion(project, agent, model_version));
  return evidence;
}

absl::Status ReadStandingFindings(sql::Connection& connection, const std::string& project,
                                  std::span<SuiteStanding> standings) {
  for (SuiteStanding& standing : standings) {
    if (!standing.verdict) continue;
    ASSIGN_OR_RETURN(std::optional<StoredVerdict> whole,
                     VerdictStore(connection).Find(project, standing.verdict->verdict_id));
    if (whole) standing.verdict = std::move(whole->verdict);
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
