#include "eval_gate_service/domain/constant_output.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/domain/content_hash.h"
#include "shared/text/normalise.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kFewestCases = 20;
constexpr size_t kFewestIdealOutputs = 5;
constexpr double kLargestShare = 0.9;

struct Group {
  int64_t cases = 0;
  int64_t passed = 0;
};

using Groups = absl::flat_hash_map<std::string, Group>;

Group LargestOf(const Groups& groups) {
  Group largest;
  for (const auto& [text, group] : groups) {
    if (group.cases > largest.cases) largest = group;
  }
  return largest;
}

// Equal for what the evaluators cannot tell apart.
std::string Signature(const LooksAt& looks_at, const std::string& text,
                      const std::vector<ToolCall>& calls) {
  std::string signature;
  if (looks_at.text) signature = NormaliseText(text);
  if (looks_at.calls) signature += '\0' + CallsHash(calls);
  return signature;
}

}  // namespace

std::optional<Finding> ConstantOutputFinding(const LooksAt& looks_at,
                                             const std::vector<JudgedCase>& cases) {
  if (!looks_at.text && !looks_at.calls) return std::nullopt;
  // Step 1: how often each answer was given, and how often each would have been right.
  Groups outputs;
  Groups ideals;
  int64_t answered = 0;
  for (const JudgedCase& one : cases) {
    if (one.output == nullptr || !one.output->error.empty()) continue;
    ++answered;
    const CaseOutput& output = *one.output;
    Group& group = outputs[Signature(looks_at, output.output, output.tool_calls)];
    ++group.cases;
    if (one.passed()) ++group.passed;
    ++ideals[Signature(looks_at, one.suite_case->ideal_output,
                       one.suite_case->expected_tool_calls.value_or(std::vector<ToolCall>()))]
          .cases;
  }
  // Step 2: too few cases show nothing, and where one answer is right nearly always, always giving
  // it is no sign of a candidate that does not listen.
  if (answered < kFewestCases || ideals.size() < kFewestIdealOutputs) return std::nullopt;
  const double limit = kLargestShare * static_cast<double>(answered);
  const Group largest = LargestOf(outputs);
  const Group ideal = LargestOf(ideals);
  if (!(static_cast<double>(largest.cases) > limit) || static_cast<double>(ideal.cases) > limit) {
    return std::nullopt;
  }
  Finding finding;
  finding.kind = FindingKind::kConstantOutput;
  finding.cases = largest.cases;
  finding.passed = largest.passed;
  finding.estimate = static_cast<double>(largest.cases) / static_cast<double>(answered);
  finding.bar = kLargestShare;
  finding.message = fmt::format(
      "{} of {} answers are one and the same, where {} different ones are ideal: a constant answer "
      "is "
      "no answer",
      largest.cases, answered, ideals.size());
  return finding;
}

}  // namespace flywheel::evalgate
