#include "eval_gate_service/evaluators/limits.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "eval_gate_service/evaluators/unicode_text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr int64_t kLargestLength = 1'000'000;

int64_t CharactersOf(std::string_view text) {
  return static_cast<int64_t>(Scalars(Composed(text)).size());
}
int64_t WordsOf(std::string_view text) { return static_cast<int64_t>(Words(text).size()); }

// How long a text is, in which unit.
struct Measuring {
  int64_t (*length)(std::string_view text);
  const char* unit;
};

class Length final : public Evaluator {
 public:
  Length(Measuring measure, std::optional<int64_t> least, std::optional<int64_t> most)
      : measure_(measure), least_(least), most_(most) {}

 private:
  Measured Measure(const Case& /*one*/, const Output& output) const override {
    const int64_t length = measure_.length(output.text);
    const char* const unit = measure_.unit;
    if (least_ && length < *least_) {
      return Score(0, fmt::format("{} {}, want at least {}", length, unit, *least_));
    }
    if (most_ && length > *most_) {
      return Score(0, fmt::format("{} {}, want at most {}", length, unit, *most_));
    }
    return Score(1, fmt::format("{} {}", length, unit));
  }

  const Measuring measure_;
  const std::optional<int64_t> least_;
  const std::optional<int64_t> most_;
};

using Figure = std::optional<double> (*)(const Output& output);

std::optional<double> LatencyOf(const Output& output) { return output.latency_ms; }
std::optional<double> CostOf(const Output& output) { return output.cost_usd; }
std::optional<double> TokensOf(const Output& output) {
  if (!output.tokens) return std::nullopt;
  return static_cast<double>(*output.tokens);
}

class Limit final : public Evaluator {
 public:
  Limit(Figure figure, const char* what, const char* unit, double most)
      : figure_(figure), what_(what), unit_(unit), most_(most) {}

 private:
  Measured Measure(const Case& /*one*/, const Output& output) const override {
    const std::optional<double> got = figure_(output);
    if (!got) {
      return Failed(
          fmt::format("no {} came with the output, want at most {} {}", what_, most_, unit_));
    }
    if (!std::isfinite(*got) || *got < 0) {
      return Failed(fmt::format("got {} {}, want 0 or above", *got, unit_));
    }
    return Score(*got <= most_ ? 1 : 0, fmt::format("{} {}, want at most {}", *got, unit_, most_));
  }

  const Figure figure_;
  const char* const what_;
  const char* const unit_;
  const double most_;
};

MadeEvaluator MakeLimit(Parameters& parameters, const char* name, Figure figure, const char* what,
                        const char* unit) {
  const std::optional<double> most = parameters.Number(name, 0, 1e15);
  RETURN_IF_ERROR(parameters.Check());
  if (!most) parameters.Violation(name, "got none, want the limit");
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Limit>(figure, what, unit, *most);
}

}  // namespace

MadeEvaluator MakeLength(Parameters& parameters) {
  const std::string unit = parameters.OneOf("unit", {"characters", "words", "spaced_words"});
  const auto least = parameters.Integer("least", 0, kLargestLength);
  const auto most = parameters.Integer("most", 0, kLargestLength);
  RETURN_IF_ERROR(parameters.Check());
  if (!most && least.value_or(0) == 0) {
    parameters.Violation("most", "got no limit that a text can miss, want most, or least above 0");
  } else if (most && least && *least > *most) {
    parameters.Violation("least", fmt::format("got {}, want at most {}", *least, *most));
  }
  RETURN_IF_ERROR(parameters.Check());
  Measuring measure{CharactersOf, "characters"};
  if (unit == "words") measure = {WordsOf, "words"};
  if (unit == "spaced_words") measure = {CountSpacedWords, "words"};
  return std::make_unique<Length>(measure, least, most);
}

MadeEvaluator MakeLatency(Parameters& parameters) {
  return MakeLimit(parameters, "most_ms", LatencyOf, "latency", "ms");
}

MadeEvaluator MakeTokens(Parameters& parameters) {
  return MakeLimit(parameters, "most_tokens", TokensOf, "number of tokens", "tokens");
}

MadeEvaluator MakeCost(Parameters& parameters) {
  return MakeLimit(parameters, "most_usd", CostOf, "cost", "USD");
}

}  // namespace flywheel::evalgate::evaluators
