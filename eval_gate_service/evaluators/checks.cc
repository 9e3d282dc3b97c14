#include "eval_gate_service/evaluators/checks.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "eval_gate_service/evaluators/make_evaluator.h"
#include "eval_gate_service/evaluators/pattern_work.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr char kChecksKind[] = "checks";

class Checks final : public Evaluator {
 private:
  Measured Measure(const Case& one, const Output& output) const override {
    int judged = 0, passed = 0;
    // Why, and what everybody may know of it.
    std::string failed, shortfall;
    const auto fail = [&](const EvaluatorSpec& check, const std::string& why,
                          const std::string& wanted) {
      failed += fmt::format("{}{}: {}", failed.empty() ? "" : "; ", check.kind, why);
      shortfall += fmt::format("{}{}: {}", shortfall.empty() ? "" : "; ", check.kind, wanted);
    };
    for (const EvaluatorSpec& check : one.checks) {
      // Each is made anew for every output.
      if (!Work::Take(StepsToCompile(check.parameters_json))) {
        ++judged;
        const Measured too_much = TooMuchWork();
        fail(check, too_much.explanation, too_much.shortfall);
        continue;
      }
      const auto evaluator = MakeCheck(check);
      if (!evaluator.ok()) {
        ++judged;
        fail(check, errors::MessageOf(evaluator.status()), "it cannot be made any more");
        continue;
      }
      const Evaluation evaluation = (*evaluator)->Evaluate(one, output);
      if (evaluation.state == State::kNotApplicable) continue;
      ++judged;
      if (evaluation.passed) {
        ++passed;
      } else {
        fail(check, evaluation.explanation, evaluation.shortfall);
      }
    }
    if (judged == 0) return NotApplicable("the case has no checks");
    return Missed(static_cast<double>(passed) / judged,
                  fmt::format("{} of {} checks passed{}{}", passed, judged,
                              failed.empty() ? "" : "; not: ", failed),
                  std::move(shortfall));
  }
};

}  // namespace

MadeEvaluator MakeChecks(Parameters& parameters) {
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<Checks>();
}

absl::StatusOr<std::unique_ptr<const Evaluator>> MakeCheck(const EvaluatorSpec& spec) {
  if (spec.kind == kChecksKind) {
    return errors::InvalidArgument("kind", "checks", "any other kind");
  }
  return MakeEvaluator(spec);
}

}  // namespace flywheel::evalgate::evaluators
