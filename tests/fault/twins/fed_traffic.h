// Traffic of which two twins read in ingest's feed: what an agent answers, and what people do about
// it, drawn from a seed.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_FED_TRAFFIC_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_FED_TRAFFIC_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "examples/support_agent/random.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "tests/fault/twins/traffic.h"

namespace flywheel::fault {

// The experiments, which are named like their agents. Each message of the feed about the first one
// is waited for; the second one's come in whatever pieces they come.
inline constexpr char kOrderly[] = "orderly";
inline constexpr char kHurried[] = "hurried";

// The metrics of both, by their places in the plan.
inline constexpr int kThumbs = 0;     // Of interactions with a thumb.
inline constexpr int kEscalated = 1;  // Of all interactions.
inline constexpr int kLatency = 2;    // The same.

// v1 against v2; all of its outcomes come from the feed.
experiment::v1::CreateExperimentRequest FedExperimentOf(const std::string& name);

// An answer of the agent to a unit that was just assigned.
ingest::v1::Interaction AnswerTo(const std::string& agent, const Unit& unit, int64_t number,
                                 absl::Time now);
// A thumb about it.
ingest::v1::Signal ThumbAbout(const ingest::v1::Interaction& interaction, bool up, absl::Time now);

using FeedRecord = std::variant<ingest::v1::Interaction, ingest::v1::Signal>;

// What is logged of the hurried experiment: signals before their interactions, revisions that say
// otherwise or of another interaction, signals about sessions, other versions than the arm's,
// latencies of all magnitudes, and records that were sent before.
class HurriedTraffic {
 public:
  explicit HurriedTraffic(example::Random* random) : random_(random) {}

  // Of units that were just assigned, and of earlier ones, at `now`; in the order of their sending.
  std::vector<FeedRecord> Draw(const std::vector<Unit>& assigned, absl::Time now);

 private:
  ingest::v1::Interaction NewInteraction(const Unit& unit, absl::Time now);
  ingest::v1::Signal NewSignal(absl::Time now);
  ingest::v1::Signal Revision(absl::Time now);
  void Say(ingest::v1::Signal& signal);
  void Point(ingest::v1::Signal& signal);

  example::Random* const random_;
  std::vector<ingest::v1::Interaction> known_;
  // The newest revision of each.
  std::vector<ingest::v1::Signal> signals_;
  std::vector<FeedRecord> sent_;
  int64_t next_interaction_ = 0;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_FED_TRAFFIC_H_
