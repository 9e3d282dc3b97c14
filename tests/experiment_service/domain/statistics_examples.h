// What the examples of docs/statistics.md are given, as an experiment, and what they find.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_EXAMPLES_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_EXAMPLES_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/outcome_counts.h"
#include "statistics/interval.h"
#include "tests/experiment_service/domain/statistics_page.h"

namespace flywheel::experiment {

// Words, or one number, or several.
using Result = std::variant<std::string, std::vector<double>>;
using Found = std::map<std::string, Result>;

inline Result One(double value) { return std::vector<double>{value}; }
inline Result Ends(const statistics::Interval& interval) {
  return std::vector<double>{interval.lower, interval.upper};
}
inline Result OneIfAny(const std::optional<double>& value) {
  return value ? One(*value) : Result(std::string("none"));
}

// As the contract names it.
std::string NameOf(Recommendation recommendation);
Recommendation RecommendationNamed(const std::string& name);
std::string NameOf(RecommendationReason reason);

// "400 of 1,000", which are ones among units, or "500 units, mean 12.4, sd 6.2", or of a ratio "500
// units, cost 2.4, sd 1.1, answers 8.0, sd 4.0, covariance 3.1".
OutcomeCounts ArmOf(Given& given, const std::string& name);
// Of the guardrail, or the secondary metrics, where the prefix says so.
Metric MetricOf(Given& given, const std::string& prefix, Goal goal);
absl::Duration Days(double days);
// Two arms, that have what the example says and else the defaults of the contract.
Experiment ExperimentOf(Given& given);
Analysis AnalysisOf(Given& given, const std::string& prefix = "");
// "SHIP SUPERIOR".
std::string LookOf(const Analysis& analysis);

// What is computed of an example, by the subject of its section: a comparison of two arms;
Found Compared(Given& given);
Found UnitValues(Given& given);
Found Boundaries(Given& given);
Found WhatStands(Given& given);
Found Intersected(Given& given);
// the quality of the data; the size of an experiment.
Found SampleRatio(Given& given);
Found MissingOutcomes(Given& given);
Found Planned(Given& given);
// and an experiment by segments, of which the values are a, b, c and so on.
Found Segmented(Given& given);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_STATISTICS_EXAMPLES_H_
