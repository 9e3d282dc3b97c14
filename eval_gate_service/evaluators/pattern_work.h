// What RE2 may take for patterns of strangers.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PATTERN_WORK_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PATTERN_WORK_H_

#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flywheel::evalgate::evaluators {

// In steps of work.h. Before it is compiled, whatever it is made of: a class of Unicode such as \pL
// has hundreds of ranges. Of the JSON that holds a pattern too.
inline int64_t StepsToCompile(std::string_view pattern) {
  constexpr int64_t kStepsOfByte = 1'000;
  constexpr int64_t kStepsOfClass = 100'000;
  int64_t steps = kStepsOfByte * static_cast<int64_t>(pattern.size());
  for (size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '\\' && (pattern[i + 1] | 0x20) == 'p') steps += kStepsOfClass;
  }
  return steps;
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
