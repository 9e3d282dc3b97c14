#include "eval_gate_service/domain/constant_output.h"

#include <fmt/format.h>

#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kFewestCases = 20;
constexpr size_t kFewestIdealOutputs = 5;
constexpr double kLargestShare = 0.9;

struct Group {
  int64_t cases = 0;
  int64_t passed = 0;
};

// By key.
using Groups = absl::flat_hash_map<uint64_t, Group>;

Group LargestOf(const Groups& groups) {
  Group largest;
  for (const auto& [key, group] : groups) {
    if (group.cases > largest.cases) largest = group;
  }
  return largest;
}

}  // namespace

std::optional<Finding> ConstantOutputFinding(const std::vector<JudgedCase>& cases) {
  // Step 1: how often each answer was given, and how often each would have been right.
  Groups outputs;
  Groups ideals;
  int64_t answered = 0;
  for (const JudgedCase& one : cases) {
    if (one.answer_key == 0) continue;
    ++answered;
    Group& group = outputs[one.answer_key];
    ++group.cases;
    if (one.passed()) ++group.passed;
    ++ideals[one.ideal_key].cases;
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
      "is no answer",
      largest.cases, answered, ideals.size());
  return finding;
}

}  // namespace flywheel::evalgate
