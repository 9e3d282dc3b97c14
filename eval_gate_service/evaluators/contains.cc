#include "eval_gate_service/evaluators/contains.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

enum class Mode { kAll, kAny, kNone };

// A byte that a text may begin at; and one whose neighbours are looked at too.
constexpr int64_t kStepsOfSearch = 3;
constexpr int64_t kStepsOfBorders = 20;

class Contains final : public Evaluator {
 public:
  // `texts` are Seen; empty: the case's.
  Contains(std::vector<std::string> texts, Mode mode, Letters letters, bool whole_words)
      : texts_(std::move(texts)), mode_(mode), letters_(letters), whole_words_(whole_words) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    std::vector<std::string> of_case;
    if (texts_.empty()) {
      for (const std::string_view ideal : SpokenIdeals(one))
        of_case.push_back(Seen(ideal, letters_));
      if (of_case.empty()) return NotApplicable(kNoIdeal);
    }
    const std::vector<std::string>& texts = texts_.empty() ? of_case : texts_;
    const std::string seen = Seen(output.text, letters_);
    std::vector<std::string_view> found;
    std::vector<std::string_view> missing;
    const auto looks = static_cast<int64_t>(texts.size() * seen.size());
    if (!Work::Take((whole_words_ ? kStepsOfBorders : kStepsOfSearch) * looks))
      return TooMuchWork();
    for (const std::string& text : texts) (Has(seen, text) ? found : missing).push_back(text);
    if (mode_ == Mode::kNone) {
      return found.empty()
                 ? Score(1, "contains none of the texts")
                 : Missed(0, "contains " + QuotedBriefly(found.front()),
                          fmt::format("{} of {} texts, want none", found.size(), texts.size()));
    }
    if (missing.empty() || (mode_ == Mode::kAny && !found.empty())) {
      return Score(1, "contains " + QuotedBriefly(found.front()));
    }
    const double share = static_cast<double>(found.size()) / static_cast<double>(texts.size());
    return Missed(mode_ == Mode::kAny ? 0 : share,
                  fmt::format("contains {} of {} texts, not {}", found.size(), texts.size(),
                              QuotedBriefly(missing.front())),
                  fmt::format("{} of {} texts, want {}", found.size(), texts.size(),
                              mode_ == Mode::kAny ? "any" : "all"));
  }

  bool Has(std::string_view seen, std::string_view text) const {
    for (size_t at = Find(seen, text); at != std::string_view::npos;
         at = Find(seen, text, at + 1)) {
      if (!whole_words_ || HasWordBorders(seen, at, text.size())) return true;
    }
    return false;
  }

  const std::vector<std::string> texts_;
  const Mode mode_;
  const Letters letters_;
  const bool whole_words_;
};

}  // namespace

MadeEvaluator MakeContains(Parameters& parameters) {
  std::vector<std::string> texts = parameters.Texts("texts");
  const std::string mode = parameters.OneOf("mode", {"all", "any", "none"});
  const Letters letters = parameters.Flag("ignore_case", false) ? Letters::kFold : Letters::kKeep;
  const bool whole_words = parameters.Flag("whole_words", false);
  for (std::string& text : texts) {
    text = Seen(text, letters);
    if (text.empty()) parameters.Violation("texts", "got a blank text, want words");
  }
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Contains>(
      std::move(texts), mode == "all" ? Mode::kAll : (mode == "any" ? Mode::kAny : Mode::kNone),
      letters, whole_words);
}

}  // namespace flywheel::evalgate::evaluators
