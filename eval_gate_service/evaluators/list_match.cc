#include "eval_gate_service/evaluators/list_match.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/assignment.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/levenshtein.h"
#include "eval_gate_service/evaluators/token_f1.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kMaxElements = 128;

using Elements = std::vector<std::string>;
enum class Similarity { kEqual, kLevenshtein, kTokenF1 };

// A pair of words that is looked for.
constexpr int64_t kStepsOfWord = 40;

void Add(std::string_view text, Elements& elements) {
  std::string seen = Seen(text, Letters::kFold);
  if (!seen.empty()) elements.push_back(std::move(seen));
}

class ListMatch final : public Evaluator {
 public:
  ListMatch(std::string separator, Similarity similarity)
      : separator_(std::move(separator)), similarity_(similarity) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    std::vector<Elements> ideals;
    for (const std::string_view ideal : SpokenIdeals(one)) {
      Elements elements = Read(ideal);
      if (!elements.empty() && elements.size() <= kMaxElements)
        ideals.push_back(std::move(elements));
    }
    if (ideals.empty()) return NotApplicable("the case has no ideal output with 1 to 128 elements");
    const Elements said = Read(output.text);
    if (said.size() > kMaxElements) {
      return Failed(fmt::format("{} elements, want at most {}", said.size(), kMaxElements));
    }
    double best = 0;
    for (const Elements& ideal : ideals) {
      const std::optional<double> match = Match(ideal, said);
      if (!match) return TooMuchWork();
      best = std::max(best, *match);
    }
    return Score(best, fmt::format("{} elements against {} ideal ones: {:.3f}", said.size(),
                                   ideals.front().size(), best));
  }

  Elements Read(std::string_view text) const {
    Elements elements;
    if (const auto json = ParseJsonAnswer(text); json && json->is_array()) {
      for (const nlohmann::json& element : *json) {
        Add(element.is_string() ? element.get<std::string>() : element.dump(), elements);
      }
      return elements;
    }
    const std::string_view border =
        separator_.empty() ? std::string_view("\n") : std::string_view(separator_);
    static const RE2 kBullet(R"(^\s*(?:[-*\x{2022}]|\d{1,3}[.)])\s+)");
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(Find(text, border, begin), text.size());
      re2::StringPiece line(text.data() + begin, end - begin);
      RE2::Consume(&line, kBullet);
      Add({line.data(), line.size()}, elements);
      begin = end + border.size();
    }
    return elements;
  }

  // Nothing where it takes too much work.
  std::optional<double> Match(const Elements& ideal, const Elements& said) const {
    std::vector<WordBag> ideal_words;
    std::vector<WordBag> said_words;
    if (similarity_ == Similarity::kTokenF1) {
      for (const std::string& text : ideal) ideal_words.push_back(WordBagOf(text));
      for (const std::string& text : said) said_words.push_back(WordBagOf(text));
    }
    std::vector<std::vector<double>> weights(ideal.size(), std::vector<double>(said.size()));
    for (size_t i = 0; i < ideal.size(); ++i) {
      for (size_t j = 0; j < said.size(); ++j) {
        switch (similarity_) {
          case Similarity::kEqual:
            weights[i][j] = said[j] == ideal[i] ? 1 : 0;
            break;
          case Similarity::kLevenshtein:
            if (!Work::Take(LevenshteinSteps(said[j], ideal[i]))) return std::nullopt;
            weights[i][j] = LevenshteinSimilarity(said[j], ideal[i]);
            break;
          case Similarity::kTokenF1:
            if (!Work::Take(kStepsOfWord * static_cast<int64_t>(said_words[j].size()))) {
              return std::nullopt;
            }
            weights[i][j] = TokenF1(said_words[j], ideal_words[i]);
            break;
        }
      }
    }
    return 2 * TotalWeight(weights, BestAssignment(weights)) /
           static_cast<double>(ideal.size() + said.size());
  }

  const std::string separator_;
  const Similarity similarity_;
};

}  // namespace

MadeEvaluator MakeListMatch(Parameters& parameters) {
  std::string separator = parameters.Text("separator");
  const std::string similarity =
      parameters.OneOf("similarity", {"normalised", "levenshtein", "token_f1"});
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<ListMatch>(std::move(separator),
                                     similarity == "levenshtein" ? Similarity::kLevenshtein
                                     : similarity == "token_f1"  ? Similarity::kTokenF1
                                                                 : Similarity::kEqual);
}

}  // namespace flywheel::evalgate::evaluators
