// The gate is killed while owners decide: the release log has what was acknowledged, and nothing
// that is not there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "flywheel/evalgate/v1/release_log_service.grpc.pb.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/integration/local_service.h"

namespace flywheel::fault {
namespace {

namespace v1 = evalgate::v1;
using cli::Service;
using PolicyStub = v1::ReleasePolicyService::Stub;

constexpr int kKills = 8;
constexpr int kOwners = 3;

class ReleaseLogCrash : public integration::LocalServiceTest {
 protected:
  template <typename Request, typename Response>
  bool Send(grpc::Status (PolicyStub::*method)(grpc::ClientContext*, const Request&, Response*),
            const Request& request) {
    Response response;
    return Call<v1::ReleasePolicyService>(method, request, &response).ok();
  }

  // Decides until `stop`; what was acknowledged is in `acknowledged`, by its kind and id.
  void Decide(int owner, const std::atomic<bool>& stop, std::set<std::string>& acknowledged) {
    const std::string agent = fmt::format("agent-{}", owner);
    int64_t policies = 1;
    for (int i = 0; !stop; ++i) {
      v1::ApproveBaselineRequest approve;
      v1::BaselineApproval& approval = *approve.mutable_approval();
      approval.set_approval_id(fmt::format("a-{}-{}", owner, i));
      approval.set_agent(agent);
      approval.set_model_version("m1");
      approval.set_reason("it serves");
      if (Send(&PolicyStub::ApproveBaseline, approve)) {
        acknowledged.insert(fmt::format("2 {} {}", agent, approval.approval_id()));
      }
      v1::SetReleasePolicyRequest set;
      v1::ReleasePolicy& policy = *set.mutable_policy();
      policy.set_agent(agent);
      policy.set_policy_version(policies);
      policy.set_reason("what users need");
      policy.add_suites()->set_suite_name("s1");
      // Where the answer is lost, the same one again is a replay.
      if (Send(&PolicyStub::SetReleasePolicy, set)) {
        acknowledged.insert(fmt::format("1 {} {}", agent, policies++));
      }
      v1::WaiveVerdictsRequest waive;
      v1::VerdictWaiver& waiver = *waive.mutable_waiver();
      waiver.set_waiver_id(fmt::format("w-{}-{}", owner, i));
      waiver.set_agent(agent);
      waiver.set_model_version("m1");
      waiver.set_owner("the owner");
      waiver.set_reason("known");
      waiver.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 3'600);
      if (Send(&PolicyStub::WaiveVerdicts, waive)) {
        acknowledged.insert(fmt::format("5 {} {}", agent, waiver.waiver_id()));
      }
    }
  }

  v1::ReleaseLogState Verify(const std::string& expected_head) {
    v1::VerifyReleaseLogRequest request;
    request.set_expected_head(expected_head);
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(60));
    const auto stub = v1::ReleaseLogService::NewStub(channel_.get());
    const auto reader = stub->VerifyReleaseLog(&context, request);
    v1::VerifyReleaseLogResponse response;
    while (reader->Read(&response)) continue;
    EXPECT_OK(rpc::FromGrpcStatus(reader->Finish()));
    return response.state();
  }

  std::set<std::string> Logged() {
    std::set<std::string> logged;
    v1::ListReleaseLogRequest request;
    request.set_page_size(1'000);
    do {
      v1::ListReleaseLogResponse response;
      EXPECT_OK(rpc::FromGrpcStatus(Call<v1::ReleaseLogService>(
          &v1::ReleaseLogService::Stub::ListReleaseLog, request, &response)));
      for (const v1::ReleaseLogEntry& one : response.entries()) {
        logged.insert(
            fmt::format("{} {} {}", static_cast<int>(one.kind()), one.agent(), one.resource_id()));
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return logged;
  }
};

TEST_F(ReleaseLogCrash, LeavesTheLogAndWhatItIsAboutEqual) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kEvalGate));
  std::atomic<bool> stop = false;
  std::vector<std::set<std::string>> acknowledged(kOwners);
  std::vector<std::thread> owners;
  for (int owner = 0; owner < kOwners; ++owner) {
    owners.emplace_back(
        [&, owner] { Decide(owner, stop, acknowledged[static_cast<size_t>(owner)]); });
  }
  std::string head;
  int64_t entries = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    // Once something was added since the last time.
    ASSERT_TRUE(
        PollUntil([&] { return Verify("").whole_entries() >= entries + 20; }, absl::Seconds(30)));
    services_->Kill(Service::kEvalGate);
    ASSERT_OK(services_->Restart(Service::kEvalGate));
    const v1::ReleaseLogState state = Verify(head);
    ASSERT_TRUE(state.whole()) << state.DebugString();
    head = state.head_hash();
    entries = state.whole_entries();
  }
  stop = true;
  for (std::thread& owner : owners) owner.join();
  EXPECT_TRUE(Verify(head).whole());
  const std::set<std::string> logged = Logged();
  size_t total = 0;
  for (const std::set<std::string>& of_owner : acknowledged) {
    total += of_owner.size();
    for (const std::string& thing : of_owner) EXPECT_TRUE(logged.contains(thing)) << thing;
  }
  EXPECT_GE(total, size_t{kKills} * 20 - size_t{kKills} * kOwners);
  fmt::print("{} kills, {} entries, {} acknowledged\n", kKills, logged.size(), total);
}

}  // namespace
}  // namespace flywheel::fault
