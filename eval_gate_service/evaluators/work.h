// Work: what judging one output may take, counted and not timed.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_WORK_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_WORK_H_

#include <cstdint>
#include <string_view>

namespace flywheel::evalgate::evaluators {

// A budget for what one output takes, with all evaluators and checks together. Some measures take
// the product of two texts, and whoever writes cases or outputs must not hold a core with them: 64
// checks against 256 KiB each would take minutes. Steps follow from sizes alone, so that what is
// too much for one machine is too much for every other, a year later too. One step is about a
// nanosecond.
//
// The budget is the thread's from the making of the first Work until its end; a Work inside it
// changes nothing. What strangers want to have made has one too: see Grader::kMostStepsToMake.
class Work {
 public:
  // About a second. What judging takes of two texts of 64 KiB, by whatever measure, is a third of
  // it at most.
  static constexpr int64_t kMostSteps = 1'000'000'000;

  explicit Work(int64_t steps = kMostSteps);
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work();

  // Before the work is done. False where fewer are left: then nothing is taken, and what would take
  // them is not done.
  static bool Take(int64_t steps);

  // What is left; kMostSteps where nobody has a budget.
  static int64_t left();

 private:
  const bool is_outermost_;
};

// Of the measures that have the product of two texts, or count bytes: what reading a text and
// making it comparable takes. More where it is not all ASCII.
int64_t StepsToRead(std::string_view text);

// Of the bit-parallel tables of edit_distance.h, for texts of so many characters or words.
int64_t StepsOfTable(int64_t a, int64_t b);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_WORK_H_
