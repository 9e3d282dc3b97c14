#include "eval_gate_service/domain/content_hash.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/privacy/digest.h"

namespace flywheel::evalgate {
namespace {

void AddPolicy(const SuitePolicy& policy, ContentHash& hash) {
  hash.Number(static_cast<int64_t>(policy.evaluator))
      .Real(policy.pass_rate_floor)
      .Number(static_cast<int64_t>(policy.cohort_floors.size()));
  for (const auto& [cohort, floor] : policy.cohort_floors) hash.Text(cohort).Real(floor);
  hash.Real(policy.non_inferiority_margin).Real(policy.alpha).Number(policy.min_cohort_cases);
}

}  // namespace

ContentHash& ContentHash::Text(std::string_view value) {
  bytes_ += fmt::format("{}:", value.size());
  bytes_ += value;
  return *this;
}

ContentHash& ContentHash::Number(int64_t value) { return Text(fmt::format("{}", value)); }

// Adding zero makes one of the two zeros.
ContentHash& ContentHash::Real(double value) { return Text(fmt::format("{}", value + 0.0)); }

ContentHash& ContentHash::Calls(const std::vector<ToolCall>& calls) {
  Number(static_cast<int64_t>(calls.size()));
  for (const ToolCall& call : calls) Text(call.name).Text(call.arguments_json);
  return *this;
}

std::string ContentHash::Hex() const { return Sha256Hex(bytes_); }

std::string BarHash(const SuitePolicy& policy, const std::vector<SuiteCase>& cases) {
  std::vector<const SuiteCase*> sorted;
  sorted.reserve(cases.size());
  for (const SuiteCase& one : cases) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(),
            [](const SuiteCase* a, const SuiteCase* b) { return a->case_id < b->case_id; });
  ContentHash hash;
  hash.Text("flywheel bar 1");
  AddPolicy(policy, hash);
  hash.Number(static_cast<int64_t>(sorted.size()));
  for (const SuiteCase* one : sorted) {
    hash.Text(one->case_id)
        .Text(one->input)
        .Text(one->ideal_output)
        .Calls(one->expected_tool_calls)
        .Text(one->cohort);
  }
  return hash.Hex();
}

std::string OutputHash(const CaseOutput& output) {
  return ContentHash().Text(output.output).Calls(output.tool_calls).Text(output.error).Hex();
}

std::string SuiteRequestHash(const std::string& dataset_version_id, const SuitePolicy& policy) {
  ContentHash hash;
  hash.Text(dataset_version_id);
  AddPolicy(policy, hash);
  return hash.Hex();
}

std::string VerdictRequestHash(const std::string& suite_id, const std::string& model_version,
                               const std::string& baseline_model_version) {
  return ContentHash().Text(suite_id).Text(model_version).Text(baseline_model_version).Hex();
}

}  // namespace flywheel::evalgate
