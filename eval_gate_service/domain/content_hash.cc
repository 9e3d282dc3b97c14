#include "eval_gate_service/domain/content_hash.h"

#include <algorithm>
#include <cstdint>

#include "shared/hashing/content_hash.h"

namespace flywheel::evalgate {
namespace {

void AddPolicy(const SuitePolicy& policy, ContentHash& hash) {
  hash.Add(static_cast<int64_t>(policy.evaluator))
      .Add(policy.pass_rate_floor)
      .Add(static_cast<int64_t>(policy.cohort_floors.size()));
  for (const auto& [cohort, floor] : policy.cohort_floors) hash.Add(cohort).Add(floor);
  hash.Add(policy.non_inferiority_margin).Add(policy.alpha).Add(policy.min_cohort_cases);
}

void AddCohortMargin(const SuitePolicy& policy, ContentHash& hash) {
  hash.Add(policy.cohort_margin).Add(policy.cohort_margin_cases);
}

void AddCalls(const std::vector<ToolCall>& calls, ContentHash& hash) {
  // The number first, so that no two lists run into one another.
  hash.Add(static_cast<int64_t>(calls.size()));
  for (const ToolCall& call : calls) hash.Add(call.name).Add(call.arguments_json);
}

// Requests without labels have the hash that they had before there were any. Three values a label:
// what comes before it where a policy has cohort margins is two.
void AddLabels(const Labels& labels, ContentHash& hash) {
  for (const auto& [name, value] : labels) hash.Add("label").Add(name).Add(value);
}

}  // namespace

std::string BarHash(const SuitePolicy& policy, const std::vector<SuiteCase>& cases) {
  // Pointers: a hundred thousand cases are not copied to be sorted.
  std::vector<const SuiteCase*> sorted;
  sorted.reserve(cases.size());
  for (const SuiteCase& one : cases) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(),
            [](const SuiteCase* a, const SuiteCase* b) { return a->case_id < b->case_id; });
  ContentHash hash;
  // The version of what follows. The first two had no cohort margin, and the first no question.
  hash.Add("flywheel bar 3");
  AddPolicy(policy, hash);
  AddCohortMargin(policy, hash);
  hash.Add(static_cast<int64_t>(sorted.size()));
  for (const SuiteCase* one : sorted) {
    hash.Add(one->case_id).Add(one->input).Add(one->ideal_output);
    AddCalls(one->expected_tool_calls, hash);
    hash.Add(one->cohort).Add(one->question);
  }
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
  return hash.Bytes();
}

std::string SuiteRequestHash(const std::string& dataset_version_id, const SuitePolicy& policy,
                             const Labels& labels) {
  ContentHash hash;
  hash.Add(dataset_version_id);
  AddPolicy(policy, hash);
  // Requests of before there were cohort margins are replays still.
  const SuitePolicy defaults;
  if (policy.cohort_margin != defaults.cohort_margin ||
      policy.cohort_margin_cases != defaults.cohort_margin_cases) {
    AddCohortMargin(policy, hash);
  }
  AddLabels(labels, hash);
  return hash.Bytes();
}

std::string VerdictRequestHash(const std::string& suite_id, const std::string& model_version,
                               const std::string& baseline_model_version, const Labels& labels) {
  ContentHash hash;
  hash.Add(suite_id).Add(model_version).Add(baseline_model_version);
  AddLabels(labels, hash);
  return hash.Bytes();
}

}  // namespace flywheel::evalgate
