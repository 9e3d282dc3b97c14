#include "cli/experiment/watch_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/experiment/experiment_words.h"
#include "cli/table.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

constexpr char kNoColour[] = "\x1b[0m";
// A treatment's columns, behind the time's.
constexpr char kRow[] = "{:<{}}  {:>11}  {:>10}  {:<24}  {}  {}";
// In front of them.
constexpr char kTimeColumn[] = "{:<20}  ";
// Of a terminal that a row of columns fits, with what stands; on a narrower one there are two lines
// a treatment, the second one with the bar.
constexpr int kWideColumns = 160;
// Of the second line, without the bar: two blanks on both sides and what stands.
constexpr int kBesideTheBar = 42;
constexpr int kLeastBarWidth = 21;

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

// As wide as the terminal has room for; odd, as bars are.
size_t BarWidth(const WatchStyle& style) {
  if (!style.IsNarrow()) return LiftBar::kWidth;
  const int most = static_cast<int>(LiftBar::kWidth);
  const int width = std::clamp(style.columns - kBesideTheBar, kLeastBarWidth, most);
  return static_cast<size_t>(width % 2 == 1 ? width : width - 1);
}

std::string StandsAndLeft(const experiment_v1::AnalysisPlan& plan,
                          const experiment_v1::Comparison& comparison) {
  const std::string days_left = DaysLeftText(comparison);
  return StandsText(plan, comparison) + (days_left.empty() ? "" : ", " + days_left);
}

}  // namespace

bool WatchStyle::IsNarrow() const { return bars && columns > 0 && columns < kWideColumns; }

WatchLines::WatchLines(experiment_v1::Experiment experiment, WatchStyle style)
    : experiment_(std::move(experiment)),
      style_(style),
      relative_scale_(experiment_.plan().primary().scale() != experiment_v1::SCALE_ABSOLUTE),
      // By the plan, and not by an analysis: one without data has no goal yet.
      goal_(PlannedGoal({experiment_.plan().primary(), experiment_v1::METRIC_ROLE_PRIMARY})),
      reach_(style_.reach > 0 ? style_.reach : LiftBar::ReachFor(goal_, relative_scale_)),
      bar_(goal_, reach_, BarWidth(style_)) {}

std::string WatchLines::Of(const experiment_v1::Analysis& analysis) {
  std::string text;
  const std::string time = TimeText(analysis.as_of());
  for (const experiment_v1::Comparison& comparison : analysis.comparisons()) {
    std::string row = RowOf(analysis, comparison);
    if (written_.empty() && style_.bars) text += Heading();
    std::string& written = written_[comparison.arm_id()];
    if (written == row) continue;
    const char* colour = style_.colours ? ColourOf(comparison.recommendation()) : "";
    text += colour;
    text += fmt::format(kTimeColumn, time);
    text += fmt::format("{}{}\n", row, *colour == '\0' ? "" : kNoColour);
    written = std::move(row);
  }
  return text;
}

std::string WatchLines::RowOf(const experiment_v1::Analysis& analysis,
                              const experiment_v1::Comparison& comparison) const {
  // There is a primary metric in every analysis; what a later service sends is not for us to trust.
  const experiment_v1::MetricComparison none;
  const experiment_v1::MetricComparison& primary =
      comparison.metrics().empty() ? none : comparison.metrics(0);
  const bool relative = IsRelative(experiment_.plan().primary(), primary);
  const ShownLift lift = RunningLift(primary, relative);
  const bool has_data = HasData(experiment_, analysis, comparison.arm_id(), primary.metric());
  const std::string units = WithThousands(UnitsOf(experiment_, analysis, comparison.arm_id()));
  const std::string lift_text = has_data ? LiftText(lift.estimate, relative) : "-";
  const std::string interval = has_data ? IntervalText(lift.lower, lift.upper, relative) : "-";
  const std::string stands = StandsAndLeft(experiment_.plan(), comparison);
  // A lift of another scale than the bars' has none, as while the control's mean is 0.
  const bool has_bar = has_data && relative == relative_scale_;
  const std::string bar = has_bar ? bar_.Draw(lift) : std::string(BarWidth(style_), ' ');
  if (style_.bars && !style_.IsNarrow()) {
    return fmt::format(kRow, comparison.arm_id(), ArmWidth(experiment_), units, lift_text, interval,
                       bar, stands);
  }
  const std::string figures = fmt::format("{}: {} units, lift {}{}", comparison.arm_id(), units,
                                          lift_text, has_data ? " " + interval : "");
  return style_.bars ? fmt::format("{}\n  {}  {}", figures, bar, stands)
                     : fmt::format("{}, {}", figures, stands);
}

std::string WatchLines::Heading() const {
  const experiment_v1::Metric& primary = experiment_.plan().primary();
  const std::string ruler =
      bar_.Ruler(LiftText(-reach_, relative_scale_), LiftText(reach_, relative_scale_));
  std::string text = fmt::format(
      "{}: lift of '{}' against the control{}('=' interval of all looks, 'o' lift, '|' 0, ':' "
      "goal{})\n",
      Printable(experiment_.experiment_id()), Printable(primary.name()),
      style_.IsNarrow() ? "\n" : " ",
      primary.direction() == experiment_v1::DIRECTION_LOWER_IS_BETTER ? "; lower is better" : "");
  if (style_.IsNarrow()) return text + fmt::format("  {}  STANDS\n", ruler);
  text += fmt::format(kTimeColumn, "TIME");
  return text +
         fmt::format(kRow, "TREATMENT", ArmWidth(experiment_), "UNITS", "LIFT", "INTERVAL", ruler,
                     "STANDS") +
         "\n";
}

}  // namespace flywheel::cli
