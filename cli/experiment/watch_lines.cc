#include "cli/experiment/watch_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/experiment/experiment_words.h"
#include "cli/table.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

constexpr char kNoColour[] = "\x1b[0m";
// A treatment's columns, behind the time's.
constexpr char kRow[] = "{:<{}}  {:>11}  {:>10}  {:<24}  {}  {}";

const char* ColourOf(experiment_v1::Recommendation recommendation) {
  switch (recommendation) {
    case experiment_v1::RECOMMENDATION_SHIP:
      return "\x1b[32m";  // Green.
    case experiment_v1::RECOMMENDATION_ROLLBACK:
      return "\x1b[31m";  // Red.
    case experiment_v1::RECOMMENDATION_HOLD:
      return "\x1b[33m";  // Yellow.
    case experiment_v1::RECOMMENDATION_STOP_FUTILE:
      return "\x1b[35m";  // Magenta.
    default:
      return "";
  }
}

size_t ArmWidth(const experiment_v1::Experiment& experiment) {
  size_t width = std::string_view("TREATMENT").size();
  for (const experiment_v1::Arm& arm : experiment.arms()) {
    if (!arm.control()) width = std::max(width, arm.arm_id().size());
  }
  return width;
}

std::string Stands(const experiment_v1::Comparison& comparison) {
  return fmt::format("{} ({})", NameOf(comparison.recommendation()), NameOf(comparison.reason()));
}

}  // namespace

std::string WatchLines::Of(const experiment_v1::Analysis& analysis) {
  std::string text;
  const std::string time = SecondsText(rpc::FromProto(analysis.as_of()));
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    const bool is_first = !bar_.has_value();
    std::string row = RowOf(analysis, comparison);
    if (is_first && style_.bars) text += Heading();
    std::string& written = written_[comparison.arm_id()];
    if (written == row) continue;
    const char* colour = style_.colours ? ColourOf(comparison.recommendation()) : "";
    text += fmt::format("{}{:<20}  {}{}\n", colour, time, row, *colour == '\0' ? "" : kNoColour);
    written = std::move(row);
  }
  return text;
}

std::string WatchLines::RowOf(const experiment_v1::Analysis& analysis,
                              const experiment_v1::Comparison& comparison) {
  // There is a primary metric in every analysis; what a later service sends is not for us to trust.
  const experiment_v1::MetricComparison none;
  const experiment_v1::MetricComparison& primary =
      comparison.metrics().empty() ? none : comparison.metrics(0);
  const bool relative = IsRelative(experiment_.plan().primary(), primary);
  const ShownLift lift = RunningLift(primary, relative);
  if (!bar_) {
    relative_scale_ = experiment_.plan().primary().scale() != experiment_v1::SCALE_ABSOLUTE;
    reach_ =
        style_.reach > 0 ? style_.reach : LiftBar::ReachFor(primary.goal_lift(), relative_scale_);
    bar_.emplace(primary.goal_lift(), reach_);
  }
  const std::string units = WithThousands(UnitsOf(experiment_, analysis, comparison.arm_id()));
  if (style_.bars) return BarRow(comparison, lift, relative, units);
  return fmt::format("{}: {} units, lift {} {}, {}", comparison.arm_id(), units,
                     LiftText(lift.estimate, relative),
                     IntervalText(lift.lower, lift.upper, relative), Stands(comparison));
}

std::string WatchLines::BarRow(const experiment_v1::Comparison& comparison, const ShownLift& lift,
                               bool relative, const std::string& units) const {
  // A lift of another scale than the bars' has none, as while the control's mean is 0.
  const std::string bar =
      relative == relative_scale_ ? bar_->Draw(lift) : std::string(LiftBar::kWidth, ' ');
  return fmt::format(kRow, comparison.arm_id(), ArmWidth(experiment_), units,
                     LiftText(lift.estimate, relative),
                     IntervalText(lift.lower, lift.upper, relative), bar, Stands(comparison));
}

std::string WatchLines::Heading() const {
  const experiment_v1::Metric& primary = experiment_.plan().primary();
  const std::string ruler =
      bar_->Ruler(LiftText(-reach_, relative_scale_), LiftText(reach_, relative_scale_));
  return fmt::format(
             "{}: lift of '{}' against the control ('=' interval, 'o' lift, '|' 0, ':' goal"
             "{})\n",
             Printable(experiment_.experiment_id()), Printable(primary.name()),
             primary.direction() == experiment_v1::DIRECTION_LOWER_IS_BETTER ? "; lower is better"
                                                                             : "") +
         fmt::format("{:<20}  ", "TIME") +
         fmt::format(kRow, "TREATMENT", ArmWidth(experiment_), "UNITS", "LIFT", "INTERVAL", ruler,
                     "STANDS") +
         "\n";
}

}  // namespace flywheel::cli
