// Deterministic random assignment of units to arms, by hash: the one implementation.
#ifndef FLYWHEEL_ASSIGN_CORE_ASSIGNMENT_H_
#define FLYWHEEL_ASSIGN_CORE_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace flywheel::assign {

// A 64-bit hash of `text` under `seed`: the length, then eight bytes a step, each step a bijection
// with full avalanche (the finaliser of splitmix64, Steele, Lea and Flood 2014). Because the length
// comes first, chained hashes of several texts are unambiguous: ("exp1", "23") and ("exp12", "3")
// differ. The value is part of the contract and never changes: it decides who sees what, here and
// in every client that assigns by itself (docs/assignment.md).
uint64_t HashText(uint64_t seed, std::string_view text);

// What an experiment's units are hashed under. `salt` is what was drawn at random for it when it
// was made; empty for one from before there were salts, whose seed anybody can compute who knows
// its ids.
uint64_t SeedOf(std::string_view project, std::string_view experiment_id, std::string_view salt);

// Where a unit is dealt.
struct Place {
  size_t arm = 0;
  // Whether it takes part.
  bool covered = true;
};

// Deals the units of one experiment to its arms, at random but always the same way. Two experiments
// deal independently of each other, because their seeds differ. Immutable, so thread-safe.
//
//   const Assignment assignment(seed, /*weights=*/{1, 1}, /*control=*/0, /*coverage=*/1);
//   const Place place = assignment.PlaceOf(unit_id);
//   if (!place.covered) return active_version;
//   const Arm& arm = arms[place.arm];
//
// Where the coverage is below 1, only a part of every arm's units takes part: the first ones of a
// treatment's segment of the line, and the last ones of the control's. So a greater coverage adds
// units, and takes none away or to another arm; and the arms' shares of those that take part are at
// all times those of the weights.
class Assignment {
 public:
  // REQUIRES: one weight at least, each above 0 and finite; `control` is the index of one.
  Assignment(uint64_t seed, const std::vector<double>& weights, size_t control, double coverage);

  Place PlaceOf(std::string_view unit_id) const { return PlaceAt(HashOf(unit_id)); }

  // The two steps of PlaceOf, for whoever needs the hash too: no two units of two experiments share
  // one but by chance.
  uint64_t HashOf(std::string_view unit_id) const { return HashText(seed_, unit_id); }
  Place PlaceAt(uint64_t hash) const;

  // The index of the unit's arm, whether it takes part or not.
  size_t ArmOf(std::string_view unit_id) const { return ArmAt(PositionOf(unit_id)); }

  // Whether the unit takes part.
  bool Covers(std::string_view unit_id) const { return PlaceOf(unit_id).covered; }

  // Where the unit lies in [0, 1), in steps of 2^-53; the arms share that line in their order, each
  // with a length in proportion to its weight.
  double PositionOf(std::string_view unit_id) const { return PositionAt(HashOf(unit_id)); }

  // The arms' shares of the units; they add up to 1.
  const std::vector<double>& shares() const { return shares_; }
  uint64_t seed() const { return seed_; }
  double coverage() const { return coverage_; }

 private:
  static double PositionAt(uint64_t hash) { return static_cast<double>(hash >> 11) * 0x1.0p-53; }
  size_t ArmAt(double position) const;

  uint64_t seed_;
  double coverage_;
  size_t control_;
  std::vector<double> shares_;
  std::vector<double> upper_ends_;  // Of each arm's part of the line.
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CORE_ASSIGNMENT_H_
