#include "eval_gate_service/domain/content_hash.h"

#include <algorithm>
#include <cstdint>

#include "shared/hashing/content_hash.h"

namespace flywheel::evalgate {
namespace {

void AddEvaluators(const std::vector<EvaluatorSpec>& evaluators, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(evaluators.size()));
  for (const EvaluatorSpec& one : evaluators) {
    hash.Add(one.evaluator_id).Add(one.kind).Add(int64_t{one.version}).Add(one.parameters_json);
    hash.Add(one.threshold).Add(int64_t{one.informative});
  }
}

// What is stored must mean the same for ever: a field that comes later is added only where it is
// not its default, as labels are.
void AddBar(const Bar& bar, ContentHash& hash) {
  hash.Add(bar.pass_rate_floor).Add(static_cast<int64_t>(bar.cohort_floors.size()));
  for (const auto& [cohort, floor] : bar.cohort_floors) hash.Add(cohort).Add(floor);
  hash.Add(bar.non_inferiority_margin).Add(bar.cohort_margin).Add(bar.cohort_margin_cases);
  hash.Add(bar.alpha).Add(bar.min_cohort_cases).Add(bar.least_cases);
  if (bar.repeat_rule != RepeatRule::kMean) {
    hash.Add("repeat_rule").Add(static_cast<int64_t>(bar.repeat_rule));
  }
  if (bar.least_attempts != 1) hash.Add("least_attempts").Add(int64_t{bar.least_attempts});
  if (bar.point_floor != 0) hash.Add("point_floor").Add(bar.point_floor);
  if (!bar.evaluators.empty()) {
    hash.Add("evaluators");
    AddEvaluators(bar.evaluators, hash);
  }
  for (const std::string& name : bar.cohort_labels) hash.Add("cohort_label").Add(name);
}

void AddNames(const std::vector<std::string>& names, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(names.size()));
  for (const std::string& name : names) hash.Add(name);
}

void AddCalls(const std::vector<ToolCall>& calls, ContentHash& hash) {
  // The number first, so that no two lists run into one another.
  hash.Add(static_cast<int64_t>(calls.size()));
  for (const ToolCall& call : calls) {
    hash.Add(call.name).Add(call.arguments_json);
    if (call.any_of) hash.Add("any of");
  }
}

// What cases did not have at first. Cases without it have the hash that they had.
void AddLaterFields(const SuiteCase& one, ContentHash& hash) {
  for (const std::string& ideal : one.other_ideals) hash.Add("ideal").Add(ideal);
  if (!one.group.empty()) hash.Add("group").Add(one.group);
  if (one.critical) hash.Add("critical");
  for (const auto& [name, value] : one.labels) hash.Add("label").Add(name).Add(value);
  if (!one.checks.empty()) {
    hash.Add("checks");
    AddEvaluators(one.checks, hash);
  }
}

void AddCase(const SuiteCase& one, ContentHash& hash) {
  hash.Add(one.case_id).Add(one.input).Add(one.ideal_output);
  hash.Add(int64_t{one.expected_tool_calls.has_value()});
  AddCalls(one.expected_tool_calls.value_or(std::vector<ToolCall>()), hash);
  hash.Add(one.cohort).Add(one.question);
  AddLaterFields(one, hash);
}

// Requests without labels have the hash that they had before there were any.
void AddLabels(const Labels& labels, ContentHash& hash) {
  for (const auto& [name, value] : labels) hash.Add("label").Add(name).Add(value);
}

}  // namespace

std::string SuiteHash(const std::vector<EvaluatorSpec>& evaluators,
                      const std::vector<SuiteCase>& cases) {
  // Pointers: a hundred thousand cases are not copied to be sorted.
  std::vector<const SuiteCase*> sorted;
  sorted.reserve(cases.size());
  for (const SuiteCase& one : cases) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(),
            [](const SuiteCase* a, const SuiteCase* b) { return a->case_id < b->case_id; });
  ContentHash hash;
  AddEvaluators(evaluators, hash);
  hash.Add(static_cast<int64_t>(sorted.size()));
  for (const SuiteCase* one : sorted) AddCase(*one, hash);
  return hash.Bytes();
}

