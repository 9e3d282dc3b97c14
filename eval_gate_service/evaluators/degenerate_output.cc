#include "eval_gate_service/evaluators/degenerate_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "shared/hashing/sha256.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr int64_t kFewestAnswers = 20;
constexpr int64_t kFewestIdeals = 5;

template <typename Calls>
std::string Signature(std::string_view text, const Calls& calls) {
  std::string all = Seen(text, Letters::kFold);
  for (const auto& call : calls) {
    const auto arguments = ParseArguments(call.arguments_json);
    all += fmt::format(
        "\n{}\n{}", call.name,
        arguments ? arguments->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  : call.arguments_json);
  }
  return Sha256(all);
}

}  // namespace

void DegenerateOutput::Add(const Case& one, const Output& output) {
  ++answered_;
  ++outputs_[Signature(output.text, output.tool_calls)];
  std::string_view ideal;
  if (!one.ideal_outputs.empty()) ideal = one.ideal_outputs.front();
  ++ideals_[Signature(ideal, one.expected_calls.value_or(std::vector<ExpectedCall>()))];
}

Degeneracy DegenerateOutput::Measure() const {
  Degeneracy measured;
  measured.answered = answered_;
  measured.most_frequent = Largest(outputs_);
  measured.most_frequent_ideal = Largest(ideals_);
  measured.different_ideals = static_cast<int64_t>(ideals_.size());
  measured.is_degenerate = answered_ >= kFewestAnswers &&
                           measured.different_ideals >= kFewestIdeals &&
                           measured.most_frequent * 2 > answered_ &&
                           measured.most_frequent >= 2 * measured.most_frequent_ideal;
  return measured;
}

int64_t DegenerateOutput::Largest(const Counts& counts) {
  int64_t largest = 0;
  for (const auto& [signature, count] : counts) largest = std::max(largest, count);
  return largest;
}

}  // namespace flywheel::evalgate::evaluators
