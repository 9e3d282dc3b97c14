// Test fixture: a gate with a history in its release log, and a hand in its store.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RELEASE_LOG_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RELEASE_LOG_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "flywheel/evalgate/v1/release_log_service.grpc.pb.h"
#include "shared/sql/connection.h"
#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {

// What somebody does to the store, and what is said of it.
struct Tampering {
  const char* name;
  const char* sql;
  v1::ReleaseLogBreakKind kind;
  // The entry that is named; 0: none.
  int64_t sequence;
  // What the message has to say.
  const char* says;
};

// What a migration leaves with entries that have no hash; by hand it is what somebody writes who
// knows the gate.
inline constexpr char kAsMigrated[] = "INSERT INTO release_log_to_fill_in (id) VALUES (1);";

inline void PrintTo(const Tampering& tampering, std::ostream* out) { *out << tampering.name; }

inline std::string NameOfTampering(const ::testing::TestParamInfo<Tampering>& tampering) {
  return tampering.param.name;
}

class ReleaseLogTest : public EvalGateTest {
 protected:
  std::unique_ptr<v1::ReleaseLogService::Stub> LogStub() {
    return v1::ReleaseLogService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", server_->port()), grpc::InsecureChannelCredentials()));
  }

  // What VerifyReleaseLog says at its end.
  v1::ReleaseLogState Verify(const std::string& expected_head = "") {
    v1::VerifyReleaseLogRequest request;
    request.set_expected_head(expected_head);
    grpc::ClientContext context;
    Prepare(context);
    const auto stub = LogStub();
    const auto reader = stub->VerifyReleaseLog(&context, request);
    v1::VerifyReleaseLogResponse response;
    while (reader->Read(&response)) {
      EXPECT_FALSE(response.has_state() && response.entries() != response.state().whole_entries());
    }
    EXPECT_OK(reader->Finish());
    return response.state();
  }

  grpc::Status ListLog(const v1::ListReleaseLogRequest& request,
                       v1::ListReleaseLogResponse& response) {
    grpc::ClientContext context;
    Prepare(context);
    return LogStub()->ListReleaseLog(&context, request, &response);
  }

  v1::ReplayVerdictResponse Replay(const std::string& verdict_id) {
    v1::ReplayVerdictRequest request;
    request.set_verdict_id(verdict_id);
    v1::ReplayVerdictResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::ReplayVerdict, request, response));
    return response;
  }

  // All entries of the project, the oldest first.
  std::vector<v1::ReleaseLogEntry> Entries() {
    v1::ListReleaseLogRequest request;
    request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
    v1::ListReleaseLogResponse response;
    EXPECT_OK(ListLog(request, response));
    EXPECT_EQ(response.next_page_token(), "");
    return {response.entries().begin(), response.entries().end()};
  }

  // One thing of each kind, a second policy and a second run: eight entries. "m2" is blocked in
  // cohort "app", and waived.
  void MakeHistory() {
    FakeCuration::Rows rows;
    for (int i = 0; i < 60; ++i) rows.push_back(MakeRow(CaseId(i), i < 40 ? "app" : "web"));
    curation_.Put("default", "d1", rows);
    v1::CreateSuiteRequest suite = SuiteRequest("s1");
    (*suite.mutable_labels())["branch"] = "main";
    ASSERT_OK(Create(suite));
    ASSERT_OK(SetPolicy(PolicyRequest()));
    ASSERT_OK(Approve("m1"));
    SubmitAll("m1", 60);
    SubmitAll("m2", 60, /*wrong=*/25);
    ASSERT_OK(FinishRun(RunId("m1")));
    ASSERT_OK(FinishRun(RunId("m2")));
    v1::JudgeVersionRequest judge;
    judge.set_verdict_id("v1");
    judge.set_suite_id("s1");
    judge.set_model_version("m2");
    (*judge.mutable_labels())["sha"] = "0a1b";
    ASSERT_OK(Call(&v1::EvalGateService::Stub::JudgeVersion, judge, judged_));
    ASSERT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
    ASSERT_OK(Waive(WaiverRequest("m2")));
    ASSERT_OK(SetPolicy(PolicyRequest(2, "other")));
  }

  // What somebody does to the store beside the service.
  void Tamper(const std::string& sql) {
    auto store = sql::Connection::Open(StorePath(), sql::Access::kWrite);
    ASSERT_OK(store);
    ASSERT_OK((*store)->Execute(("PRAGMA foreign_keys = OFF;" + sql).c_str())) << sql;
  }

  std::string StorePath() const { return directory_.path() + "/eval-gate.db"; }

 private:
  void Prepare(grpc::ClientContext& context) const {
    if (!project_.empty()) context.AddMetadata("x-flywheel-project", project_);
    if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_RELEASE_LOG_FIXTURE_H_
