// Test fixture: an experiment service that is killed again and again, and its twin that nothing
// disturbs.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_TWINS_FIXTURE_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_TWINS_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/testing/temp_dir.h"
#include "tests/experiment_service/fake_gate.h"
#include "tests/fault/twins/shared_clock.h"
#include "tests/fault/twins/traffic.h"
#include "tests/fault/twins/twin.h"

namespace flywheel::fault {

// Both begin with one store, and hear the same from then on.
class TwinsFixture : public ::testing::Test {
 protected:
  using Experiments = experiment::v1::ExperimentService::Stub;
  using Ramps = experiment::v1::RampService::Stub;

  // FLYWHEEL_CRASH_ROUNDS makes it as long as one likes.
  static int Kills();

  // Starts both at `start` of their clock with these experiments, each of which is named like its
  // agent. They follow the feed at `ingest_address`, where it is not empty.
  void StartTwins(absl::Time start,
                  const std::vector<experiment::v1::CreateExperimentRequest>& requests,
                  const std::string& ingest_address = "");

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
  std::vector<Unit> Assign(const std::string& agent, size_t count);

  // Calls `round` with 0, 1, 2 and so on from a thread of its own, `least_rounds` times and until
  // the one twin was killed `kills` times; it serves afterwards. Returns how many rounds there
  // were.
  int KillWhile(int kills, int least_rounds, const std::function<void(int)>& round);

  static experiment::v1::Analysis AnalysisOf(Twin& twin, const std::string& experiment);

  // That an analysis of the experiment comes to be as wanted, with both.
  void AwaitBoth(const std::string& experiment,
                 const std::function<bool(const experiment::v1::Analysis&)>& wanted);
  // Of an experiment that runs: that every unit has come of age.
  void AwaitMaturity(const std::string& experiment);

  // What was counted, whatever the looks were.
  void ExpectSameArms(const std::string& experiment);

  // REQUIRES: neither runs.
  void ExpectSameRows(std::string_view table, std::string_view condition = "1");

  testing::TempDir dir_;
  experiment::FakeGate gate_;
  SharedClock clock_{dir_.path() + "/clock"};
  std::unique_ptr<Twin> killed_;
  std::unique_ptr<Twin> undisturbed_;
  int64_t next_user_ = 0;

 private:
  std::unique_ptr<Twin> MakeTwin(const std::string& name, const std::string& ingest_address);
  void KillAgainAndAgain(int kills);
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_TWINS_FIXTURE_H_
