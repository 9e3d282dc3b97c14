#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/rpc/convert_size.h"
#include "experiment_service/rpc/plan_checks.h"
#include "experiment_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/shorten.h"

namespace flywheel::experiment {
namespace {

constexpr double kMinPower = 0.5;
constexpr double kMaxPower = 0.999;
constexpr int64_t kMaxTreatments = 9;
// Of arms whose weights are as far apart as they may be.
constexpr double kMinTreatmentShare = 1e-6;
constexpr double kMaxTreatmentShare = 0.99;
constexpr int64_t kMaxDays = 366;
// Of units that were counted elsewhere.
constexpr int64_t kMaxCountedUnits = 1'000'000'000'000;
// A covariance and standard deviations that were rounded may contradict each other by this part.
constexpr double kCovarianceRounding = 1e-9;

std::string Shown(const std::string& text) {
  return fmt::format("'{}'", Shorten(text, kShownTextBytes));
}

// What a summary has no values for: a quantile of them, or an earlier experiment's cap.
void CheckNoQuantile(const v1::Metric& metric, const std::string& place, rpc::FieldChecks& checks) {
  checks.Require(!metric.has_quantile(), place + "quantile",
                 "a quantile of units that are summarised",
                 "a metric of their mean, or of the share of units beyond a threshold (successes): "
                 "for a quantile, their outcomes must be recorded");
  checks.Require(!metric.has_cap_quantile(), place + "cap_quantile",
                 "a cap by the values of an earlier experiment", "a cap, or none");
}

// The names of what a request has to summarise, each of them once.
class Wanted {
 public:
  explicit Wanted(std::set<std::string> names) : names_(std::move(names)), missing_(names_) {}

  void Take(const std::string& field, const std::string& name, std::string_view what,
            rpc::FieldChecks& checks) {
    if (!names_.contains(name)) {
      checks.Require(false, field, Shown(name),
                     fmt::format("{} of this request: {}", what, Names()));
    } else {
      checks.Require(missing_.erase(name) == 1, field,
                     fmt::format("{} for the second time", Shown(name)),
                     fmt::format("each {} once", what));
    }
  }
  void CheckAll(const std::string& field, std::string_view what, rpc::FieldChecks& checks) const {
    if (missing_.empty()) return;
    checks.Require(false, field, fmt::format("nothing of {}", Shown(*missing_.begin())),
                   fmt::format("each {} once", what));
  }

 private:
  // "'accepted', 'latency_ms'".
  std::string Names() const {
    std::string text;
    for (const std::string& name : names_) {
      text += text.empty() ? "" : ", ";
      text += Shown(name);
    }
    return text;
  }

