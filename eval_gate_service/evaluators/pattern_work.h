// What RE2 may take for patterns of strangers.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PATTERN_WORK_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PATTERN_WORK_H_

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flywheel::evalgate::evaluators {

// In steps of work.h. Before it is compiled, whatever it is made of: a class of Unicode such as \pL
// has hundreds of ranges, and what is repeated is written out. Of the JSON that holds a pattern
// too, as CanonicalParameters has it, where no letter hides in an escape.
inline int64_t StepsToCompile(std::string_view pattern) {
  constexpr int64_t kStepsOfByte = 1'000;
  constexpr int64_t kStepsOfClass = 200'000;
  constexpr int64_t kStepsOfRepeat = 200;
  // RE2 takes no more.
  constexpr int64_t kMostRepeats = 1'000;
  int64_t steps = kStepsOfByte * static_cast<int64_t>(pattern.size());
  int64_t repeats = -1;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size() && (pattern[i + 1] | 0x20) == 'p') {
      steps += kStepsOfClass;
    }
    // Each number of "{2,40}".
    if (c == '{' || (c == ',' && repeats >= 0)) {
      repeats = 0;
    } else if (repeats >= 0 && c >= '0' && c <= '9') {
      const int64_t before = repeats;
      repeats = std::min(kMostRepeats, 10 * repeats + (c - '0'));
      steps += kStepsOfRepeat * (repeats - before);
    } else {
      repeats = -1;
    }
  }
  return steps;
}

// Once it is: what that took beside StepsToCompile, by what came of it.
inline int64_t StepsOfProgram(const RE2& pattern) {
  constexpr int64_t kStepsOfInstruction = 1'000;
  return kStepsOfInstruction * pattern.ProgramSize();
}

// RE2 goes over a text once, and at worst, where its states would take too much memory, with all of
// its program for each byte. The program itself took as much as 100 bytes do.
inline int64_t StepsToMatch(const RE2& pattern, std::string_view text) {
  constexpr int64_t kStepsOfInstruction = 5;
  constexpr size_t kCompiledBytes = 100;
  return kStepsOfInstruction * pattern.ProgramSize() *
         static_cast<int64_t>(kCompiledBytes + text.size());
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PATTERN_WORK_H_
