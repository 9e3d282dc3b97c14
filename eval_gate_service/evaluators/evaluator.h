// Evaluator: a measure of one output of a candidate, 0 to 1, with the threshold that it must reach.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/evaluator_spec.h"

namespace flywheel::evalgate::evaluators {

// Texts that are longer are not measured: 256 KiB.
inline constexpr size_t kMaxTextBytes = size_t{256} * 1024;
// More calls than these in one case are not compared.
inline constexpr size_t kMaxCalls = 128;

// A call of a tool that was made.
struct ToolCall {
  std::string name;
  // A JSON object; empty means one without members.
  std::string arguments_json;
};

// A call of a tool that would be right.
struct ExpectedCall {
  std::string name;
  // A JSON object; empty means one without members. With `any_of` each member is the list of the
  // values that are allowed for this argument; an empty text in the list says that the argument may
  // be left out (the form of the Berkeley Function Calling Leaderboard). Objects among the values
  // have lists as members, in the same way.
  std::string arguments_json;
  bool any_of = false;
};

// A tool that the candidate may call.
struct Tool {
  std::string name;
  // Of its parameters, an object; empty where nobody said.
  std::string parameters_json_schema;
};

// What is asked, and what would be right.
struct Case {
  std::string input;
  // Each is right; the best one counts. None: the case says nothing about the text.
  std::vector<std::string> ideal_outputs;
  // Not set: the case says nothing about calls. Empty: no call is right.
  std::optional<std::vector<ExpectedCall>> expected_calls;
  std::vector<Tool> tools;
  // Texts that the answer is to stand on.
  std::vector<std::string> contexts;
  // What its output in particular must show; for the kind "checks" alone.
  std::vector<EvaluatorSpec> checks;
};

// What a program of the pipeline's own says of an output.
struct ExternalScore {
  std::string name;
  std::string version;
  double score = 0;
  std::string explanation;
};

// What a candidate answered.
struct Output {
  std::string text;
  // In the order in which they were made.
  std::vector<ToolCall> tool_calls;
  // What the candidate says that it retrieved. Whether it is believed says each evaluator that
  // looks at contexts.
  std::vector<std::string> contexts;
  std::optional<double> latency_ms;
  // Read and written, together.
  std::optional<int64_t> tokens;
  std::optional<double> cost_usd;
  std::vector<ExternalScore> external_scores;
};

enum class State {
  kMeasured,
  // The case has nothing to hold an output against. It depends on the case alone, so that a suite
  // can be asked before it is sealed: evaluate any output, such as an empty one.
  kNotApplicable,
  // The output cannot be measured: no UTF-8, no JSON, too long, too much work, without the figure.
  // It is wrong.
  kFailed,
};

struct Evaluation {
  State state = State::kFailed;
  // 0 to 1; 0 unless measured.
  double score = 0;
  // Measured, and the score is at the threshold or above.
  bool passed = false;
  // Plain words for a person: what was held against what. At most some 500 bytes; it may quote the
  // ideal output, which not everybody may see.
  std::string explanation;
  // Where it did not pass, what was wanted, for everybody: it quotes nothing of what would be
  // right. At most some 500 bytes; empty where it passed, or the case has nothing to hold it
  // against.
  std::string shortfall;
};

// Made once for a suite by MakeEvaluator. Deterministic: no clock, locale, chance or I/O. Threads
// may share it.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Such as "exact", and what its definition counts as: whenever a score changes, it does.
  const std::string& kind() const { return kind_; }
  int version() const { return version_; }
  double threshold() const { return threshold_; }

  // Never throws and never ends the process, whatever was answered. What would take more steps than
  // are left of the thread's budget (work.h) is not measured, and fails; without one it has a
  // budget of its own.
  Evaluation Evaluate(const Case& one, const Output& output) const;

 protected:
  Evaluator() = default;

  struct Measured {
    State state = State::kMeasured;
    double score = 0;
    std::string explanation;
    // As Evaluation has it, where the kind itself knows better than EvaluatorKind::wants.
    std::string shortfall = {};
  };
  static Measured Score(double score, std::string explanation) {
    return {State::kMeasured, score, std::move(explanation)};
  }
  // With words for everybody about what is missing.
  static Measured Missed(double score, std::string explanation, std::string shortfall) {
    return {State::kMeasured, score, std::move(explanation), std::move(shortfall)};
  }
  static Measured NotApplicable(std::string why) {
    return {State::kNotApplicable, 0, std::move(why)};
  }
  static Measured Failed(std::string why) { return {State::kFailed, 0, std::move(why)}; }
  // Where Work::Take says no.
  static Measured TooMuchWork();

 private:
  friend class EvaluatorFactory;

  // All texts are UTF-8 and at most kMaxTextBytes.
  virtual Measured Measure(const Case& one, const Output& output) const = 0;

  std::string ShortfallOf(Measured& measured) const;

  std::string kind_;
  // EvaluatorKind::wants, which lives for ever.
  std::string_view wants_;
  int version_ = 0;
  double threshold_ = 1;
};

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_EVALUATOR_H_
