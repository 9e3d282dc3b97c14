// Values of experiments: arms, analysis plans, waivers and promotions.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXPERIMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXPERIMENT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/outcome_source.h"
#include "experiment_service/domain/ramp.h"
#include "experiment_service/domain/segments.h"
#include "shared/lists/list_filter.h"

namespace flywheel::experiment {

// The numbers of these enums are stored: they never change.
enum class Unit { kUser = 1, kSession = 2 };
enum class Goal { kSuperior = 1, kNotInferior = 2 };
enum class State { kRunning = 1, kStopped = 2 };
enum class Direction { kHigherIsBetter = 1, kLowerIsBetter = 2 };
enum class Scale { kRelative = 1, kAbsolute = 2 };
// How the outcomes of a unit become its one value: their mean, their sum, their number, or 1 where
// their sum is above 0 and else 0.
enum class Aggregation { kMean = 1, kSum = 2, kCount = 3, kAny = 4 };
// What a metric is for: it decides; it must not get worse; it is shown.
enum class MetricRole { kPrimary = 1, kGuardrail = 2, kSecondary = 3 };

// One version in the comparison.
struct Arm {
  std::string arm_id;
  std::string model_version;
  // In proportion to the others'; above 0, finite.
  double weight = 0;
  bool control = false;
  // The experiment's waiver stands in for a PASS of this arm's version.
  bool waived = false;
};

// What is measured, and what must be shown of it.
struct Metric {
  // Of its outcomes.
  std::string name;
  Aggregation aggregation = Aggregation::kMean;
  Direction direction = Direction::kHigherIsBetter;
  Goal goal = Goal::kSuperior;
  // Of min_lift and margin.
  Scale scale = Scale::kRelative;
  // The smallest gain worth shipping under kSuperior.
  double min_lift = 0.02;
  // The largest loss that is no harm under kNotInferior.
  double margin = 0.05;
  // A unit's value counts as at most this.
  std::optional<double> cap = {};
  // What an exposed unit without an outcome counts as; nothing: it is left out, and who has an
  // outcome must not depend on the arm.
  std::optional<double> value_without_outcome = {};
  // Of a ratio the name of the outcomes whose sum it divides the sum of its own by, such as the
  // answers of "cost per answer", both over all units; else empty. Then aggregation is kSum, cap
  // holds for a unit's own sum, and value_without_outcome is nothing or 0.
  std::string denominator = {};
  // Compared and shown, by an alpha of its own kind, and nothing else.
  bool secondary = false;
  // The metric is this quantile of the units' values, in place of their mean.
  std::optional<double> quantile = {};
  // What `cap` was made of: the quantile of the units' values in an earlier experiment. Before an
  // experiment is made it has this alone.
  std::optional<double> cap_quantile = {};
  // Where its outcomes come from by themselves; nothing: clients send them.
  std::optional<OutcomeSource> source = {};

  bool is_ratio() const { return !denominator.empty(); }
  // 1 where a higher value is a gain, else -1.
  int gain_sign() const { return direction == Direction::kHigherIsBetter ? 1 : -1; }
};

// How an experiment is read. Fixed when it is made: the guarantees of the analysis hang on that.
struct AnalysisPlan {
  // The first one decides; the others are guardrails, and must not be worse, and after them those
  // that are secondary. REQUIRES: one at least.
  std::vector<Metric> metrics = {Metric{}};
  // The chance that a wrong answer is ever given, over all looks and all treatments.
  double alpha = 0.05;
  // Units of a treatment and the control together that the experiment is planned for; 0: no plan.
  int64_t planned_units = 0;
  // No SHIP before the treatment and the control each have so many units that count,
  int64_t min_units_per_arm = 30;
  // and together so many,
  int64_t min_units = 1'000;
  // and before the experiment has run so long.
  absl::Duration min_duration = absl::Hours(14 * 24);
  // After so long whoever has no SHIP gets none; zero: no end.
  absl::Duration max_duration = absl::ZeroDuration();
  // Whether proven harm waits too while the data cannot be trusted.
  bool hold_untrusted_harm = false;
  // How long after its first exposure a unit's outcomes count; zero: without an end.
  absl::Duration outcome_window = absl::ZeroDuration();
  // By what units are told apart beside the arms; up to kMaxSegments.
  std::vector<Segment> segments = {};

