#include "eval_gate_service/evaluators/numeric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/number_text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

struct Options {
  std::string take;
  DecimalMark mark = DecimalMark::kPoint;
  double absolute_tolerance = 0;
  double relative_tolerance = 0;
  bool percent_is_fraction = false;
  std::string unit;
};

class Numeric final : public Evaluator {
 public:
  explicit Numeric(Options options) : options_(std::move(options)) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    // Step 1: what would be right.
    std::vector<double> ideals;
    for (const std::string& ideal : one.ideal_outputs) {
      const std::vector<TextNumber> numbers = ReadNumbers(ForNumbers(ideal), options_.mark);
      if (!numbers.empty()) ideals.push_back(ValueOf(numbers.back()));
    }
    if (ideals.empty()) return NotApplicable("no ideal output of the case has a number");

    // Step 2: what was said.
    const std::string text = ForNumbers(output.text);
    const std::vector<TextNumber> numbers = ReadNumbers(text, options_.mark);
    if (numbers.empty()) return Score(0, fmt::format("no number, want {}", ideals.front()));
    if (options_.take == "only" && numbers.size() > 1) {
      return Score(0, fmt::format("{} numbers, want one, {}", numbers.size(), ideals.front()));
    }
    const TextNumber& number = options_.take == "first" ? numbers.front() : numbers.back();
    const double got = ValueOf(number);
    if (!HasUnit(text, number)) {
      return Score(0, fmt::format("got {} without the unit {}", got, options_.unit));
    }

    // Step 3: near enough to any.
    const bool near =
        std::any_of(ideals.begin(), ideals.end(), [&](double ideal) { return IsNear(got, ideal); });
    return Score(near ? 1 : 0, fmt::format("got {}, want {}", got, ideals.front()));
  }

  double ValueOf(const TextNumber& number) const {
    return number.percent && options_.percent_is_fraction ? number.value / 100 : number.value;
  }

  bool IsNear(double got, double ideal) const {
    const double tolerance =
        std::max(options_.absolute_tolerance, options_.relative_tolerance * std::abs(ideal));
    // Infinite is near to nothing, itself neither.
    return std::isfinite(got) && std::abs(got - ideal) <= tolerance;
  }

  bool HasUnit(const std::string& text, const TextNumber& number) const {
    const size_t behind = std::min(text.find_first_not_of(" \x1f", number.end), text.size());
    return text.compare(behind, options_.unit.size(), options_.unit) == 0;
  }

  const Options options_;
};

}  // namespace

MadeEvaluator MakeNumeric(Parameters& parameters) {
  Options options;
  options.take = parameters.OneOf("take", {"last", "first", "only"});
  const bool comma = parameters.OneOf("decimal", {"point", "comma"}) == "comma";
  options.mark = comma ? DecimalMark::kComma : DecimalMark::kPoint;
  options.absolute_tolerance = parameters.Number("absolute_tolerance", 0, 0, 1e300);
  options.relative_tolerance = parameters.Number("relative_tolerance", 0, 0, 1);
  options.percent_is_fraction =
      parameters.OneOf("percent", {"as_written", "fraction"}) == "fraction";
  options.unit = parameters.Text("unit");
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Numeric>(std::move(options));
}

}  // namespace flywheel::evalgate::evaluators
