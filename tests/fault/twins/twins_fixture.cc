#include "tests/fault/twins/twins_fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "examples/support_agent/random.h"
#include "shared/testing/status_matchers.h"
#include "shared/time/poll.h"
#include "tests/fault/twins/stored_rows.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

constexpr uint64_t kSeed = 20'261'131;

void WaitAtMost(double milliseconds) {
  absl::Notification never;
  never.WaitForNotificationWithTimeout(absl::Milliseconds(milliseconds));
}

// The first version of the experiment's agent, then the experiment.
void Begin(Twin& twin, const v1::CreateExperimentRequest& request) {
  v1::PromoteVersionRequest promote;
  promote.set_promotion_id(request.agent() + "-first");
  promote.set_agent(request.agent());
  promote.set_model_version("v1");
  promote.mutable_waiver()->set_owner("ada");
  promote.mutable_waiver()->set_reason("the first one");
  v1::PromoteVersionResponse promoted;
  twin.Insist(&v1::ExperimentService::Stub::PromoteVersion, promote, &promoted);
  v1::CreateExperimentResponse created;
  twin.Insist(&v1::ExperimentService::Stub::CreateExperiment, request, &created);
}

bool IsMature(const v1::Analysis& analysis) {
  return std::all_of(analysis.arms().begin(), analysis.arms().end(), [](const v1::ArmResult& arm) {
    return arm.matured_units() == arm.exposed_units() - arm.mixed_units();
  });
}

}  // namespace

int TwinsFixture::Kills() {
  const char* const wanted = std::getenv("FLYWHEEL_CRASH_ROUNDS");
  return wanted == nullptr ? 50 : std::max(1, std::atoi(wanted));
}

void TwinsFixture::StartTwins(absl::Time start,
                              const std::vector<v1::CreateExperimentRequest>& requests,
                              const std::string& ingest_address) {
  clock_.Advance(start - absl::UnixEpoch());
  // The keys of units are random: one store becomes two. The salts of experiments are too, and
  // are taken away, so that the same units are dealt to the same arms whenever this runs.
  const std::unique_ptr<Twin> parent = MakeTwin("parent", ingest_address);
  ASSERT_OK(parent->Launch());
  for (const v1::CreateExperimentRequest& request : requests) Begin(*parent, request);
  parent->Kill();
  ASSERT_OK(ChangeStore(parent->data_dir(), "UPDATE experiments SET assignment_salt = x''"));
  for (auto [name, twin] :
       {std::pair("killed", &killed_), std::pair("undisturbed", &undisturbed_)}) {
    std::filesystem::copy(parent->data_dir(), dir_.path() + "/" + name,
                          std::filesystem::copy_options::recursive);
    *twin = MakeTwin(name, ingest_address);
    ASSERT_OK((*twin)->Launch());
    (*twin)->AwaitServing();
  }
}

std::unique_ptr<Twin> TwinsFixture::MakeTwin(const std::string& name,
                                             const std::string& ingest_address) {
  return std::make_unique<Twin>(TwinPlaces{dir_.path() + "/" + name, dir_.path() + "/clock",
                                           gate_.address(), ingest_address});
}

std::vector<Unit> TwinsFixture::Assign(const std::string& agent, size_t count) {
  std::vector<Unit> units;
  for (size_t i = 0; i < count; ++i) {
    v1::AssignRequest request;
    request.set_agent(agent);
    request.set_user_id(fmt::format("user-{}", next_user_++));
    const auto assigned = AskBoth<v1::AssignResponse>(&Experiments::Assign, request);
    if (assigned.experiment_id().empty()) continue;
    units.push_back({request.user_id(), assigned.arm_id(), assigned.assignment_token()});
  }
  return units;
}

int TwinsFixture::KillWhile(int kills, int least_rounds, const std::function<void(int)>& round) {
  absl::Notification done;
  int rounds = 0;
  std::thread users([&] {
    while ((rounds < least_rounds || !done.HasBeenNotified()) && !HasFailure()) round(rounds++);
  });
  // By this thread: the kernel ends a child with the thread that started it.
  KillAgainAndAgain(kills);
  done.Notify();
  users.join();
  return rounds;
}

void TwinsFixture::KillAgainAndAgain(int kills) {
  example::Random random(kSeed);
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

v1::Analysis TwinsFixture::AnalysisOf(Twin& twin, const std::string& experiment) {
  v1::AnalyzeRequest request;
  request.set_experiment_id(experiment);
  v1::AnalyzeResponse response;
  twin.Insist(&Experiments::Analyze, request, &response);
  return response.analysis();
}

void TwinsFixture::AwaitBoth(const std::string& experiment,
                             const std::function<bool(const v1::Analysis&)>& wanted) {
  for (Twin* twin : {killed_.get(), undisturbed_.get()}) {
    EXPECT_TRUE(PollUntil([&] { return wanted(AnalysisOf(*twin, experiment)); }, absl::Seconds(60)))
        << experiment << ": " << AnalysisOf(*twin, experiment).DebugString();
  }
}

void TwinsFixture::AwaitMaturity(const std::string& experiment) { AwaitBoth(experiment, IsMature); }

void TwinsFixture::ExpectSameArms(const std::string& experiment) {
  const v1::Analysis of_killed = AnalysisOf(*killed_, experiment);
  const v1::Analysis of_undisturbed = AnalysisOf(*undisturbed_, experiment);
  ASSERT_EQ(of_killed.arms_size(), of_undisturbed.arms_size());
  for (int arm = 0; arm < of_killed.arms_size(); ++arm) {
    EXPECT_EQ(of_killed.arms(arm).SerializeAsString(),
              of_undisturbed.arms(arm).SerializeAsString());
  }
}

void TwinsFixture::ExpectSameRows(std::string_view table, std::string_view condition) {
  const auto of_killed = StoredRows(killed_->data_dir(), table, condition);
  const auto of_undisturbed = StoredRows(undisturbed_->data_dir(), table, condition);
  ASSERT_OK(of_killed);
  ASSERT_OK(of_undisturbed);
  EXPECT_FALSE(of_undisturbed->empty()) << table;
  EXPECT_EQ(*of_killed, *of_undisturbed) << table;
}

}  // namespace flywheel::fault
