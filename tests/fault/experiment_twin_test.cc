// An experiment service that is killed again and again, and its twin that nothing disturbs: where
// both heard the same, both know the same, bit for bit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "examples/support_agent/random.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/fake_gate.h"
#include "tests/fault/twins/shared_clock.h"
#include "tests/fault/twins/stored_rows.h"
#include "tests/fault/twins/traffic.h"
#include "tests/fault/twins/twin.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;
using Experiments = v1::ExperimentService::Stub;
using Ramps = v1::RampService::Stub;

constexpr uint64_t kSeed = 20'261'130;
constexpr size_t kUnitsPerRound = 12;
// Of traffic, each of some 100 ms; it goes on for as long as there are kills.
constexpr int kLeastRounds = 100;
constexpr int kStopRound = 50;
constexpr int kStepRounds[] = {40, 70};

// FLYWHEEL_CRASH_ROUNDS makes it as long as one likes.
int Kills() {
  const char* const wanted = std::getenv("FLYWHEEL_CRASH_ROUNDS");
  return wanted == nullptr ? 50 : std::max(1, std::atoi(wanted));
}

void WaitAtMost(double milliseconds) {
  absl::Notification never;
  never.WaitForNotificationWithTimeout(absl::Milliseconds(milliseconds));
}

class ExperimentTwins : public ::testing::Test {
 protected:
  void SetUp() override {
    clock_.Advance(absl::FromUnixSeconds(1'800'000'000) - absl::UnixEpoch());
    // The keys of units are random: one store becomes two. The salts of experiments are too, and
    // are taken away, so that the same units are dealt to the same arms whenever this runs.
    const std::unique_ptr<Twin> parent = MakeTwin("parent");
    ASSERT_OK(parent->Launch());
    for (const char* agent : {kMessy, kBetter, kWorse, kRamped}) Begin(*parent, agent);
    parent->Kill();
    ASSERT_OK(ChangeStore(parent->data_dir(), "UPDATE experiments SET assignment_salt = x''"));
    for (auto [name, twin] :
         {std::pair("killed", &killed_), std::pair("undisturbed", &undisturbed_)}) {
      std::filesystem::copy(parent->data_dir(), dir_.path() + "/" + name,
                            std::filesystem::copy_options::recursive);
      *twin = MakeTwin(name);
      ASSERT_OK((*twin)->Launch());
      (*twin)->AwaitServing();
    }
  }

  std::unique_ptr<Twin> MakeTwin(const std::string& name) {
    return std::make_unique<Twin>(
        TwinPlaces{dir_.path() + "/" + name, dir_.path() + "/clock", gate_.address()});
  }

  static void Begin(Twin& twin, const std::string& agent) {
    v1::PromoteVersionRequest promote;
    promote.set_promotion_id(agent + "-first");
    promote.set_agent(agent);
    promote.set_model_version("v1");
    promote.mutable_waiver()->set_owner("ada");
    promote.mutable_waiver()->set_reason("the first one");
    v1::PromoteVersionResponse promoted;
    twin.Insist(&Experiments::PromoteVersion, promote, &promoted);
    v1::CreateExperimentResponse created;
    twin.Insist(&Experiments::CreateExperiment, ExperimentOf(agent), &created);
  }

  // Asks both, and expects one answer.
  template <typename Response, typename Method, typename Request>
  Response AskBoth(Method method, const Request& request) {
    Response of_killed, of_undisturbed;
    killed_->Insist(method, request, &of_killed);
    undisturbed_->Insist(method, request, &of_undisturbed);
    EXPECT_EQ(of_killed.SerializeAsString(), of_undisturbed.SerializeAsString())
        << "killed: " << of_killed.DebugString() << "undisturbed: " << of_undisturbed.DebugString();
    return of_undisturbed;
  }

  // New units of an agent, as both assign them; without those that take no part.
  std::vector<Unit> Assign(const std::string& agent) {
    std::vector<Unit> units;
    for (size_t i = 0; i < kUnitsPerRound; ++i) {
      v1::AssignRequest request;
      request.set_agent(agent);
      request.set_user_id(fmt::format("user-{}", next_user_++));
      const auto assigned = AskBoth<v1::AssignResponse>(&Experiments::Assign, request);
      if (assigned.experiment_id().empty()) continue;
      units.push_back({request.user_id(), assigned.arm_id(), assigned.assignment_token()});
    }
    return units;
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
    for (const Unit& unit : Assign(agent)) {
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
    const Words words = traffic_.Draw(Assign(kMessy), clock_.Now());
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

  // Until it has been killed so many times; it serves afterwards.
  void KillAgainAndAgain(int kills) {
    example::Random random(kSeed + 1);
    for (int i = 0; i < kills && !HasFailure(); ++i) {
      WaitAtMost(20 + 200 * random.Uniform());
      killed_->Kill();
      ASSERT_OK(killed_->Launch());
      if (random.Chance(0.25)) {
        // Once more, in the middle of its recovery.
        WaitAtMost(60 * random.Uniform());
        killed_->Kill();
        ASSERT_OK(killed_->Launch());
      }
      killed_->AwaitServing();
    }
  }

  static v1::Analysis AnalysisOf(Twin& twin, const std::string& experiment) {
    v1::AnalyzeRequest request;
    request.set_experiment_id(experiment);
    v1::AnalyzeResponse response;
    twin.Insist(&Experiments::Analyze, request, &response);
    return response.analysis();
  }

  // Of an experiment that runs, every unit of which has come of age.
  void AwaitMaturity(const std::string& experiment) {
    for (Twin* twin : {killed_.get(), undisturbed_.get()}) {
      EXPECT_TRUE(PollUntil(
          [&] {
            const v1::Analysis analysis = AnalysisOf(*twin, experiment);
            return std::all_of(
                analysis.arms().begin(), analysis.arms().end(), [](const v1::ArmResult& arm) {
                  return arm.matured_units() == arm.exposed_units() - arm.mixed_units();
                });
          },
          absl::Seconds(60), absl::Milliseconds(50)))
          << experiment << ": " << AnalysisOf(*twin, experiment).DebugString();
    }
  }

  void ExpectSameRows(std::string_view table, std::string_view condition = "1") {
    const auto of_killed = StoredRows(killed_->data_dir(), table, condition);
    const auto of_undisturbed = StoredRows(undisturbed_->data_dir(), table, condition);
    ASSERT_OK(of_killed);
    ASSERT_OK(of_undisturbed);
    EXPECT_FALSE(of_undisturbed->empty()) << table;
    EXPECT_EQ(*of_killed, *of_undisturbed) << table;
  }

  testing::TempDir dir_;
  experiment::FakeGate gate_;
  SharedClock clock_{dir_.path() + "/clock"};
  std::unique_ptr<Twin> killed_;
  std::unique_ptr<Twin> undisturbed_;
  example::Random random_{kSeed};
  MessyTraffic traffic_{&random_};
  Words of_worse_;
  int64_t next_user_ = 0;
  int64_t next_outcome_ = 0;
};

TEST_F(ExperimentTwins, KnowTheSameToTheBitThoughOneIsKilledAgainAndAgain) {
  const absl::Time start = absl::Now();
  const int kills = Kills();
  absl::Notification done;
  int rounds = 0;
  std::thread users([&] {
    while ((rounds < kLeastRounds || !done.HasBeenNotified()) && !HasFailure()) Round(rounds++);
  });
  // By this thread: the kernel ends a child with the thread that started it.
  KillAgainAndAgain(kills);
  done.Notify();
  users.join();
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
  const v1::Analysis messy_too = AnalysisOf(*killed_, kMessy);
  for (int arm = 0; arm < messy.arms_size(); ++arm) {
    EXPECT_EQ(messy_too.arms(arm).SerializeAsString(), messy.arms(arm).SerializeAsString());
    EXPECT_GT(messy.arms(arm).mixed_units(), 0);
    EXPECT_GT(messy.arms(arm).fallback_outcomes(), 0);
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
  using flywheel::fault::ServeTwin;
  const std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.size() == 6 && arguments[1] == flywheel::fault::kServeTwin) {
    return ServeTwin({arguments[2], arguments[3], arguments[4]}, arguments[5]);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
