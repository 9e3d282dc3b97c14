// Lift bar: an interval of lifts, drawn with characters on a scale that all lines share.
#ifndef FLYWHEEL_CLI_EXPERIMENT_LIFT_BAR_H_
#define FLYWHEEL_CLI_EXPERIMENT_LIFT_BAR_H_

#include <cstddef>
#include <string>

namespace flywheel::cli {

// A lift and its interval, whose ends may be infinite. A lower end above the upper one: no lift is
// left.
struct ShownLift {
  double estimate = 0;
  double lower = 0;
  double upper = 0;
};

// Draws lifts below each other, 0 in the middle:
//
//   <===============|===o===:====          the interval goes on beyond the scale
//               ====|===o===:===
//                   |   ====:==o=====      better than nothing, not yet than the goal
//
// '=' is the interval, 'o' the lift, '|' is 0, ':' the goal. A lift whose interval is empty is 'x'.
// An interval that lies beyond the scale as a whole is '<<<' or '>>>' at its end.
// ASCII alone, so that every terminal shows it.
class LiftBar {
 public:
  static constexpr size_t kWidth = 41;

  // The scale goes from -reach to reach, over so many characters. REQUIRES: reach > 0, and finite;
  // `width` odd, so that 0 has its own, and at least 11.
  LiftBar(double goal, double reach, size_t width = kWidth)
      : goal_(goal), reach_(reach), width_(width) {}

  // Five times the goal to both sides; for a goal of 0 a tenth, or of an absolute lift 1.
  static double ReachFor(double goal, bool relative);

  // As wide as it was made.
  std::string Draw(const ShownLift& lift) const;

  // The scale above it, as wide: its ends, as `text` writes them, and 0.
  std::string Ruler(const std::string& lower_text, const std::string& upper_text) const;

 private:
  // Where a lift stands, of those on the scale.
  size_t At(double lift) const;

  const double goal_;
  const double reach_;
  const size_t width_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_LIFT_BAR_H_