  const std::set<std::string> names_;
  std::set<std::string> missing_;
};

// By name whether it is a ratio.
std::map<std::string, bool> RatiosByName(const v1::AnalysisPlan& plan) {
  std::map<std::string, bool> ratios = {
      {plan.primary().name(), !plan.primary().denominator().empty()}};
  for (const v1::Metric& guardrail : plan.guardrails()) {
    ratios[guardrail.name()] = !guardrail.denominator().empty();
  }
  for (const v1::Metric& secondary : plan.secondary()) {
    ratios[secondary.name()] = !secondary.denominator().empty();
  }
  return ratios;
}

void CheckRatioMoments(const v1::MetricSummary& summary, const std::string& place,
                       rpc::FieldChecks& checks) {
  const v1::RatioMoments& moments = summary.ratio_moments();
  const double most = summary.units() < 2 ? 0.0 : kMaxValue;
  checks.Range(place + "numerator_mean", moments.numerator_mean(), -kMaxValue, kMaxValue);
  checks.Range(place + "numerator_standard_deviation", moments.numerator_standard_deviation(), 0.0,
               most);
  checks.Range(place + "denominator_mean", moments.denominator_mean(), 0.0, kMaxValue);
  checks.Range(place + "denominator_standard_deviation", moments.denominator_standard_deviation(),
               0.0, most);
  if (!checks.ok()) return;  // A product of what is refused says nothing.
  const double product =
      moments.numerator_standard_deviation() * moments.denominator_standard_deviation();
  const double rounded = product * (1 + kCovarianceRounding);
  checks.Range(place + "covariance", moments.covariance(), -rounded, rounded);
}

void CheckValues(const v1::MetricSummary& summary, bool ratio, const std::string& place,
                 rpc::FieldChecks& checks) {
  if (summary.values_case() != v1::MetricSummary::VALUES_NOT_SET) {
    checks.Require(summary.has_ratio_moments() == ratio, place + "values",
                   summary.has_ratio_moments() ? "ratio_moments" : "successes or moments",
                   ratio ? "ratio_moments, for a metric with a denominator"
                         : "successes or moments, for a metric without a denominator");
  }
  switch (summary.values_case()) {
    case v1::MetricSummary::kSuccesses:
      checks.Range(place + "successes", summary.successes(), int64_t{0},
                   std::max<int64_t>(0, summary.units()));
      return;
    case v1::MetricSummary::kMoments:
      checks.Range(place + "moments.mean", summary.moments().mean(), -kMaxValue, kMaxValue);
      checks.Range(place + "moments.standard_deviation", summary.moments().standard_deviation(),
                   0.0, summary.units() < 2 ? 0.0 : kMaxValue);
      return;
    case v1::MetricSummary::kRatioMoments:
      CheckRatioMoments(summary, place + "ratio_moments.", checks);
      return;
    case v1::MetricSummary::VALUES_NOT_SET:
      checks.Require(false, place + "values", "nothing",
                     ratio ? "ratio_moments" : "successes or moments");
  }
}

// `counted`: the arm's units without those of mixed exposure; `matured` of them.
void CheckSummary(const v1::MetricSummary& summary, bool ratio, int64_t counted, int64_t matured,
                  const std::string& place, rpc::FieldChecks& checks) {
  checks.Range(place + "units", summary.units(), int64_t{0}, counted);
  const int64_t units = std::clamp<int64_t>(summary.units(), 0, counted);
  // Who has matured without an outcome is one of those without an outcome.
  checks.Range(place + "matured_units", summary.matured_units(),
               std::max<int64_t>(0, matured - (counted - units)), std::min(units, matured));
  CheckValues(summary, ratio, place, checks);
}

void CheckSummary(const v1::ArmSummary& summary, const v1::AnalysisPlan& plan,
                  const std::string& place, rpc::FieldChecks& checks) {
  checks.Range(place + "exposed_units", summary.exposed_units(), int64_t{0}, kMaxCountedUnits);
  const int64_t exposed = std::clamp<int64_t>(summary.exposed_units(), 0, kMaxCountedUnits);
  checks.Range(place + "mixed_units", summary.mixed_units(), int64_t{0}, exposed);
  const int64_t counted = exposed - std::clamp<int64_t>(summary.mixed_units(), 0, exposed);
  checks.Range(place + "matured_units", summary.matured_units(), int64_t{0}, counted);
  const int64_t matured = std::clamp<int64_t>(summary.matured_units(), 0, counted);
  const std::map<std::string, bool> ratios = RatiosByName(plan);
  std::set<std::string> names;
  for (const auto& [name, ratio] : ratios) names.insert(name);
  Wanted metrics(std::move(names));
  for (int i = 0; i < summary.metrics_size(); ++i) {
    const std::string metric_place = fmt::format("{}metrics[{}].", place, i);
    metrics.Take(metric_place + "metric", summary.metrics(i).metric(), "metric", checks);
    const auto ratio = ratios.find(summary.metrics(i).metric());
    CheckSummary(summary.metrics(i), ratio != ratios.end() && ratio->second, counted, matured,
                 metric_place, checks);
  }
  metrics.CheckAll(place + "metrics", "metric", checks);
}

void CheckSummaries(const v1::AnalyzeSummariesRequest& request, rpc::FieldChecks& checks) {
  std::set<std::string> arm_ids;
  for (const v1::Arm& arm : request.arms()) arm_ids.insert(arm.arm_id());
  Wanted arms(std::move(arm_ids));
  for (int i = 0; i < request.summaries_size(); ++i) {
    const std::string place = fmt::format("summaries[{}].", i);
    arms.Take(place + "arm_id", request.summaries(i).arm_id(), "arm", checks);
    CheckSummary(request.summaries(i), request.plan(), place, checks);
  }
  arms.CheckAll("summaries", "arm", checks);
}

// The fields of a question of size, each by itself.
void CheckFields(const v1::PlanExperimentRequest& request, rpc::FieldChecks& checks) {
  const bool rate = !request.has_standard_deviation();
  CheckGoal(request.metric(), "metric.", checks);
  checks.Require(request.metric().denominator().empty(), "metric.denominator",
                 Shown(request.metric().denominator()),
                 "nothing: plan a ratio as a mean, with the ratio as control_mean and the standard "
                 "deviation of its linearised values, which an analysis shows for an arm");
  checks.Require(!request.metric().has_quantile(), "metric.quantile", "the size for a quantile",
                 "a metric of a mean, or of the rate of units beyond a threshold: how many units a "
                 "quantile needs depends on how dense the values are around it");
  checks.Range("control_mean", request.control_mean(), rate ? 0.0 : -kMaxValue,
               rate ? 1.0 : kMaxValue);
  checks.Require(request.control_mean() != 0 || request.metric().scale() == v1::SCALE_ABSOLUTE,
                 "control_mean", "0", "another mean, or metric.scale SCALE_ABSOLUTE");
  if (!rate) {
    CheckAbove0("standard_deviation", request.standard_deviation(), kMaxValue, checks);
  }
  if (request.has_lift()) checks.Range("lift", request.lift(), -kMaxValue, kMaxValue);
  if (request.has_power()) checks.Range("power", request.power(), kMinPower, kMaxPower);
  if (request.has_alpha()) CheckAlpha("alpha", request.alpha(), checks);
  checks.Range("treatments", int64_t{request.treatments()}, 0, kMaxTreatments);
  if (request.has_treatment_share()) {
    checks.Range("treatment_share", request.treatment_share(), kMinTreatmentShare,
                 kMaxTreatmentShare);
  }
  checks.Range("units_per_day", request.units_per_day(), int64_t{0}, kMaxPlannedUnits);
  if (request.has_days()) checks.Range("days", int64_t{request.days()}, 1, kMaxDays);
  const bool traffic = request.units_per_day() > 0;
  checks.Require(traffic || !request.has_days(), "days", "days without units_per_day",
                 "units_per_day too");
  checks.Require(traffic || request.has_lift(), "lift", "neither a lift nor units_per_day",
                 "one of them, or both");
}

// What the fields are to each other.
void CheckLift(const v1::PlanExperimentRequest& request, rpc::FieldChecks& checks) {
  const SizeQuestion question = FromProto(request);
  const ExperimentSize size(question);
  const double goal = size.GoalLift();
  const Metric& metric = question.metric;
  if (question.is_rate() && metric.scale == Scale::kAbsolute && !(std::fabs(goal) < 1)) {
    checks.Require(false, metric.goal == Goal::kSuperior ? "metric.min_lift" : "metric.margin",
                   fmt::format("{}", std::fabs(goal)), "below 1, for a difference of rates");
    return;
  }
  if (!request.has_lift()) return;
  const bool higher = metric.gain_sign() > 0;
  const std::string bound =
      question.is_rate() ? fmt::format(", at {} {:g}", higher ? "most" : "least", size.BestLift())
                         : "";
  if (!size.IsBeyondGoal(request.lift())) {
    checks.Require(
        false, "lift", fmt::format("{:g}", request.lift()),
        fmt::format("{} {:g}, which the goal asks about{}{}", higher ? "above" : "below", goal,
                    bound, metric.scale == Scale::kRelative ? "; a share: 0.1 is 10 %" : ""));
    return;
  }
  checks.Require(
      size.SizeFor(request.lift()).has_value(), "lift", fmt::format("{:g}", request.lift()),
      fmt::format("one so far from {:g}, which the goal asks about, that {} units show it", goal,
                  kMaxPlannedUnits));
}

}  // namespace

absl::Status Validate(const v1::AnalyzeSummariesRequest& request) {
  rpc::FieldChecks checks(absl::InfinitePast());
  CheckArms(request.arms(), Versions::kOptional, checks);
  CheckPlan(request.plan(), checks);
  if (request.has_running_time()) checks.NotNegative("running_time", request.running_time());
  CheckNoQuantile(request.plan().primary(), "plan.primary.", checks);
  for (int i = 0; i < request.plan().guardrails_size(); ++i) {
    CheckNoQuantile(request.plan().guardrails(i), fmt::format("plan.guardrails[{}].", i), checks);
  }
  for (int i = 0; i < request.plan().secondary_size(); ++i) {
    CheckNoQuantile(request.plan().secondary(i), fmt::format("plan.secondary[{}].", i), checks);
  }
  if (!checks.ok()) return checks.status();  // Summaries of arms that are refused say nothing.
  CheckSummaries(request, checks);
  return checks.status();
}

absl::Status Validate(const v1::PlanExperimentRequest& request) {
  rpc::FieldChecks checks(absl::InfinitePast());
  CheckFields(request, checks);
  if (checks.ok()) CheckLift(request, checks);
  return checks.status();
}

}  // namespace flywheel::experiment
