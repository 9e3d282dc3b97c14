#include "eval_gate_service/rpc/policy_validate.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/rpc/request_bounds.h"
#include "eval_gate_service/rpc/validate.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/text/characters.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kMostPolicyBytes = int64_t{64} * 1024;
constexpr int kMostCohortFloors = 1'000;
constexpr int kMostCohortLabels = 5;
constexpr size_t kMostCohortLabelBytes = 64;
// Of one attempt: beyond it nobody would say that it is bounded.
constexpr int64_t kLargestMostInfrastructureErrors = 1'000;
constexpr int kMostSuites = 20;
constexpr int kMostJudges = 20;
constexpr size_t kMostOwnerBytes = 256;
constexpr size_t kMostReasonBytes = 4'096;
// Of a text of a client that an error repeats.
constexpr size_t kShownBytes = 40;
constexpr double kSmallestAlpha = 0.001;
constexpr double kLargestAlpha = 0.2;
// Half of all cases lost is no margin any more.
constexpr double kLargestMargin = 0.5;
// Of what a cohort must have to be looked at: with more nobody would look.
constexpr int64_t kMostCohortCases = 1'000;
// Of a suite.
constexpr int64_t kMostCases = 100'000;

// Above 0 and at most `most`; NaN is neither.
void CheckShare(std::string_view field, double value, double most, rpc::FieldChecks& checks) {
  checks.Require(value > 0.0 && value <= most, field, fmt::format("{}", value),
                 fmt::format("above 0, at most {}", most));
}

// What a person wrote to be read by others.
void CheckWords(std::string_view field, const std::string& value, size_t max_bytes,
                rpc::FieldChecks& checks) {
  checks.RequiredText(field, value, max_bytes);
  checks.Require(value.empty() || HasLetterOrDigit(value), field, "nothing that can be read",
                 "words");
}

template <typename Names>
void CheckSuiteNames(const Names& names, const std::string& field, rpc::FieldChecks& checks) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    checks.Id(field, name);
    checks.Require(seen.insert(name).second, field,
                   fmt::format("'{}' twice", Shorten(name, kShownBytes)), "each suite once");
  }
}

template <typename Request>
absl::Status CheckList(const Request& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  return checks.status();
}

// How often a case is tried, and what counts of it.
void CheckRepeats(const std::string& field, const v1::Bar& bar, rpc::FieldChecks& checks) {
  if (bar.has_least_attempts()) {
    checks.Range(field + ".least_attempts", int64_t{bar.least_attempts()}, int64_t{1},
                 int64_t{kMostAttemptsPerCase});
  }
  checks.Require(v1::RepeatRule_IsValid(bar.repeat_rule()), field + ".repeat_rule",
                 fmt::format("{}", static_cast<int>(bar.repeat_rule())), "MEAN, ALL or ANY");
  const bool of_several =
      bar.repeat_rule() == v1::REPEAT_RULE_ALL || bar.repeat_rule() == v1::REPEAT_RULE_ANY;
  checks.Require(!of_several || bar.least_attempts() >= 2, field + ".least_attempts",
                 fmt::format("{}", bar.least_attempts()),
                 "at least 2 for ALL and ANY, which are about so many attempts at a case");
}

}  // namespace

void CheckBar(const std::string& field, const v1::Bar& bar, rpc::FieldChecks& checks) {
  if (bar.has_pass_rate_floor()) {
    checks.Range(field + ".pass_rate_floor", bar.pass_rate_floor(), 0.0, 1.0);
  }
  checks.Require(bar.cohort_floors_size() <= kMostCohortFloors, field + ".cohort_floors",
                 fmt::format("{} cohorts", bar.cohort_floors_size()),
                 fmt::format("at most {}", kMostCohortFloors));
  for (const auto& [cohort, floor] : bar.cohort_floors()) {
    checks.Name(field + ".cohort_floors key", cohort, kMostCohortBytes);
    CheckShare(fmt::format("{}.cohort_floors['{}']", field, Shorten(cohort, kShownBytes)), floor,
               1.0, checks);
  }
  if (bar.has_non_inferiority_margin()) {
    checks.Range(field + ".non_inferiority_margin", bar.non_inferiority_margin(), 0.0,
                 kLargestMargin);
  }
  if (bar.has_alpha()) checks.Range(field + ".alpha", bar.alpha(), kSmallestAlpha, kLargestAlpha);
  if (bar.has_cohort_margin()) {
    checks.Range(field + ".cohort_margin", bar.cohort_margin(), 0.0, kLargestMargin);
  }
  if (bar.has_cohort_margin_cases()) {
    checks.Range(field + ".cohort_margin_cases", int64_t{bar.cohort_margin_cases()}, int64_t{1},
                 kMostCohortCases);
  }
  if (bar.has_min_cohort_cases()) {
    checks.Range(field + ".min_cohort_cases", int64_t{bar.min_cohort_cases()}, int64_t{1},
                 kMostCohortCases);
  }
  if (bar.has_least_cases()) {
    checks.Range(field + ".least_cases", bar.least_cases(), int64_t{1}, kMostCases);
  }
  checks.Range(field + ".cohort_labels", int64_t{bar.cohort_labels_size()}, int64_t{0},
               int64_t{kMostCohortLabels});
  for (const std::string& name : bar.cohort_labels()) {
    checks.Name(field + ".cohort_labels", name, kMostCohortLabelBytes);
  }
  CheckEvaluators(field + ".evaluators", bar.evaluators(), checks);
  if (bar.has_point_floor()) checks.Range(field + ".point_floor", bar.point_floor(), 0.0, 1.0);
  CheckRepeats(field, bar, checks);
}

