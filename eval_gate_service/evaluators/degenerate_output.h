// Degenerate output check: whether a candidate says the same whatever it is asked, over a suite.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_DEGENERATE_OUTPUT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_DEGENERATE_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/evaluators/evaluator.h"

namespace flywheel::evalgate::evaluators {

// What was counted, and what it says.
struct Degeneracy {
  int64_t answered = 0;
  // How many answers are the most frequent one, and how many cases have the most frequent ideal.
  int64_t most_frequent = 0;
  int64_t most_frequent_ideal = 0;
  int64_t different_ideals = 0;
  // Of at least 20 answers, whose cases have at least 5 different ideals, more than half are one
  // and the same, and that is at least twice as many as share the most frequent ideal. A win rate
  // can be bought by a constant answer; where one answer is right nearly always, always giving it
  // is no sign of that.
  bool is_degenerate = false;
};

// Takes the cases of a suite one by one and holds a hash of each different answer, not its text.
// Two answers are the same where their texts are after Seen(kFold) (unicode_text.h), and their
// calls: names and arguments as JSON values, in their order. Not shared by threads.
class DegenerateOutput {
 public:
  void Add(const Case& one, const Output& output);

  // Does not depend on the order of the cases.
  Degeneracy Measure() const;

 private:
  using Counts = absl::flat_hash_map<std::string, int64_t>;

  static int64_t Largest(const Counts& counts);

  int64_t answered_ = 0;
  Counts outputs_;
  Counts ideals_;
};

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_DEGENERATE_OUTPUT_H_
