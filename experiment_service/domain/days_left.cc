#include "experiment_service/domain/days_left.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/domain/outcome_counts.h"

namespace flywheel::experiment {
namespace {

double Days(absl::Duration duration) { return absl::ToDoubleHours(duration) / 24; }

// The question how many units show a metric's goal; nothing where the arms say too little. What is
// no rate is asked for as a mean of values that vary as much as its standard error says.
std::optional<SizeQuestion> QuestionOf(const Metric& metric, const OutcomeCounts& control,
                                       const OutcomeCounts& treatment) {
  const std::optional<Contrast> contrast = Contrast::Of(metric, control, treatment);
  if (!contrast) return std::nullopt;
  SizeQuestion question;
  question.metric = metric;
  question.control_mean = contrast->control_mean();
  if (metric.scale == Scale::kRelative && question.control_mean == 0) return std::nullopt;
  if (contrast->binary()) {
    const bool varies = question.control_mean > 0 && question.control_mean < 1;
    return varies ? std::optional(question) : std::nullopt;
  }
  const double inverses =
      1 / static_cast<double>(control.units()) + 1 / static_cast<double>(treatment.units());
  question.standard_deviation = contrast->StandardError() / std::sqrt(inverses);
  if (!(*question.standard_deviation > 0)) return std::nullopt;
  return question;
}

// Of both arms together, without a plan; nothing where no number shows it.
std::optional<double> UnitsThatShow(SizeQuestion question) {
  double lift = 0;
  if (question.metric.goal == Goal::kSuperior) {
    lift = ExperimentSize(question).GoalLift();
    question.metric.min_lift = 0;
  }
  const ExperimentSize size(question);
  if (!size.IsBeyondGoal(lift)) return std::nullopt;
  return size.UnitsWithoutPlan(lift);
}

// One treatment's way to its answer.
class Forecast {
 public:
  Forecast(const Experiment& experiment, const Comparison& comparison, absl::Time as_of)
      : plan_(experiment.plan),
        comparison_(comparison),
        days_(Days(TimeAtFullTraffic(experiment, as_of))),
        coverage_(experiment.coverage()) {}

  // Until `needed` units are there of which `units` have come; nothing where it cannot be said.
  std::optional<double> Until(double needed, int64_t units) const {
    const auto come = static_cast<double>(units);
    const double per_day = days_ > 0 ? come / days_ * coverage_ : 0;
    if (needed <= come) return 0;
    return per_day > 0 ? std::optional((needed - come) / per_day) : std::nullopt;
  }

  // Until the goal of the metric at a position shows.
  std::optional<double> UntilGoal(size_t position,
                                  const std::optional<SizeQuestion>& question) const {
    const int64_t units = UnitsOf(position);
    if (units < plan_.planned_units) return Until(static_cast<double>(plan_.planned_units), units);
    const std::optional<double> needed = question ? UnitsThatShow(*question) : std::nullopt;
    if (!needed || *needed <= static_cast<double>(units)) return std::nullopt;
    return Until(*needed, units);
  }

  // Until nothing is too few any more.
  std::optional<double> UntilEnough() const {
    const MetricComparison& primary = comparison_.metrics.front();
    const int64_t smaller = std::min(primary.control_units, primary.treatment_units);
    const auto both = Until(static_cast<double>(plan_.min_units), UnitsOf(0));
    const auto each = Until(static_cast<double>(plan_.min_units_per_arm), smaller);
    return both && each ? std::optional(std::max(*both, *each)) : std::nullopt;
  }

 private:
  int64_t UnitsOf(size_t position) const {
    const MetricComparison& metric = comparison_.metrics[position];
    return metric.control_units + metric.treatment_units;
  }

  const AnalysisPlan& plan_;
  const Comparison& comparison_;
  const double days_;
  const double coverage_;
};

// Whether more units are asked for; of what is out of reach only the time is.
bool IsOpen(const MetricComparison& metric) {
  const bool given_up = metric.role == MetricRole::kPrimary && metric.proof == Proof::kFutile;
  return metric.proof != Proof::kGoal && !given_up;
}

}  // namespace

absl::Duration TimeAtFullTraffic(const Experiment& experiment, absl::Time as_of) {
  const absl::Duration running = as_of - experiment.create_time;
  if (!experiment.ramp) return running;
  const Ramp& ramp = *experiment.ramp;
  const absl::Duration at_step =
      std::clamp(as_of - ramp.state.step_time, absl::ZeroDuration(), running);
  absl::Duration full = at_step * ramp.coverage();
  // A first step that counts anew, after a pause, has had all of the time.
  if (ramp.state.step == 0) return full + (running - at_step) * ramp.coverage();
  absl::Duration asked = absl::ZeroDuration();
  for (size_t i = 0; i < ramp.state.step; ++i) asked += ramp.steps[i].min_duration;
  for (size_t i = 0; i < ramp.state.step; ++i) {
    const double part = asked > absl::ZeroDuration()
                            ? absl::FDivDuration(ramp.steps[i].min_duration, asked)
                            : 1 / static_cast<double>(ramp.state.step);
    full += (running - at_step) * part * ramp.steps[i].coverage;
  }
  return full;
}

std::optional<double> ExpectedDaysLeft(const Experiment& experiment,
                                       const std::vector<double>& shares,
                                       const std::vector<ArmCounts>& counts,
                                       const Comparison& comparison, absl::Time as_of) {
  const AnalysisPlan& plan = experiment.plan;
  const absl::Duration running = as_of - experiment.create_time;
  if (comparison.look.recommendation != Recommendation::kContinue) return std::nullopt;
  if (experiment.state == State::kStopped || running <= absl::ZeroDuration()) return std::nullopt;
  const size_t control = experiment.ControlIndex();
  const Forecast forecast(experiment, comparison, as_of);
  std::optional<double> days = forecast.UntilEnough();
  for (size_t i = 0; i < plan.deciding() && days; ++i) {
    if (!IsOpen(comparison.metrics[i])) continue;
    const Metric& metric = plan.metrics[i];
    std::optional<OutcomeCounts> made, made_of_control;
    auto question = QuestionOf(metric, counts[control].Counted(metric, i, made_of_control),
                               counts[comparison.arm].Counted(metric, i, made));
    if (question) {
      question->alpha = plan.alpha;
      question->treatments = static_cast<int>(counts.size()) - 1;
      question->treatment_share =
          shares[comparison.arm] / (shares[control] + shares[comparison.arm]);
    }
    const std::optional<double> until = forecast.UntilGoal(i, question);
    days = until ? std::optional(std::max(*days, *until)) : std::nullopt;
  }
  if (days) days = std::max(*days, Days(plan.min_duration - running));
  if (plan.max_duration > absl::ZeroDuration()) {
    const double most = std::max(0.0, Days(plan.max_duration - running));
    days = days ? std::min(*days, most) : most;
  }
  return days;
}

void AddDaysLeft(const Experiment& experiment, const std::vector<double>& shares,
                 const std::vector<ArmCounts>& counts, Analysis& analysis) {
  for (Comparison& comparison : analysis.comparisons) {
    comparison.expected_days_left =
        ExpectedDaysLeft(experiment, shares, counts, comparison, analysis.as_of);
  }
}

}  // namespace flywheel::experiment
