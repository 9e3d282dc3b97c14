#include "eval_gate_service/evaluators/token_f1.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr int64_t kStepsOfWord = 40;

int SizeOf(const WordBag& bag) {
  int size = 0;
  for (const auto& [word, count] : bag) size += count;
  return size;
}

class TokenF1Evaluator final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const WordBag said = WordBagOf(output.text);
    double best = 0;
    bool has_ideal = false;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      const WordBag wanted = WordBagOf(ideal);
      if (wanted.empty()) continue;
      has_ideal = true;
      if (!Work::Take(kStepsOfWord * static_cast<int64_t>(said.size()))) return TooMuchWork();
      best = std::max(best, TokenF1(said, wanted));
    }
    if (!has_ideal) return NotApplicable("the case has no ideal output with a word");
    return Score(best, fmt::format("F1 {:.3f} with the nearest ideal output", best));
  }
};

}  // namespace

WordBag WordBagOf(std::string_view text) {
  const std::string words = WithoutArticles(JoinedAtPunctuation(Seen(text, Letters::kFold)));
  WordBag bag;
  for (size_t begin = 0; begin < words.size();) {
    const size_t end = std::min(words.find(' ', begin), words.size());
    ++bag[words.substr(begin, end - begin)];
    begin = end + 1;
  }
  return bag;
}

double TokenF1(const WordBag& output, const WordBag& ideal) {
  if (output.empty() || ideal.empty()) return output.empty() && ideal.empty() ? 1 : 0;
  int shared = 0;
  for (const auto& [word, count] : output) {
    if (const auto other = ideal.find(word); other != ideal.end()) {
      shared += std::min(count, other->second);
    }
  }
  // 2 P R / (P + R), where P = shared / |output| and R = shared / |ideal|.
  return 2.0 * shared / (SizeOf(output) + SizeOf(ideal));
}

double TokenF1(std::string_view output, std::string_view ideal) {
  return TokenF1(WordBagOf(output), WordBagOf(ideal));
}

MadeEvaluator MakeTokenF1(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<TokenF1Evaluator>();
}

}  // namespace flywheel::evalgate::evaluators
