#include "eval_gate_service/domain/constant_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kFewestCases = 20;
constexpr size_t kFewestIdealOutputs = 5;
constexpr double kLargestShare = 0.9;

// The answer that more than half of the answers are, where there is one (Boyer and Moore 1981): a
// count of each would take longer than all other rules together.
uint64_t MajorityAnswer(const std::vector<JudgedCase>& cases) {
  uint64_t candidate = 0;
  int64_t votes = 0;
  for (const JudgedCase& one : cases) {
    if (one.answer_key == 0) continue;
    if (votes == 0) candidate = one.answer_key;
    votes += one.answer_key == candidate ? 1 : -1;
  }
  return candidate;
}

}  // namespace

std::optional<Finding> ConstantOutputFinding(const std::vector<JudgedCase>& cases) {
  // Step 1: the answer that was given most, where it was given in nearly all cases.
  const uint64_t answer = MajorityAnswer(cases);
  int64_t answered = 0;
  Finding finding;
  for (const JudgedCase& one : cases) {
    if (one.answer_key != 0) ++answered;
    if (one.answer_key == 0 || one.answer_key != answer) continue;
    ++finding.cases;
    if (one.passed()) ++finding.passed;
  }
  const double limit = kLargestShare * static_cast<double>(answered);
  if (answered < kFewestCases || !(static_cast<double>(finding.cases) > limit)) return std::nullopt;
  // Step 2: where one answer is right nearly always, always giving it is no sign of a candidate
  // that does not listen.
  absl::flat_hash_map<uint64_t, int64_t> ideals;
  int64_t most_ideal = 0;
  for (const JudgedCase& one : cases) {
    if (one.answer_key != 0) most_ideal = std::max(most_ideal, ++ideals[one.ideal_key]);
  }
  if (ideals.size() < kFewestIdealOutputs || static_cast<double>(most_ideal) > limit) {
    return std::nullopt;
  }
  finding.kind = FindingKind::kConstantOutput;
  finding.estimate = static_cast<double>(finding.cases) / static_cast<double>(answered);
  finding.bar = kLargestShare;
  finding.message = fmt::format(
      "{} of {} answers are one and the same, where {} different ones are ideal: a constant answer "
      "is no answer",
      finding.cases, answered, ideals.size());
  return finding;
}

}  // namespace flywheel::evalgate
