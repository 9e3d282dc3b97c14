// Traffic: what agents and their users send to two twins, drawn from a seed.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_TRAFFIC_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_TRAFFIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "examples/support_agent/random.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"

namespace flywheel::fault {

using Words = std::vector<experiment::v1::UnitOutcome>;

// A unit that was assigned.
struct Unit {
  std::string id;
  std::string arm;
  std::string token;
};

// The experiments, which are named like their agents. Everything is sent to the first one; in the
// others what is decided is known.
inline constexpr char kMessy[] = "messy";
inline constexpr char kBetter[] = "better";
inline constexpr char kWorse[] = "worse";
inline constexpr char kRamped[] = "ramped";

// v1 against v2 in an experiment of that name.
experiment::v1::CreateExperimentRequest ExperimentOf(const std::string& name);

// The outcome of a unit that was just assigned, with its token: of the better or the worse version
// more or less are accepted.
experiment::v1::UnitOutcome Served(const std::string& experiment, const Unit& unit, int64_t number,
                                   absl::Time now);

// What is sent of the messy experiment: values of all magnitudes, revisions, words that were sent
// before, units by their ids, other versions than the arm's, and what was served without an
// assignment.
class MessyTraffic {
 public:
  explicit MessyTraffic(example::Random* random) : random_(random) {}

  // Of units that were just assigned, and of earlier ones, at `now`. A unit has a word with its
  // token before any other, so that an exposure which was lost is back by then.
  Words Draw(const std::vector<Unit>& assigned, absl::Time now);

 private:
  experiment::v1::UnitOutcome NewWord(absl::Time now);
  Words Revisions(const experiment::v1::UnitOutcome& word, absl::Time now);

  example::Random* const random_;
  std::vector<Unit> known_;
  Words sent_;
  int64_t next_ = 0;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_TRAFFIC_H_
