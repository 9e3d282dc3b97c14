#include "experiment_service/domain/missing_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "statistics/sample_ratio.h"
#include "statistics/special_functions.h"

namespace flywheel::experiment {
namespace {

// Of a loss of any size: hardly any opinion on how the units are dealt.
constexpr double kFewUnits = 2;

// Both are 0, which says nothing, where there is no unit.
double LogEValue(const std::vector<int64_t>& counts, const std::vector<double>& shares) {
  return statistics::SampleRatioMixtureLogEValue(counts, shares).value_or(0);
}
double LogEValueOfFew(const std::vector<int64_t>& counts, const std::vector<double>& shares) {
  return statistics::MultinomialLogEValue(counts, shares, kFewUnits).value_or(0);
}

}  // namespace

ReportingArms ReportingOf(const std::vector<ArmCounts>& counts, size_t metric) {
  ReportingArms arms;
  for (const ArmCounts& arm : counts) {
    const OutcomeCounts& outcomes = arm.metrics[metric];
    arms.exposed.push_back(arm.counted_units());
    arms.with_outcome.push_back(outcomes.units());
    arms.matured_without_outcome.push_back(
        std::max<int64_t>(0, arm.matured_units - outcomes.matured_units()));
  }
  return arms;
}

double MissingOutcomesPValue(const std::vector<double>& shares, const ReportingArms& arms) {
  const std::array<double, 3> log_e_values = {LogEValue(arms.with_outcome, shares),
                                              LogEValue(arms.matured_without_outcome, shares),
                                              LogEValueOfFew(arms.matured_without_outcome, shares)};
  return statistics::PValueOfLogEValue(statistics::LogMeanExp(log_e_values));
}

std::string Describe(const std::vector<Arm>& arms, const ReportingArms& reporting) {
  std::string text;
  for (size_t i = 0; i < arms.size(); ++i) {
    text += fmt::format("{}{} {} of {}{}", i == 0 ? "" : ", ", arms[i].arm_id,
                        reporting.with_outcome[i], reporting.exposed[i],
                        i == 0 ? " exposed units" : "");
  }
  return text;
}

}  // namespace flywheel::experiment
