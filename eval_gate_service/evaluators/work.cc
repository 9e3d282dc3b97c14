#include "eval_gate_service/evaluators/work.h"

#include "eval_gate_service/evaluators/unicode_text.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr int64_t kStepsOfAsciiByte = 12;
constexpr int64_t kStepsOfByte = 64;
constexpr int64_t kRowsAtOnce = 64;
constexpr int64_t kStepsOfBlock = 2;

constexpr int64_t kNoBudget = -1;
thread_local int64_t steps_left = kNoBudget;

}  // namespace

Work::Work(int64_t steps) : is_outermost_(steps_left == kNoBudget) {
  if (is_outermost_) steps_left = steps;
}

Work::~Work() {
  if (is_outermost_) steps_left = kNoBudget;
}

bool Work::Take(int64_t steps) {
  if (steps_left == kNoBudget) return steps <= kMostSteps;
  if (steps > steps_left) return false;
  steps_left -= steps;
  return true;
}

int64_t Work::left() { return steps_left == kNoBudget ? kMostSteps : steps_left; }

int64_t StepsToRead(std::string_view text) {
  return static_cast<int64_t>(text.size()) * (IsAscii(text) ? kStepsOfAsciiByte : kStepsOfByte);
}

int64_t StepsOfTable(int64_t a, int64_t b) {
  return kStepsOfBlock * a * ((b + kRowsAtOnce - 1) / kRowsAtOnce);
}

}  // namespace flywheel::evalgate::evaluators
