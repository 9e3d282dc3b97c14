// The examples of docs/statistics.md about segments.
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/segment_analysis.h"
#include "tests/experiment_service/domain/statistics_examples.h"

namespace flywheel::experiment {
namespace {

// The values of an example are a, b, c and so on.
std::string NameOfValue(size_t place) { return std::string(1, static_cast<char>('a' + place)); }

ArmCounts CellOf(Given& given, const std::string& value, size_t arm) {
  ArmCounts counts;
  counts.metrics = {ArmOf(given, value + (arm == 0 ? " control" : " treatment"))};
  counts.exposed_units = counts.metrics[0].units();
  if (!given.Has(value + " exposed")) return counts;
  counts.exposed_units = given.Counts(value + " exposed").at(arm);
  counts.matured_units = counts.exposed_units;
  OutcomeCounts::Parts parts = counts.metrics[0].parts();
  parts.matured_units = parts.units;
  counts.metrics[0] = OutcomeCounts(parts);
  return counts;
}

// What all values together are.
void AddTo(const ArmCounts& cell, ArmCounts& arm) {
  const OutcomeCounts all = arm.metrics[0];
  const auto ones = [](const OutcomeCounts& counts) {
    return std::llround(counts.parts().sum.value());
  };
  arm.metrics[0] = OutcomeCounts::OfSuccesses(all.units() + cell.metrics[0].units(),
                                              ones(all) + ones(cell.metrics[0]));
  arm.exposed_units += cell.exposed_units;
}

std::string Alerts(const Segment& segment, const std::vector<SegmentAlert>& alerts) {
  std::string text;
  for (const SegmentAlert& alert : alerts) {
    if (!text.empty()) text += ", ";
    const bool sizes = alert.kind == SegmentAlertKind::kSampleRatioMismatch;
    text += sizes ? "SAMPLE_RATIO_MISMATCH " : "MISSING_OUTCOMES ";
    text += segment.ValueName(alert.value);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

Found Segmented(Given& given) {
  Experiment experiment = ExperimentOf(given);
  Segment segment{"segment", {}};
  while (given.Has(NameOfValue(segment.values.size()) + " control")) {
    segment.values.push_back(NameOfValue(segment.values.size()));
  }
  const size_t shown = segment.values.size();
  // Others of the plan without units.
  while (segment.value_count() < static_cast<size_t>(given.Count("values"))) {
    segment.values.push_back("none-" + std::to_string(segment.value_count()));
  }
  experiment.plan.segments = {segment};
  SegmentCounts cells = EmptySegmentCounts(experiment.plan, 2);
  std::vector<ArmCounts> arms(2, ArmCounts(1));
  for (size_t place = 0; place < shown; ++place) {
    for (size_t arm = 0; arm < 2; ++arm) {
      cells[0][place + 1][arm] = CellOf(given, NameOfValue(place), arm);
      AddTo(cells[0][place + 1][arm], arms[arm]);
    }
  }
  const SegmentAnalysis analysis = AnalyzeSegments(experiment, Assignment("p", experiment).shares(),
                                                   arms, cells, experiment.create_time);
  const SegmentLifts& lifts = analysis.segments.at(0).lifts.at(0);
  Found found;
  for (size_t place = 0; place < shown; ++place) {
    const std::string name = NameOfValue(place);
    const MetricComparison& value = lifts.values[place + 1];
    const ValueQuality& quality = analysis.segments[0].values[place + 1];
    found[name + " lift"] = One(value.absolute_lift);
    found[name + " interval"] = Ends(value.absolute_interval);
    found[name + " p"] = One(std::exp(value.log_p_value));
    found[name + " p of sizes"] = One(quality.sample_ratio_p_value);
    found[name + " p of outcomes"] = One(quality.missing_outcomes_p_value);
  }
  found["Q"] = One(lifts.heterogeneity.q);
  found["p of one look"] = One(lifts.heterogeneity.one_look_p_value);
  found["p of Q"] = One(lifts.heterogeneity.p_value);
  found["pooled"] = One(lifts.pooled_lift);
  found["post-stratified"] = OneIfAny(lifts.post_stratified_lift);
  found["p of the mixes"] = One(lifts.arm_mix_p_value);
  found["misleads"] = std::string(lifts.simpson ? "yes" : "no");
  found["alerts"] = Alerts(segment, analysis.alerts);
  return found;
}

}  // namespace flywheel::experiment