  const Metric& primary() const { return metrics.front(); }
  // How many of the metrics, the first ones, have a say in what is recommended.
  size_t deciding() const {
    size_t count = 0;
    while (count < metrics.size() && !metrics[count].secondary) ++count;
    return count;
  }
  MetricRole RoleOf(size_t position) const {
    if (metrics[position].secondary) return MetricRole::kSecondary;
    return position == 0 ? MetricRole::kPrimary : MetricRole::kGuardrail;
  }
  // After so long a unit that has no outcome is taken for one that will have none.
  absl::Duration MaturesAfter() const {
    return outcome_window > absl::ZeroDuration() ? outcome_window : absl::Hours(1);
  }
  // Whether outcomes of a metric come by themselves.
  bool HasSource() const {
    return std::any_of(metrics.begin(), metrics.end(),
                       [](const Metric& metric) { return metric.source.has_value(); });
  }
  // The position of the metric with this name; metrics.size() where there is none.
  size_t FindMetric(std::string_view name) const {
    size_t position = 0;
    while (position < metrics.size() && metrics[position].name != name) ++position;
    return position;
  }
};

// A named person's word in place of evidence; empty where nobody gave it. That of an experiment
// covers the arms that are marked as waived, and no others.
struct Waiver {
  std::string owner;
  std::string reason;

  bool empty() const { return owner.empty(); }
};

// A comparison. Only the ramp's state and the last four fields ever change, those once.
struct Experiment {
  std::string experiment_id;
  std::string agent;
  Unit unit = Unit::kUser;
  // 2 to 10, exactly one of them the control.
  std::vector<Arm> arms;
  AnalysisPlan plan;
  Waiver waiver;
  absl::Time create_time;
  // The id of a key, as the two below; empty where the server had none.
  std::string created_by = {};
  // Words of whoever made it.
  Labels labels = {};
  // What it does by itself; nothing: everybody takes part at once.
  std::optional<Ramp> ramp = {};

  State state = State::kRunning;
  absl::Time stop_time;         // Where it is stopped.
  std::string stop_reason;      // Where it is stopped.
  std::string stopped_by = {};  // Where it is stopped.

  // The index of the control. REQUIRES: there is one.
  size_t ControlIndex() const {
    size_t index = 0;
    while (!arms[index].control) ++index;
    return index;
  }
  const Arm& Control() const { return arms[ControlIndex()]; }
  // The share of the units that take part.
  double coverage() const { return ramp ? ramp->coverage() : 1; }

  // The versions of the treatments, each once, by name: waived ones, or those that need a PASS.
  std::set<std::string> TreatmentVersions(bool waived) const {
    std::set<std::string> versions;
    for (const Arm& arm : arms) {
      if (!arm.control && arm.waived == waived) versions.insert(arm.model_version);
    }
    return versions;
  }
};

// What serves an agent's users outside of experiments, and who said so.
struct ActiveVersion {
  std::string agent;
  std::string model_version;
  std::string promotion_id;
  // The experiment that recommended it; empty where a waiver alone did.
  std::string experiment_id;
  // With an experiment that one's, where it stands in for the PASS of this version.
  Waiver waiver;
  absl::Time promote_time;
  std::string promoted_by = {};
  // Words of whoever promoted it.
  Labels labels = {};
  // The experiment's decision that was SHIP; 0 without one.
  int64_t decision = 0;
};

// Which experiments to list.
struct ExperimentFilter {
  ListFilter list;
  // Empty: in any state.
  std::optional<State> state;
  // Empty: whatever versions its arms serve.
  std::string model_version;

  // All but the agent.
  bool Matches(const Experiment& experiment) const {
    return list.Matches(experiment.create_time, experiment.labels) &&
           (!state || experiment.state == *state) &&
           (model_version.empty() ||
            std::any_of(experiment.arms.begin(), experiment.arms.end(),
                        [&](const Arm& arm) { return arm.model_version == model_version; }));
  }
};

// Which promotions to list.
struct PromotionFilter {
  ListFilter list;
  // Empty: of whatever version.
  std::string model_version;

  bool Matches(const ActiveVersion& promotion) const {
    return list.Matches(promotion.promote_time, promotion.labels) &&
           (list.agent.empty() || promotion.agent == list.agent) &&
           (model_version.empty() || promotion.model_version == model_version);
  }
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_EXPERIMENT_H_
