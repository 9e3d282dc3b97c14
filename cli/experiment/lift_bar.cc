#include "cli/experiment/lift_bar.h"

#include <algorithm>
#include <cmath>

namespace flywheel::cli {
namespace {

constexpr double kGoalsOnTheScale = 5;
constexpr double kRelativeReach = 0.1;
constexpr double kAbsoluteReach = 1;
// Of an interval that lies beyond the scale as a whole.
constexpr size_t kBeyond = 3;

}  // namespace

double LiftBar::ReachFor(double goal, bool relative) {
  if (goal != 0 && std::isfinite(goal)) return kGoalsOnTheScale * std::abs(goal);
  return relative ? kRelativeReach : kAbsoluteReach;
}

size_t LiftBar::At(double lift) const {
  const double place = (std::clamp(lift, -reach_, reach_) + reach_) / (2 * reach_);
  return static_cast<size_t>(std::lround(place * static_cast<double>(width_ - 1)));
}

std::string LiftBar::Draw(const ShownLift& lift) const {
  std::string bar(width_, ' ');
  const bool is_empty = !(lift.lower <= lift.upper);
  if (!is_empty) {
    const size_t begin = At(lift.lower);
    std::fill_n(bar.begin() + static_cast<std::ptrdiff_t>(begin), At(lift.upper) - begin + 1, '=');
  }
  if (std::abs(goal_) <= reach_) bar[At(goal_)] = ':';
  bar[At(0)] = '|';
  // What goes on beyond the scale, and what lies there as a whole.
  if (!is_empty && lift.lower < -reach_) bar.front() = '<';
  if (!is_empty && lift.upper > reach_) bar.back() = '>';
  if (!is_empty && lift.upper < -reach_) bar.replace(0, kBeyond, kBeyond, '<');
  if (!is_empty && lift.lower > reach_) bar.replace(width_ - kBeyond, kBeyond, kBeyond, '>');
  if (std::abs(lift.estimate) <= reach_) bar[At(lift.estimate)] = is_empty ? 'x' : 'o';
  return bar;
}

std::string LiftBar::Ruler(const std::string& lower_text, const std::string& upper_text) const {
  std::string ruler(width_, ' ');
  const size_t half = width_ / 2 - 1;
  const std::string lower = lower_text.substr(0, half);
  const std::string upper = upper_text.substr(0, half);
  std::copy(lower.begin(), lower.end(), ruler.begin());
  ruler[At(0)] = '0';
  std::copy(upper.begin(), upper.end(), ruler.end() - static_cast<std::ptrdiff_t>(upper.size()));
  return ruler;
}

}  // namespace flywheel::cli
