#include "eval_gate_service/evaluators/chrf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kLargestOrder = 6;
constexpr double kBeta = 2;
constexpr int kScalarBits = 21;
// All orders.
constexpr int64_t kStepsOfByte = 400;

// Six scalars, three a word, so that different n-grams of one order are different keys.
using Key = std::pair<uint64_t, uint64_t>;
using Counts = absl::flat_hash_map<Key, int>;

std::u32string WithoutSpaces(std::string_view text) {
  std::u32string characters;
  for (const char32_t c : Scalars(Composed(text))) {
    if (!IsSpace(c)) characters += c;
  }
  return characters;
}

Counts CountOrder(std::u32string_view text, size_t order) {
  Counts counts;
  for (size_t i = 0; i + order <= text.size(); ++i) {
    Key key;
    for (size_t j = 0; j < order; ++j) {
      uint64_t& part = j < 3 ? key.first : key.second;
      part = (part << kScalarBits) | text[i + j];
    }
    ++counts[key];
  }
  return counts;
}

int Shared(const Counts& a, const Counts& b) {
  int shared = 0;
  for (const auto& [key, count] : a) {
    if (const auto other = b.find(key); other != b.end()) shared += std::min(count, other->second);
  }
  return shared;
}

class ChrFEvaluator final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    const std::vector<std::string_view> ideals = SpokenIdeals(one);
    if (ideals.empty()) return NotApplicable(kNoIdeal);
    double best = 0;
    for (const std::string_view ideal : ideals) {
      const auto bytes = static_cast<int64_t>(output.text.size() + ideal.size());
      if (!Work::Take(kStepsOfByte * bytes)) return TooMuchWork();
      best = std::max(best, ChrF(output.text, ideal));
    }
    return Score(best, fmt::format("chrF {:.3f} with the nearest ideal output", best));
  }
};

}  // namespace

double ChrF(std::string_view output, std::string_view ideal) {
  const std::u32string said = WithoutSpaces(output);
  const std::u32string wanted = WithoutSpaces(ideal);
  if (said.empty() || wanted.empty()) return said.empty() && wanted.empty() ? 1 : 0;
  const size_t orders = std::min({kLargestOrder, said.size(), wanted.size()});
  double precision = 0;
  double recall = 0;
  for (size_t order = 1; order <= orders; ++order) {
    const double shared = Shared(CountOrder(said, order), CountOrder(wanted, order));
    precision += shared / static_cast<double>(said.size() - order + 1);
    recall += shared / static_cast<double>(wanted.size() - order + 1);
  }
  if (precision + recall == 0) return 0;
  precision /= static_cast<double>(orders);
  recall /= static_cast<double>(orders);
  return (1 + kBeta * kBeta) * precision * recall / (kBeta * kBeta * precision + recall);
}

MadeEvaluator MakeChrF(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<ChrFEvaluator>();
}

}  // namespace flywheel::evalgate::evaluators
