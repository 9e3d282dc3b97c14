// An experiment service that is killed again and again, and its twin that nothing disturbs: where
// both heard the same, both know the same, bit for bit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "examples/support_agent/random.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/fault/twins/stored_rows.h"
#include "tests/fault/twins/traffic.h"
#include "tests/fault/twins/twin.h"
#include "tests/fault/twins/twins_fixture.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

constexpr uint64_t kSeed = 20'261'130;
constexpr size_t kUnitsPerRound = 12;
// Of traffic, each of some 100 ms; it goes on for as long as there are kills.
constexpr int kLeastRounds = 100;
constexpr int kStopRound = 50;
constexpr int kStepRounds[] = {40, 70};

class ExperimentTwins : public TwinsFixture {
 protected:
  void SetUp() override {
    std::vector<v1::CreateExperimentRequest> requests;
    for (const char* agent : {kMessy, kBetter, kWorse, kRamped}) {
      requests.push_back(ExperimentOf(agent));
    }
    StartTwins(absl::FromUnixSeconds(1'800'000'000), requests);
  }

  static void Record(Twin& twin, const Words& words) {
    v1::RecordOutcomesRequest request;
    for (const v1::UnitOutcome& word : words) *request.add_outcomes() = word;
    v1::RecordOutcomesResponse response;
    twin.Insist(&Experiments::RecordOutcomes, request, &response);
    for (const auto& result : response.results()) {
      EXPECT_TRUE(result.status() == common::v1::ITEM_STATUS_STORED ||
                  result.status() == common::v1::ITEM_STATUS_REPLAYED)
          << result.ShortDebugString();
    }
  }

  void ServeInOrder(const std::string& agent) {
    Words words;
    for (const Unit& unit : Assign(agent, kUnitsPerRound)) {
      words.push_back(Served(agent, unit, next_outcome_++, clock_.Now()));
    }
    if (words.empty()) return;
    // In one call, so that both look at the same moments: with every unit and its outcome.
    Record(*killed_, words);
    Record(*undisturbed_, words);
    if (agent == kWorse) of_worse_ = words;
  }

  // The killed one gets it in pieces, in another order, and some of it twice.
  void ServeMessily() {
    const Words words = traffic_.Draw(Assign(kMessy, kUnitsPerRound), clock_.Now());
    Record(*undisturbed_, words);
    Words shuffled = words;
    shuffled.insert(shuffled.end(), words.begin(), words.begin() + 5);
    random_.Shuffle(shuffled);
    // By its token first: an id alone exposes nobody.
    std::stable_partition(shuffled.begin(), shuffled.end(),
                          [](const v1::UnitOutcome& word) { return word.user_id().empty(); });
    for (size_t from = 0; from < shuffled.size();) {
      const size_t size = std::min(1 + random_.Below(20), shuffled.size() - from);
      const auto first = shuffled.begin() + static_cast<std::ptrdiff_t>(from);
      Record(*killed_, {first, first + static_cast<std::ptrdiff_t>(size)});
      from += size;
    }
  }

  void StopTheWorse() {
    v1::StopExperimentRequest stop;
    stop.set_experiment_id(kWorse);
    stop.set_reason("worse");
    for (Twin* twin : {killed_.get(), undisturbed_.get()}) {
      v1::StopExperimentResponse stopped;
      twin->Insist(&Experiments::StopExperiment, stop, &stopped);
    }
    // What comes afterwards is refused by both.
    v1::RecordOutcomesRequest late;
    for (v1::UnitOutcome word : of_worse_) {
      word.set_outcome_id("late-" + word.outcome_id());
      *late.add_outcomes() = word;
    }
    const auto refused = AskBoth<v1::RecordOutcomesResponse>(&Experiments::RecordOutcomes, late);
    for (const auto& result : refused.results()) {
      EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_REJECTED) << result.ShortDebugString();
    }
  }

  // Time goes on until the ramp may climb, and both are waited for, as each looks when it likes.
  void ClimbTo(int step) {
    clock_.Advance(absl::Seconds(61));
    v1::GetExperimentRequest request;
    request.set_experiment_id(kRamped);
    for (Twin* twin : {killed_.get(), undisturbed_.get()}) {
      v1::GetExperimentResponse response;
      EXPECT_TRUE(PollUntil(
          [&] {
            twin->Insist(&Experiments::GetExperiment, request, &response);
            return response.experiment().ramp_state().step() == step;
          },
          absl::Seconds(60), absl::Milliseconds(50)))
          << response.experiment().ramp_state().DebugString();
    }
  }

  void Round(int number) {
    clock_.Advance(absl::Milliseconds(50));
    ServeMessily();
    for (const char* agent : {kBetter, kWorse, kRamped}) {
      if (agent != kWorse || number < kStopRound) ServeInOrder(agent);
    }
    if (number == kStopRound) StopTheWorse();
    if (number == kStepRounds[0]) ClimbTo(1);
    if (number == kStepRounds[1]) ClimbTo(2);
  }

  example::Random random_{kSeed};
  MessyTraffic traffic_{&random_};
  Words of_worse_;
  int64_t next_outcome_ = 0;
};

TEST_F(ExperimentTwins, KnowTheSameToTheBitThoughOneIsKilledAgainAndAgain) {
  const absl::Time start = absl::Now();
  const int kills = Kills();
  const int rounds = KillWhile(kills, kLeastRounds, [this](int number) { Round(number); });
  if (HasFailure()) return;

  clock_.Advance(absl::Hours(2));
  for (const char* experiment : {kMessy, kBetter, kRamped}) AwaitMaturity(experiment);
  for (const char* experiment : {kBetter, kWorse, kRamped}) {
    v1::AnalyzeRequest analyze;
    analyze.set_experiment_id(experiment);
    AskBoth<v1::AnalyzeResponse>(&Experiments::Analyze, analyze);
    v1::ListDecisionsRequest list;
    list.set_experiment_id(experiment);
    const auto decisions = AskBoth<v1::ListDecisionsResponse>(&Experiments::ListDecisions, list);
    // Of the ramp's arms, which are alike, most likely nothing is decided.
    EXPECT_TRUE(decisions.decisions_size() > 0 || std::string_view(experiment) == kRamped);
  }
  v1::ListRampEventsRequest events;
  events.set_experiment_id(kRamped);
  EXPECT_GE(AskBoth<v1::ListRampEventsResponse>(&Ramps::ListRampEvents, events).events_size(), 3);
  // Of this one the looks are others, because what is lost for a while is not there to be seen:
  // what was decided meanwhile, and what all looks leave, may differ; what was counted may not.
  const v1::Analysis messy = AnalysisOf(*undisturbed_, kMessy);
  ExpectSameArms(kMessy);
  for (const v1::ArmResult& arm : messy.arms()) {
    EXPECT_GT(arm.mixed_units(), 0);
    EXPECT_GT(arm.fallback_outcomes(), 0);
  }

  killed_->Kill();
  undisturbed_->Kill();
  const std::string decided = fmt::format(
      "experiment <> (SELECT ordinal FROM experiments WHERE experiment_id = '{}')", kMessy);
  for (const char* table : {"active_versions", "arm_tallies", "experiment_units", "experiments",
                            "metric_tallies", "outcomes", "promotions", "ramp_events"}) {
    ExpectSameRows(table);
  }
  for (const char* table : {"decisions", "running_intervals"}) ExpectSameRows(table, decided);
  fmt::print("{} kills in {} rounds of traffic: {} units, {} outcomes; {:.0f} s\n", kills, rounds,
             next_user_, StoredRows(undisturbed_->data_dir(), "outcomes")->size(),
             absl::ToDoubleSeconds(absl::Now() - start));
}

}  // namespace
}  // namespace flywheel::fault

int main(int argc, char** argv) {
  if (const auto code = flywheel::fault::ServeIfTwin(argc, argv)) return *code;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
