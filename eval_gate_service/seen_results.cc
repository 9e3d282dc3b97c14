#include "eval_gate_service/seen_results.h"

#include <fmt/format.h>

#include <optional>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::Status RequireSeen(sql::Connection& connection, const std::string& project,
                         const Suite& suite, const std::string& model_version) {
  ASSIGN_OR_RETURN(const std::optional<StoredPolicy> stored,
                   PolicyStore(connection).FindCurrent(project, suite.agent));
  if (!stored || stored->policy.Find(suite.suite_name) == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool judged,
                   VerdictStore(connection)
                       .WasJudged(project, suite.suite_id, model_version, /*of_policies=*/true));
  if (judged) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Baselines baselines, FindBaselines(connection, project, stored->policy));
  if (IsSameVersion(model_version, baselines.baseline) ||
      IsSameVersion(model_version, baselines.reference)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const bool compared,
      VerdictStore(connection).WasComparedWith(project, suite.suite_id, model_version));
  if (compared) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kNotEnoughData, "model version", model_version,
      fmt::format("no verdict on suite '{}', which the release policy names", suite.suite_id),
      "a verdict: judge it first; before that CASE_FILTER_UNANSWERED shows what is missing");
}

}  // namespace flywheel::evalgate
