// Missing outcomes: an always-valid test of whether the arms' units report alike.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_MISSING_OUTCOMES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_MISSING_OUTCOMES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// Who of the arms' counted units has an outcome of a metric, one entry an arm.
struct ReportingArms {
  std::vector<int64_t> exposed;  // Without those of mixed exposure.
  std::vector<int64_t> with_outcome;
  std::vector<int64_t> matured_without_outcome;  // They had their time, and have none.

  friend bool operator==(const ReportingArms&, const ReportingArms&) = default;
};

ReportingArms ReportingOf(const std::vector<ArmCounts>& counts, size_t metric);

// The always-valid p-value of "whether and when a unit reports does not depend on its arm". Then
// each unit that reports for the first time is of arm i with probability shares[i], and so is each
// that comes of age without an outcome: multinomial e-processes (statistics/sample_ratio.h), whose
// mean is one too. The first sees at once that an arm reports less than its share; the second sees
// the same sooner where most units report, and is not fooled by an arm that only reports later; the
// third is the second for a few units: a treatment alone that leaves a quarter of its users without
// an answer is found after 80 units of both arms, which the others find after 200. Holds at all
// looks together, without an approximation but one: a report that comes after its unit came of age
// takes the unit out of those without an outcome again. 1 where nothing can be said.
double MissingOutcomesPValue(const std::vector<double>& shares, const ReportingArms& arms);

// "control 950 of 1000 exposed units, treatment 800 of 1001".
std::string Describe(const std::vector<Arm>& arms, const ReportingArms& reporting);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_MISSING_OUTCOMES_H_
