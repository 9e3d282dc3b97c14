#include "eval_gate_service/evaluators/token_f1.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

using Bag = absl::flat_hash_map<std::string, int>;

Bag BagOf(std::string_view text) {
  const std::string words = WithoutArticles(JoinedAtPunctuation(Seen(text, Letters::kFold)));
  Bag bag;
  for (size_t begin = 0; begin < words.size();) {
    const size_t end = std::min(words.find(' ', begin), words.size());
    ++bag[words.substr(begin, end - begin)];
    begin = end + 1;
  }
  return bag;
}

int SizeOf(const Bag& bag) {
  int size = 0;
  for (const auto& [word, count] : bag) size += count;
  return size;
}

double F1(const Bag& output, const Bag& ideal) {
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

class TokenF1Evaluator final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const Bag said = BagOf(output.text);
    double best = 0;
    bool has_ideal = false;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      const Bag wanted = BagOf(ideal);
      if (wanted.empty()) continue;
      has_ideal = true;
      best = std::max(best, F1(said, wanted));
    }
    if (!has_ideal) return NotApplicable("the case has no ideal output with a word");
    return Score(best, fmt::format("F1 {:.3f} with the nearest ideal output", best));
  }
};

}  // namespace

double TokenF1(std::string_view output, std::string_view ideal) {
  return F1(BagOf(output), BagOf(ideal));
}

MadeEvaluator MakeTokenF1(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<TokenF1Evaluator>();
}

}  // namespace flywheel::evalgate::evaluators