std::string CaseHash(const SuiteCase& one) {
  ContentHash hash;
  AddCase(one, hash);
  return hash.Bytes();
}

std::string BarHash(const Bar& bar, const std::string& suite_hash) {
  ContentHash hash;
  // The version of what follows. The first three were of suites that had their bar with them.
  hash.Add("flywheel bar 4").Add(suite_hash);
  AddBar(bar, hash);
  return hash.Bytes();
}

std::string CallsHash(const std::vector<ToolCall>& calls) {
  ContentHash hash;
  AddCalls(calls, hash);
  return hash.Bytes();
}

std::string OutputHash(const CaseOutput& output) {
  ContentHash hash;
  hash.Add(output.output);
  AddCalls(output.tool_calls, hash);
  hash.Add(output.error);
  // Hashes of before there were such errors hold.
  if (!output.infrastructure_error.empty()) hash.Add(output.infrastructure_error);
  if (!output.details.empty()) hash.Add("details").Add(output.details);
  return hash.Bytes();
}

std::vector<EvaluatorSpec> WithoutVersions(std::vector<EvaluatorSpec> evaluators) {
  for (EvaluatorSpec& one : evaluators) one.version = 0;
  return evaluators;
}

std::string SuiteRequestHash(const std::string& dataset_version_id,
                             const std::vector<EvaluatorSpec>& evaluators,
                             const std::string& suite_name, const Labels& labels) {
  ContentHash hash;
  hash.Add(dataset_version_id);
  AddEvaluators(evaluators, hash);
  hash.Add(suite_name);
  AddLabels(labels, hash);
  return hash.Bytes();
}

std::string RunRequestHash(const std::string& suite_id, const std::string& model_version,
                           int attempts_per_case, const Labels& labels) {
  ContentHash hash;
  hash.Add(suite_id).Add(model_version).Add(int64_t{attempts_per_case});
  AddLabels(labels, hash);
  return hash.Bytes();
}

std::string SuiteUploadHash(const std::string& agent, const std::string& suite_name,
                            const Labels& labels, const std::string& cases_hash) {
  ContentHash hash;
  hash.Add("upload").Add(agent).Add(suite_name).Add(cases_hash);
  AddLabels(labels, hash);
  return hash.Bytes();
}

std::string VerdictRequestHash(const std::string& suite_id, const std::string& model_version,
                               const std::string& baseline_model_version,
                               const std::optional<Bar>& bar, const Labels& labels) {
  ContentHash hash;
  hash.Add(suite_id).Add(model_version).Add(baseline_model_version);
  AddLabels(labels, hash);
  if (!bar) return hash.Bytes();
  hash.Add("bar");
  AddBar(*bar, hash);
  return hash.Bytes();
}

std::string RequestHash(const ReleasePolicy& policy) {
  ContentHash hash;
  hash.Add(policy.agent).Add(policy.policy_version).Add(static_cast<int64_t>(policy.suites.size()));
  for (const SuiteRequirement& one : policy.suites) {
    hash.Add(one.suite_name);
    AddBar(one.bar, hash);
    if (one.most_infrastructure_errors == kMostInfrastructureErrors) continue;
    hash.Add("most_infrastructure_errors").Add(int64_t{one.most_infrastructure_errors});
  }
  AddNames(policy.judges, hash);
  hash.Add(policy.baseline_model_version).Add(policy.reference_model_version).Add(policy.reason);
  AddLabels(policy.labels, hash);
  return hash.Bytes();
}

std::string RequestHash(const BaselineApproval& approval) {
  ContentHash hash;
  hash.Add(approval.agent).Add(approval.model_version).Add(approval.reason);
  AddLabels(approval.labels, hash);
  return hash.Bytes();
}

std::string RequestHash(const VerdictWaiver& waiver) {
  ContentHash hash;
  hash.Add(waiver.agent).Add(waiver.model_version);
  AddNames(waiver.suite_names, hash);
  hash.Add(waiver.owner).Add(waiver.reason).Add(absl::ToUnixMicros(waiver.expire_time));
  AddLabels(waiver.labels, hash);
  return hash.Bytes();
}

}  // namespace flywheel::evalgate
