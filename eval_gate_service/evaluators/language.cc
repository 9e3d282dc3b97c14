#include "eval_gate_service/evaluators/language.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/function_words.h"
#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kShortWords = 3;
constexpr int64_t kStepsOfByte = 200;

using Codes = std::vector<std::string>;

bool Has(const Codes& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

class LanguageMatch final : public Evaluator {
 public:
  explicit LanguageMatch(Codes languages) : languages_(std::move(languages)) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    // Each word is looked for in the words of every language.
    if (!Work::Take(kStepsOfByte * static_cast<int64_t>(one.input.size() + output.text.size()))) {
      return TooMuchWork();
    }
    Codes wanted = languages_;
    if (wanted.empty()) {
      std::string asked = LanguageOf(one.input);
      if (asked.empty()) return NotApplicable("the language of the case's input is unknown");
      wanted.push_back(std::move(asked));
    }
    const size_t words = Words(output.text).size();
    if (words == 0) return Score(0, "no word");
    const std::string said = LanguageOf(output.text);
    if (!said.empty()) {
      return Score(Has(wanted, said) ? 1 : 0,
                   fmt::format("{}, want {}", said, fmt::join(wanted, " or ")));
    }
    const bool any_latin = std::any_of(wanted.begin(), wanted.end(), HasFunctionWords);
    if (words <= kShortWords && any_latin) return Score(1, "too short for a language");
    return Score(0, fmt::format("of no known language, want {}", fmt::join(wanted, " or ")));
  }

  const Codes languages_;
};

}  // namespace

MadeEvaluator MakeLanguage(Parameters& parameters) {
  Codes languages = parameters.Texts("languages");
  for (const std::string& code : languages) {
    if (Has(KnownLanguages(), code)) continue;
    parameters.Violation("languages", fmt::format("got {}, want one of {}", QuotedBriefly(code),
                                                  fmt::join(KnownLanguages(), ", ")));
  }
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<LanguageMatch>(std::move(languages));
}

}  // namespace flywheel::evalgate::evaluators
