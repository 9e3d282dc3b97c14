// The audit log of a service: what was decided, what was refused, and for how long that stays.
#include <gmock/gmock.h>

#include <fstream>

#include "flywheel/audit/v1/audit_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;

constexpr char kReleaseKey[] = "key-of-the-release-ci";
constexpr char kAgentKey[] = "key-of-the-agent-prod";
constexpr char kBankKey[] = "key-of-the-bank-board";
constexpr char kWheelKey[] = "key-of-all-services-1";

class AuditTest : public EvalGateTest {
 protected:
  AuditTest() {
    api_keys_file_ = directory_.path() + "/keys";
    std::ofstream(api_keys_file_) << "release " << kReleaseKey << " default operator\n"
                                  << "agent " << kAgentKey << " default writer\n"
                                  << "bank " << kBankKey << " bank operator\n"
                                  << "wheel " << kWheelKey << " * service\n";
    Restart();
    key_ = kReleaseKey;
  }

  grpc::Status List(const audit::v1::ListAuditEventsRequest& request) {
    const auto stub = audit::v1::AuditService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", server_->port()), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key_);
    list_.Clear();
    return stub->ListAuditEvents(&context, request, &list_);
  }

  // "METHOD KEY RESOURCE" of all events that `key` may see.
  std::vector<std::string> Events(const char* key = kReleaseKey,
                                  const audit::v1::ListAuditEventsRequest& request = {}) {
    const std::string before = std::exchange(key_, key);
    EXPECT_OK(List(request));
    key_ = before;
    std::vector<std::string> events;
    for (const audit::v1::AuditEvent& event : list_.events()) {
      events.push_back(
          fmt::format("{} {} {}", event.method(), event.key_id(), event.resource_id()));
    }
    return events;
  }

  // "METHOD KEY" of those that were refused.
  std::vector<std::string> Refused() {
    EXPECT_OK(List({}));
    std::vector<std::string> events;
    for (const audit::v1::AuditEvent& event : list_.events()) {
      if (event.reason() == common::v1::ERROR_REASON_UNSPECIFIED) continue;
      events.push_back(event.method() + " " + event.key_id());
    }
    return events;
  }

  // Refusals are written without their caller waiting for it.
  void AwaitEvents(size_t count) {
    ASSERT_TRUE(PollUntil([&] { return Events().size() >= count; }, absl::Seconds(20)));
  }

  audit::v1::ListAuditEventsResponse list_;
};

TEST_F(AuditTest, KeepsWhatWasDecidedOnceAndInItsOwnTransaction) {
  MakeSuite(40);
  ASSERT_OK(Create(SuiteRequest("s1")));  // A replay changes nothing.
  SubmitAll("m1", 40);
  SubmitAll("m1", 40);
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_THAT(Events(), ElementsAre("JudgeVersion release v1", "FinishRun release run-0",
                                    "SubmitOutputs release run-0", "StartRun release run-0",
                                    "CreateSuite release s1"));
  const audit::v1::AuditEvent& judged = list_.events(0);
  EXPECT_EQ(judged.project(), "default");
  EXPECT_EQ(judged.resource_kind(), "verdict");
  EXPECT_EQ(judged.detail(), "suite 's1', version 'm1'");
  EXPECT_NE(judged.request_id(), "");
  EXPECT_EQ(judged.event_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  Restart();
  EXPECT_EQ(Events().size(), 5U);
}

TEST_F(AuditTest, KeepsRefusalsOfAKnownKeyOnceAMinute) {
  MakeSuite(40);
  SubmitAll("m1", 40);
  ASSERT_OK(Judge("v1", "m1"));
  key_ = kAgentKey;
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kPermissionDenied));
  }
  key_ = "key-of-nobody-at-all";
  EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kUnauthenticated));
  key_ = kReleaseKey;
  SubmitAll("m2", 39);
  EXPECT_EQ(Judge("v2", "m2").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  AwaitEvents(10);
  EXPECT_THAT(Refused(),
              ElementsAre("JudgeVersion release", "FinishRun release", "CreateSuite agent"));
  clock_.Advance(absl::Minutes(1));
  key_ = kAgentKey;
  EXPECT_THAT(Create(SuiteRequest("s1")), HasReason(Reason::kPermissionDenied));
  key_ = kReleaseKey;
  AwaitEvents(11);
  EXPECT_THAT(Refused(), ElementsAre("CreateSuite agent", "JudgeVersion release",
                                     "FinishRun release", "CreateSuite agent"));
}

TEST_F(AuditTest, ShowsAProjectItsOwnEventsAndOperatorsAlone) {
  MakeSuite(40);
  EXPECT_THAT(Events(kBankKey), IsEmpty());
  audit::v1::ListAuditEventsRequest all;
  all.set_all_projects(true);
  EXPECT_THAT(Events(kWheelKey, all), ElementsAre("CreateSuite release s1"));
  key_ = kBankKey;
  EXPECT_THAT(List(all), HasReason(Reason::kPermissionDenied));
  key_ = kAgentKey;
  EXPECT_THAT(List({}), HasReason(Reason::kPermissionDenied));
}

TEST_F(AuditTest, LetsGoOfWhatIsTooOld) {
  MakeSuite(40);
  clock_.Advance(absl::Hours(24) * 200);
  SubmitAll("m1", 40);
  clock_.Advance(absl::Hours(24) * 201);
  Restart();
  EXPECT_TRUE(PollUntil([this] { return Events().size() == 2; }, absl::Seconds(20)));
  EXPECT_THAT(Events(), ElementsAre("SubmitOutputs release run-0", "StartRun release run-0"));
}

TEST_F(AuditTest, GoesPageByPageAndRefusesATokenOfAnotherList) {
  MakeSuite(40);
  ASSERT_OK(StartRun("r1", "m1"));
  ASSERT_OK(StartRun("r2", "m2"));
  audit::v1::ListAuditEventsRequest request;
  request.set_page_size(2);
  EXPECT_EQ(Events(kReleaseKey, request).size(), 2U);
  request.set_page_token(list_.next_page_token());
  EXPECT_THAT(Events(kReleaseKey, request), ElementsAre("CreateSuite release s1"));
  EXPECT_EQ(list_.next_page_token(), "");
  request.set_method("StartRun");
  EXPECT_THAT(List(request), HasReason(Reason::kInvalidArgument));
  request.clear_method();
  request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
  EXPECT_THAT(List(request), HasReason(Reason::kInvalidArgument)) << "a token of another order";
  request.clear_page_token();
  EXPECT_THAT(Events(kReleaseKey, request),
              ElementsAre("CreateSuite release s1", "StartRun release r1"));
  request.set_page_token(list_.next_page_token());
  EXPECT_THAT(Events(kReleaseKey, request), ElementsAre("StartRun release r2"));
  EXPECT_EQ(list_.next_page_token(), "");
}

}  // namespace
}  // namespace flywheel::evalgate
