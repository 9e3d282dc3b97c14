#include "eval_gate_service/evaluators/rouge_l.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/edit_distance.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

// A number for each word, the same for equal ones.
class WordNumbers {
 public:
  std::u32string Of(std::string_view text) {
    std::u32string numbers;
    for (std::string& word : Words(text)) {
      const auto next = static_cast<char32_t>(numbers_.size());
      numbers += numbers_.try_emplace(std::move(word), next).first->second;
    }
    return numbers;
  }

 private:
  absl::flat_hash_map<std::string, char32_t> numbers_;
};

// Of numbered words.
double RougeLOf(std::u32string_view said, std::u32string_view wanted) {
  if (said.empty() || wanted.empty()) return said.empty() && wanted.empty() ? 1 : 0;
  // 2 P R / (P + R), where P = L / |said| and R = L / |wanted|.
  return 2.0 * static_cast<double>(CommonSubsequence(said, wanted)) /
         static_cast<double>(said.size() + wanted.size());
}

class RougeLEvaluator final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    WordNumbers numbers;
    const std::u32string said = numbers.Of(output.text);
    double best = 0;
    bool has_ideal = false;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      const std::u32string wanted = numbers.Of(ideal);
      if (wanted.empty()) continue;
      has_ideal = true;
      if (!Work::Take(StepsOfTable(static_cast<int64_t>(said.size()),
                                   static_cast<int64_t>(wanted.size())))) {
        return TooMuchWork();
      }
      best = std::max(best, RougeLOf(said, wanted));
    }
    if (!has_ideal) return NotApplicable("the case has no ideal output with a word");
    return Score(best, fmt::format("ROUGE-L {:.3f} with the nearest ideal output", best));
  }
};

}  // namespace

double RougeL(std::string_view output, std::string_view ideal) {
  WordNumbers numbers;
  const std::u32string said = numbers.Of(output);
  return RougeLOf(said, numbers.Of(ideal));
}

MadeEvaluator MakeRougeL(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<RougeLEvaluator>();
}

}  // namespace flywheel::evalgate::evaluators
