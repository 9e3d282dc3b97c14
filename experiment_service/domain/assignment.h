// Deterministic random assignment of units to arms, by hash.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "experiment_service/domain/experiment.h"

namespace flywheel::experiment {

// A 64-bit hash of `text` under `seed`: the length, then eight bytes a step, each step a bijection
// with full avalanche (the finaliser of splitmix64, Steele, Lea and Flood 2014). Because the length
// comes first, chained hashes of several texts are unambiguous: ("exp1", "23") and ("exp12", "3")
// differ. The value is part of the service's behaviour and never changes: it decides who sees what.
uint64_t HashText(uint64_t seed, std::string_view text);

// Deals the units of one experiment to its arms, at random but always the same way. Two experiments
// deal independently of each other, because project and experiment id are in the hash. Immutable,
// so thread-safe.
//
//   const Assignment assignment(project, experiment);
//   if (!assignment.Covers(unit_id)) return active_version;
//   const Arm& arm = experiment.arms[assignment.ArmOf(unit_id)];
//
// Where the experiment's coverage is below 1, only a part of every arm's units takes part: the
// first ones of a treatment's segment of the line, and the last ones of the control's. So a greater
// coverage adds units, and takes none away or to another arm; and the arms' shares of those that
// take part are at all times those of the weights.
class Assignment {
 public:
  Assignment(std::string_view project, const Experiment& experiment);

  // The index of the unit's arm, whether it takes part or not.
  size_t ArmOf(std::string_view unit_id) const;

  // Whether the unit takes part.
  bool Covers(std::string_view unit_id) const;

  // Where the unit lies in [0, 1), in steps of 2^-53; the arms share that line in their order, each
  // with a length in proportion to its weight.
  double PositionOf(std::string_view unit_id) const;

  // The arms' shares of the units; they add up to 1.
  const std::vector<double>& shares() const { return shares_; }

 private:
  size_t ArmAt(double position) const;

  uint64_t seed_;
  double coverage_;
  size_t control_ = 0;
  std::vector<double> shares_;
  std::vector<double> upper_ends_;  // Of each arm's part of the line.
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ASSIGNMENT_H_