absl::Status Validate(const v1::SetReleasePolicyRequest& request) {
  const v1::ReleasePolicy& policy = request.policy();
  const auto bytes = static_cast<int64_t>(policy.ByteSizeLong());
  if (bytes > kMostPolicyBytes) {
    return errors::TooLarge("policy", bytes, kMostPolicyBytes, "bytes");
  }
  rpc::FieldChecks checks = NewChecks();
  checks.Name("policy.agent", policy.agent(), kMostNameBytes);
  checks.Require(policy.policy_version() >= 1, "policy.policy_version",
                 fmt::format("{}", policy.policy_version()),
                 "1 for the first policy of the agent, else that of the one that stands and 1");
  checks.Range("policy.suites", int64_t{policy.suites_size()}, int64_t{1}, int64_t{kMostSuites});
  std::vector<std::string> names;
  for (int i = 0; i < policy.suites_size(); ++i) {
    names.push_back(policy.suites(i).suite_name());
    const v1::SuiteRequirement& suite = policy.suites(i);
    CheckBar(fmt::format("policy.suites[{}].bar", i), suite.bar(), checks);
    if (!suite.has_most_infrastructure_errors()) continue;
    checks.Range(fmt::format("policy.suites[{}].most_infrastructure_errors", i),
                 int64_t{suite.most_infrastructure_errors()}, int64_t{1},
                 kLargestMostInfrastructureErrors);
  }
  CheckSuiteNames(names, "policy.suites.suite_name", checks);
  checks.Range("policy.judges", int64_t{policy.judges_size()}, int64_t{0}, int64_t{kMostJudges});
  for (const std::string& judge : policy.judges()) checks.Id("policy.judges", judge);
  CheckOptionalVersion("policy.baseline_model_version", policy.baseline_model_version(), checks);
  CheckOptionalVersion("policy.reference_model_version", policy.reference_model_version(), checks);
  CheckWords("policy.reason", policy.reason(), kMostReasonBytes, checks);
  checks.Labels("policy.labels", policy.labels());
  return checks.status();
}

absl::Status Validate(const v1::GetReleasePolicyRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.RequiredText("agent", request.agent(), kMostNameBytes);
  checks.Require(request.policy_version() >= 0, "policy_version",
                 fmt::format("{}", request.policy_version()), "0 or more");
  return checks.status();
}

absl::Status Validate(const v1::ListReleasePoliciesRequest& request) { return CheckList(request); }

absl::Status Validate(const v1::ApproveBaselineRequest& request) {
  const v1::BaselineApproval& approval = request.approval();
  rpc::FieldChecks checks = NewChecks();
  checks.Id("approval.approval_id", approval.approval_id());
  checks.Name("approval.agent", approval.agent(), kMostNameBytes);
  CheckVersion("approval.model_version", approval.model_version(), checks);
  CheckWords("approval.reason", approval.reason(), kMostReasonBytes, checks);
  checks.Labels("approval.labels", approval.labels());
  return checks.status();
}

absl::Status Validate(const v1::ListBaselineApprovalsRequest& request) {
  return CheckList(request);
}

absl::Status Validate(const v1::WaiveVerdictsRequest& request) {
  const v1::VerdictWaiver& waiver = request.waiver();
  rpc::FieldChecks checks = NewChecks();
  checks.Id("waiver.waiver_id", waiver.waiver_id());
  checks.Name("waiver.agent", waiver.agent(), kMostNameBytes);
  CheckVersion("waiver.model_version", waiver.model_version(), checks);
  checks.Range("waiver.suite_names", int64_t{waiver.suite_names_size()}, int64_t{0},
               int64_t{kMostSuites});
  CheckSuiteNames(waiver.suite_names(), "waiver.suite_names", checks);
  CheckWords("waiver.owner", waiver.owner(), kMostOwnerBytes, checks);
  checks.OptionalName("waiver.owner", waiver.owner(), kMostOwnerBytes);
  CheckWords("waiver.reason", waiver.reason(), kMostReasonBytes, checks);
  checks.Require(waiver.has_expire_time(), "waiver.expire_time", "nothing",
                 "when it ends, within a year");
  checks.Labels("waiver.labels", waiver.labels());
  return checks.status();
}

absl::Status Validate(const v1::ListVerdictWaiversRequest& request) { return CheckList(request); }

}  // namespace flywheel::evalgate
