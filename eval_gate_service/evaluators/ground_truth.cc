#include "eval_gate_service/evaluators/ground_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/content_words.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/number_text.h"
#include "eval_gate_service/evaluators/token_f1.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kShortWords = 5;
constexpr std::ptrdiff_t kBeforeWords = 3;

using WordList = std::vector<std::string>;

WordList WordsWithoutArticles(std::string_view text) {
  WordList words = Words(text);
  std::erase_if(
      words, [](const std::string& word) { return word == "a" || word == "an" || word == "the"; });
  return words;
}

// Whether `ideal` stands in `said` somewhere without a denial just before.
bool Stands(const WordList& said, const WordList& ideal) {
  for (auto at = std::search(said.begin(), said.end(), ideal.begin(), ideal.end());
       at != said.end(); at = std::search(at + 1, said.end(), ideal.begin(), ideal.end())) {
    const auto before = at - std::min(kBeforeWords, at - said.begin());
    if (std::none_of(before, at, IsNegation)) return true;
  }
  return false;
}

class GroundTruth final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const WordList said = WordsWithoutArticles(output.text);
    double best = 0;
    bool has_ideal = false;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      const WordList wanted = WordsWithoutArticles(ideal);
      if (wanted.empty()) continue;
      has_ideal = true;
      if (!Work::Take(2 * StepsToRead(output.text))) return TooMuchWork();
      best = std::max(best, Match(output.text, said, ideal, wanted));
    }
    if (!has_ideal) return NotApplicable("the case has no ideal output with a word");
    return Score(best, fmt::format("{:.2f}: got {}, want {}", best, QuotedBriefly(output.text),
                                   QuotedBriefly(SpokenIdeals(one).front())));
  }

  static double Match(std::string_view text, const WordList& said, std::string_view ideal,
                      const WordList& wanted) {
    if (said == wanted) return 1;
    if (wanted.size() == 1 && IsNumber(wanted.front())) {
      const auto ideal_numbers = ReadNumbers(ForNumbers(ideal), DecimalMark::kPoint);
      const auto numbers = ReadNumbers(ForNumbers(text), DecimalMark::kPoint);
      const bool equal = !ideal_numbers.empty() && !numbers.empty() &&
                         ideal_numbers.back().value == numbers.back().value;
      return equal ? 1 : 0;
    }
    if (wanted.size() <= kShortWords && Stands(said, wanted)) return 1;
    return TokenF1(text, ideal);
  }
};

}  // namespace

MadeEvaluator MakeGroundTruth(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<GroundTruth>();
}

}  // namespace flywheel::evalgate::evaluators
