#include "eval_gate_service/evaluators/evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr size_t kMaxExplanationBytes = 500;

std::string WhatIsWrongWith(const char* what, std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return fmt::format("{} has {} bytes, want at most {}", what, text.size(), kMaxTextBytes);
  }
  return IsUtf8(text) ? "" : fmt::format("{} is not UTF-8", what);
}

// Empty where nothing is.
std::string WhatIsWrong(const Case& one) {
  std::string wrong = WhatIsWrongWith("the case's input", one.input);
  for (const std::string& ideal : one.ideal_outputs) {
    if (wrong.empty()) wrong = WhatIsWrongWith("the case's ideal output", ideal);
  }
  for (const std::string& context : one.contexts) {
    if (wrong.empty()) wrong = WhatIsWrongWith("a context of the case", context);
  }
  if (one.expected_calls && one.expected_calls->size() > kMaxCalls) {
    wrong = fmt::format("the case expects {} calls, want at most {}", one.expected_calls->size(),
                        kMaxCalls);
  }
  return wrong;
}

std::string WhatIsWrong(const Output& output) {
  std::string wrong = WhatIsWrongWith("the output", output.text);
  for (const std::string& context : output.contexts) {
    if (wrong.empty()) wrong = WhatIsWrongWith("a context of the output", context);
  }
  for (const ToolCall& call : output.tool_calls) {
    if (wrong.empty()) wrong = WhatIsWrongWith("the name of a call", call.name);
    if (wrong.empty()) wrong = WhatIsWrongWith("the arguments of a call", call.arguments_json);
  }
  if (wrong.empty() && output.tool_calls.size() > kMaxCalls) {
    wrong = fmt::format("{} calls were made, want at most {}", output.tool_calls.size(), kMaxCalls);
  }
  return wrong;
}

// Every evaluator reads some of it.
int64_t StepsToReadAll(const Case& one, const Output& output) {
  int64_t steps = StepsToRead(one.input) + StepsToRead(output.text);
  for (const std::string& ideal : one.ideal_outputs) steps += StepsToRead(ideal);
  for (const std::string& context : one.contexts) steps += StepsToRead(context);
  for (const std::string& context : output.contexts) steps += StepsToRead(context);
  return steps;
}

// At most kMaxExplanationBytes of it.
std::string Shortened(std::string text) {
  const std::string_view shortened = Shorten(text, kMaxExplanationBytes);
  return shortened.size() == text.size() ? std::move(text) : std::string(shortened);
}

}  // namespace

Evaluator::Measured Evaluator::TooMuchWork() {
  std::string why = fmt::format(
      "takes too many steps: an output may take {} million in all, with texts of such sizes",
      Work::kMostSteps / 1'000'000);
  return {State::kFailed, 0, why, why};
}

std::string Evaluator::ShortfallOf(Measured& measured) const {
  if (!measured.shortfall.empty()) return std::move(measured.shortfall);
  const std::string what = wants_.empty() ? measured.explanation : fmt::format("want {}", wants_);
  return threshold_ < 1 ? fmt::format("want {:.2f} or more: {}", threshold_, what) : what;
}

Evaluation Evaluator::Evaluate(const Case& one, const Output& output) const {
  const Work work;
  Measured measured;
  if (!Work::Take(StepsToReadAll(one, output))) {
    measured = TooMuchWork();
  } else if (std::string wrong = WhatIsWrong(one); !wrong.empty()) {
    measured = NotApplicable(std::move(wrong));
  } else {
    // What cannot be measured is wrong, unless there is nothing to hold any output against.
    wrong = WhatIsWrong(output);
    measured = Measure(one, wrong.empty() ? output : Output());
    if (!wrong.empty() && measured.state != State::kNotApplicable) {
      // It quotes nothing, so everybody may know why.
      measured = {State::kFailed, 0, wrong, wrong};
    }
  }
  Evaluation evaluation;
  evaluation.state = measured.state;
  if (measured.state == State::kMeasured && std::isfinite(measured.score)) {
    evaluation.score = std::clamp(measured.score, 0.0, 1.0);
    evaluation.passed = evaluation.score >= threshold_;
  } else if (measured.state == State::kMeasured) {
    evaluation.state = State::kFailed;
  }
  if (!evaluation.passed && evaluation.state != State::kNotApplicable) {
    evaluation.shortfall = Shortened(ShortfallOf(measured));
  }
  evaluation.explanation = Shortened(std::move(measured.explanation));
  return evaluation;
}

}  // namespace flywheel::evalgate::evaluators
