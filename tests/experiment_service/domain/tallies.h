// Tallies with known content.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_TALLIES_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_TALLIES_H_

#include <vector>

#include "experiment_service/domain/arm_tally.h"

namespace flywheel::experiment {

inline void AddUnit(double value, ArmTally& tally) {
  UnitChange change;
  change.newly_exposed = true;
  change.after.Add(value);
  tally.Apply(change);
}

inline ArmTally TallyOf(const std::vector<double>& values) {
  ArmTally tally;
  for (const double value : values) AddUnit(value, tally);
  return tally;
}

inline ArmTally Proportion(int ones, int units) {
  ArmTally tally;
  for (int i = 0; i < units; ++i) AddUnit(i < ones ? 1 : 0, tally);
  return tally;
}

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_DOMAIN_TALLIES_H_
