// Values of a release policy: which suites decide, by which bar, against what, and who overrules.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_POLICY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_POLICY_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eval_gate_service/domain/bar.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

// Of suites that no policy names, and where it does not say.
inline constexpr int kMostInfrastructureErrors = 10;

// A suite that counts, and its bar.
struct SuiteRequirement {
  std::string suite_name;
  Bar bar;
  // How often one attempt may end in an error of the infrastructure.
  int most_infrastructure_errors = kMostInfrastructureErrors;
};

// What a version of an agent must show before it may ship. Never edited.
struct ReleasePolicy {
  std::string agent;
  // From 1.
  int64_t policy_version = 0;
  std::vector<SuiteRequirement> suites;
  // The keys that may make versions of the suites, submit outputs to them and judge on them,
  // sorted; empty: all operators.
  std::vector<std::string> judges;
  // Empty: what was approved.
  std::string baseline_model_version;
  std::string reference_model_version;
  std::string reason;
  absl::Time create_time = {};
  // The id of a key; empty where the server had none. The same below.
  std::string created_by = {};
  Labels labels = {};

  // Null where the policy does not name the suite.
  const SuiteRequirement* Find(const std::string& suite_name) const {
    for (const SuiteRequirement& one : suites) {
      if (one.suite_name == suite_name) return &one;
    }
    return nullptr;
  }

  bool IsJudge(const std::string& key_id) const {
    return judges.empty() || std::find(judges.begin(), judges.end(), key_id) != judges.end();
  }

  // Whether what a key did counts. Of a server without keys, where nobody can be told from anybody,
  // it does.
  bool Trusts(const std::string& key_id) const { return key_id.empty() || IsJudge(key_id); }
};

// What serves an agent from now on. The newest one counts.
struct BaselineApproval {
  std::string approval_id;
  std::string agent;
  std::string model_version;
  std::string reason;
  // The best approved version from then on: see IsNewReference.
  std::string reference_model_version = {};
  absl::Time create_time = {};
  std::string created_by = {};
  Labels labels = {};
};

// What candidates are compared with: as the policy says, else as was approved. Empty where nothing
// was.
struct Baselines {
  std::string baseline;
  std::string reference;
};

// `approved` is null where nothing was.
inline Baselines BaselinesOf(const ReleasePolicy& policy, const BaselineApproval* approved) {
  Baselines baselines{policy.baseline_model_version, policy.reference_model_version};
  if (approved == nullptr) return baselines;
  if (baselines.baseline.empty()) baselines.baseline = approved->model_version;
  if (baselines.reference.empty()) baselines.reference = approved->reference_model_version;
  return baselines;
}

// A named person's word in place of verdicts that do not PASS.
struct VerdictWaiver {
  std::string waiver_id;
  std::string agent;
  std::string model_version;
  // Of the policy; empty: all.
  std::vector<std::string> suite_names;
  std::string owner;
  std::string reason;
  absl::Time expire_time;
  absl::Time create_time = {};
  std::string created_by = {};
  Labels labels = {};

  bool SpeaksOf(const std::string& suite_name) const {
    return suite_names.empty() ||
           std::find(suite_names.begin(), suite_names.end(), suite_name) != suite_names.end();
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_POLICY_H_
