// Test fixture: an experiment with a ramp, and a client of it.
#ifndef FLYWHEEL_TESTS_EXPERIMENT_SERVICE_RAMP_FIXTURE_H_
#define FLYWHEEL_TESTS_EXPERIMENT_SERVICE_RAMP_FIXTURE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {

// The service with v1 active. Time stands still unless a test moves it, so that no step comes by
// itself before; the ramp looks every second of the machine's clock.
class RampFixture : public ServiceFixture {
 protected:
  using Ramps = v1::RampService::Stub;
  using Kinds = std::vector<v1::RampEventKind>;

  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }

  template <typename Request, typename Response>
  grpc::Status CallRamp(grpc::Status (Ramps::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                        const Request& request, Response* response) {
    const auto stub = v1::RampService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
    return (stub.get()->*method)(&context, request, response);
  }

  // v1 against v2: a quarter of the units for an hour, half of them for another one, then all.
  static v1::CreateExperimentRequest Ramped(bool promote) {
    v1::CreateExperimentRequest request = Comparison("exp");
    for (const double coverage : {0.25, 0.5, 1.0}) {
      v1::RampStep* step = request.mutable_ramp()->add_steps();
      step->set_coverage(coverage);
      if (coverage < 1) step->mutable_min_duration()->set_seconds(3'600);
    }
    request.mutable_ramp()->set_promote(promote);
    return request;
  }

  v1::Experiment Get(const std::string& experiment_id = "exp") {
    v1::GetExperimentRequest request;
    request.set_experiment_id(experiment_id);
    v1::GetExperimentResponse response;
    EXPECT_OK(Call(&Stub::GetExperiment, request, &response));
    return response.experiment();
  }
  v1::RampState StateOf() { return Get().ramp_state(); }
  v1::ActiveVersion Active() {
    v1::GetActiveVersionRequest request;
    request.set_agent("helper");
    v1::GetActiveVersionResponse response;
    EXPECT_OK(Call(&Stub::GetActiveVersion, request, &response));
    return response.active_version();
  }
  std::vector<v1::RampEvent> Events(const std::string& experiment_id = "exp", int page_size = 0) {
    std::vector<v1::RampEvent> events;
    v1::ListRampEventsRequest request;
    request.set_experiment_id(experiment_id);
    request.set_page_size(page_size);
    do {
      v1::ListRampEventsResponse response;
      EXPECT_OK(CallRamp(&Ramps::ListRampEvents, request, &response));
      for (const v1::RampEvent& event : response.events()) events.push_back(event);
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return events;
  }
  Kinds KindsOf(const std::vector<v1::RampEvent>& events) {
    Kinds kinds;
    for (const v1::RampEvent& event : events) kinds.push_back(event.kind());
    return kinds;
  }

  void AwaitPhase(v1::RampPhase phase) {
    ASSERT_TRUE(PollUntil([&] { return StateOf().phase() == phase; }, absl::Seconds(20)))
        << v1::RampPhase_Name(phase) << ", have " << StateOf().DebugString();
  }
  void AwaitStep(int step) {
    ASSERT_TRUE(PollUntil([&] { return StateOf().step() == step; }, absl::Seconds(20)))
        << step << ", have " << StateOf().DebugString();
  }
  // Whether the ramp lets two of its looks pass without a change.
  bool StaysAsItIs() {
    const std::string before = StateOf().SerializeAsString();
    return !PollUntil([&] { return StateOf().SerializeAsString() != before; }, absl::Seconds(2.5),
                      absl::Milliseconds(50));
  }

  // The arm of each covered one of the units.
  std::map<std::string, std::string> ArmsOf(int units) {
    std::map<std::string, std::string> arms;
    for (int i = 0; i < units; ++i) {
      const std::string unit = "user-" + std::to_string(i);
      const v1::AssignResponse assigned = Assign(unit);
      if (!assigned.not_covered()) arms[unit] = assigned.arm_id();
    }
    return arms;
  }

  // The value of a unit by its arm, or nothing where none comes of it.
  using Value = std::function<std::optional<double>(const std::string& arm, int unit)>;
  // What so many in ten units of each arm accept.
  static Value Accepts(int control, int treatment) {
    return [=](const std::string& arm, int unit) {
      return unit % 10 < (arm == "treatment" ? treatment : control) ? 1.0 : 0.0;
    };
  }
  // Assigns units from `first` on until so many were covered, and sends what comes of those.
  // Returns the first one after them.
  int ServeCovered(int first, int units, const std::map<std::string, Value>& metrics) {
    std::vector<v1::UnitOutcome> outcomes;
    int unit = first;
    for (int covered = 0; covered < units; ++unit) {
      const std::string name = "user-" + std::to_string(unit);
      const v1::AssignResponse assigned = Assign(name);
      if (assigned.not_covered()) continue;
      ++covered;
      for (const auto& [metric, value] : metrics) {
        const std::optional<double> happened = value(assigned.arm_id(), unit);
        if (!happened) continue;
        std::string id = metric;
        id.append("-").append(name);
        outcomes.push_back(OutcomeOf(id, name, *happened));
        outcomes.back().set_metric(metric);
      }
    }
    for (const common::v1::ItemResult& result : Record(outcomes)) {
      EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
    return unit;
  }

  template <typename Request>
  static Request Word(const std::string& owner, const std::string& reason) {
    Request request;
    request.set_experiment_id("exp");
    request.set_owner(owner);
    request.set_reason(reason);
    return request;
  }
  grpc::Status Pause(const std::string& owner, const std::string& reason,
                     v1::PauseRampResponse* response) {
    return CallRamp(&Ramps::PauseRamp, Word<v1::PauseRampRequest>(owner, reason), response);
  }
  grpc::Status Resume(v1::ResumeRampResponse* response) {
    return CallRamp(&Ramps::ResumeRamp, Word<v1::ResumeRampRequest>("bob", "seen"), response);
  }
  grpc::Status Advance(int to_step, v1::AdvanceRampResponse* response) {
    auto request = Word<v1::AdvanceRampRequest>("bob", "it looks well");
    request.set_to_step(to_step);
    return CallRamp(&Ramps::AdvanceRamp, request, response);
  }
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_TESTS_EXPERIMENT_SERVICE_RAMP_FIXTURE_H_
