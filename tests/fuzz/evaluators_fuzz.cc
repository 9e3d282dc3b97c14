// Whatever is answered, held against whatever ideal, by whatever schema or pattern: every evaluator
// says a score from 0 to 1, or why there is none, and the same again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/make_evaluator.h"

namespace {

using namespace flywheel::evalgate::evaluators;

// Up to the next zero byte, which is taken away too.
std::string Next(std::string_view& rest) {
  const size_t end = std::min(rest.find('\0'), rest.size());
  std::string part(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

void Check(const Evaluator& evaluator, const Case& one, const Output& output) {
  const Evaluation first = evaluator.Evaluate(one, output);
  const Evaluation second = evaluator.Evaluate(one, output);
  if (!(first.score >= 0 && first.score <= 1) || first.explanation.empty()) std::abort();
  if (first.passed != (first.state == State::kMeasured && first.score >= evaluator.threshold())) {
    std::abort();
  }
  if (first.state != State::kMeasured && first.score != 0) std::abort();
  if (second.state != first.state || second.score != first.score ||
      second.explanation != first.explanation) {
    std::abort();
  }
}

// Those that do with the defaults.
const std::vector<std::unique_ptr<const Evaluator>>& Evaluators() {
  static const auto& evaluators = *new std::vector<std::unique_ptr<const Evaluator>>([] {
    std::vector<std::unique_ptr<const Evaluator>> made;
    for (const EvaluatorKind& kind : EvaluatorKinds()) {
      auto evaluator = MakeEvaluator({std::string(kind.name), "", 0.5});
      if (evaluator.ok()) made.push_back(*std::move(evaluator));
    }
    made.push_back(*MakeEvaluator({"tool_calls", R"({"strict": true})", 0.5}));
    made.push_back(*MakeEvaluator({"list_match", R"({"similarity": "levenshtein"})", 0.5}));
    return made;
  }());
  return evaluators;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Quadratic measures make a fuzzer slow, and find nothing new.
  if (size > 4096) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Case one;
  one.ideal_outputs = {Next(rest)};
  Output output;
  output.text = Next(rest);
  one.input = Next(rest);
  one.contexts = {Next(rest)};
  output.tool_calls = {{"f", Next(rest)}};
  one.expected_calls = {{"f", Next(rest), size % 2 == 0}};
  const std::string schema = Next(rest);
  one.tools = {{"f", schema}};
  for (const auto& evaluator : Evaluators()) Check(*evaluator, one, output);
  for (const std::string& parameters :
       {R"({"schema": )" + schema + "}", R"({"schema": )" + schema + R"(, "fenced": true})"}) {
    const auto made = MakeEvaluator({"json_schema", parameters, std::nullopt});
    if (made.ok()) Check(**made, one, output);
  }
  return 0;
}
