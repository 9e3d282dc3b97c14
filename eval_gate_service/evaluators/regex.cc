#include "eval_gate_service/evaluators/regex.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/pattern_work.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

struct Options {
  bool full = false;
  bool ignore_case = false;
  bool negate = false;
};

std::unique_ptr<RE2> Compile(std::string_view pattern, const Options& options) {
  RE2::Options re2;
  re2.set_log_errors(false);
  re2.set_max_mem(1 << 20);
  re2.set_case_sensitive(!options.ignore_case);
  // Line breaks are text like other text: "." of a full match goes over them.
  re2.set_dot_nl(options.full);
  return std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), re2);
}

bool Matches(const RE2& pattern, std::string_view text, const Options& options) {
  if (!options.full) return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// Texts that have nothing in common, silence among them.
bool MatchesAll(const RE2& pattern, const Options& options) {
  return Matches(pattern, "", options) && Matches(pattern, "a", options) &&
         Matches(pattern, "9", options) && Matches(pattern, "~\n\u00e9", options);
}

class Regex final : public Evaluator {
 public:
  // `pattern` may be null: the case's.
  Regex(std::unique_ptr<RE2> pattern, const Options& options)
      : pattern_(std::move(pattern)), options_(options) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    if (pattern_ != nullptr) {
      if (!Work::Take(StepsToMatch(*pattern_, output.text))) return TooMuchWork();
      return Result(Matches(*pattern_, output.text, options_), pattern_->pattern());
    }
    const std::vector<std::string_view> ideals = SpokenIdeals(one);
    if (ideals.empty()) return NotApplicable("neither the suite nor the case has a pattern");
    bool matches = false;
    for (const std::string_view ideal : ideals) {
      if (!Work::Take(StepsToCompile(ideal))) return TooMuchWork();
      const std::unique_ptr<RE2> pattern = Compile(ideal, options_);
      if (!pattern->ok()) {
        return NotApplicable(fmt::format("the case's pattern {} is none: {}", QuotedBriefly(ideal),
                                         pattern->error()));
      }
      if (!Work::Take(StepsToMatch(*pattern, output.text))) return TooMuchWork();
      matches = matches || Matches(*pattern, output.text, options_);
    }
    return Result(matches, ideals.front());
  }

  Measured Result(bool matches, std::string_view pattern) const {
    return Score(
        matches != options_.negate ? 1 : 0,
        fmt::format("{} {}", matches ? "matches" : "does not match", QuotedBriefly(pattern)));
  }

  const std::unique_ptr<RE2> pattern_;
  const Options options_;
};

}  // namespace

MadeEvaluator MakeRegex(Parameters& parameters) {
  const std::string text = parameters.Text("pattern");
  Options options;
  options.full = parameters.Flag("full", false);
  options.ignore_case = parameters.Flag("ignore_case", false);
  options.negate = parameters.Flag("negate", false);
  std::unique_ptr<RE2> pattern;
  if (!text.empty()) {
    pattern = Compile(text, options);
    if (!pattern->ok()) {
      parameters.Violation("pattern", fmt::format("got {} ({}), want RE2's syntax",
                                                  QuotedBriefly(text), pattern->error()));
    } else if (!Work::Take(StepsOfProgram(*pattern))) {
      parameters.Violation("pattern",
                           fmt::format("got {}, which takes too many steps to compile, want a "
                                       "shorter one, or fewer beside it",
                                       QuotedBriefly(text)));
    } else if (MatchesAll(*pattern, options)) {
      parameters.Violation(
          "pattern", fmt::format("got {}, which matches whatever is said, want one that something "
                                 "does not match",
                                 QuotedBriefly(text)));
    }
  }
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Regex>(std::move(pattern), options);
}

}  // namespace flywheel::evalgate::evaluators
