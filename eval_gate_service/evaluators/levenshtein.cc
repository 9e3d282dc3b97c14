#include "eval_gate_service/evaluators/levenshtein.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "eval_gate_service/evaluators/edit_distance.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kMaxCharacters = 65'536;

double Similarity(size_t distance, size_t length) {
  if (length == 0) return 1;
  return 1 - static_cast<double>(distance) / static_cast<double>(length);
}

int64_t CharactersOf(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

class Levenshtein final : public Evaluator {
 public:
  explicit Levenshtein(bool ignore_case) : ignore_case_(ignore_case) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const std::vector<std::string_view> ideals = SpokenIdeals(one);
    if (ideals.empty()) return NotApplicable(kNoIdeal);
    // A character has at least a byte.
    if (output.text.size() > kMaxCharacters && Scalars(output.text).size() > kMaxCharacters) {
      return Failed(fmt::format("the output has more than {} characters", kMaxCharacters));
    }
    const std::string text = Read(output.text);
    double best = 0;
    for (const std::string_view ideal : ideals) {
      if (ideal.size() > kMaxCharacters && Scalars(ideal).size() > kMaxCharacters) {
        return NotApplicable(
            fmt::format("the ideal output has more than {} characters", kMaxCharacters));
      }
      const std::string wanted = Read(ideal);
      if (!Work::Take(LevenshteinSteps(text, wanted))) return TooMuchWork();
      best = std::max(best, LevenshteinSimilarity(text, wanted));
    }
    return Score(best, fmt::format("similarity {:.3f} with the nearest ideal output", best));
  }

  std::string Read(std::string_view text) const {
    return ignore_case_ ? Seen(text, Letters::kFold) : Composed(text);
  }

  const bool ignore_case_;
};

}  // namespace

double LevenshteinSimilarity(std::string_view a, std::string_view b) {
  if (IsAscii(a) && IsAscii(b)) {
    return Similarity(EditDistance(a, b), std::max(a.size(), b.size()));
  }
  const std::u32string scalars_a = Scalars(a);
  const std::u32string scalars_b = Scalars(b);
  return Similarity(EditDistance(scalars_a, scalars_b),
                    std::max(scalars_a.size(), scalars_b.size()));
}

int64_t LevenshteinSteps(std::string_view a, std::string_view b) {
  // Each block has twice the operations of a common subsequence.
  return 2 * StepsOfTable(CharactersOf(a), CharactersOf(b));
}

MadeEvaluator MakeLevenshtein(Parameters& parameters) {
  const bool ignore_case = parameters.Flag("ignore_case", false);
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Levenshtein>(ignore_case);
}

}  // namespace flywheel::evalgate::evaluators
