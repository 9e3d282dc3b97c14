// People who are erased leave the gate's suites.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/store/erasure_store.h"
#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;

class GateErasureTest : public EvalGateTest {
 protected:
  // Erases the people of these cases, and waits until that is reported.
  FakeCuration::Report Erase(const std::set<std::string>& case_ids,
                             const std::string& erasure_id = "e1") {
    curation_.Erase("default", erasure_id, case_ids);
    const auto reports = curation_.AwaitReports(++erasures_);
    EXPECT_EQ(reports.size(), erasures_) << erasure_id;
    return reports.empty() ? FakeCuration::Report{} : reports.back();
  }

  // A suite "s1" of so many rows in another project.
  void PutShop(int count) {
    FakeCuration::Rows rows;
    for (int i = 0; i < count; ++i) rows.push_back(MakeRow(CaseId(i)));
    curation_.Put("shop", "d1", rows);
    const std::string before = std::exchange(project_, "shop");
    EXPECT_OK(Create(SuiteRequest("s1", "d1")));
    project_ = before;
  }

  v1::Suite Suite(const std::string& suite_id = "s1") {
    v1::GetSuiteRequest request;
    request.set_suite_id(suite_id);
    v1::GetSuiteResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::GetSuite, request, response));
    return response.suite();
  }

  std::vector<std::string> CaseIds(const std::string& suite_id = "s1") {
    v1::ReadSuiteCasesRequest request;
    request.set_suite_id(suite_id);
    grpc::ClientContext context;
    const auto reader = stub_->ReadSuiteCases(&context, request);
    std::vector<std::string> ids;
    v1::ReadSuiteCasesResponse response;
    while (reader->Read(&response)) {
      for (const v1::SuiteCase& one : response.cases()) ids.push_back(one.case_id());
    }
    EXPECT_OK(reader->Finish());
    return ids;
  }

  v1::Verdict StoredVerdict(const std::string& verdict_id) {
    v1::GetVerdictRequest request;
    request.set_verdict_id(verdict_id);
    v1::GetVerdictResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::GetVerdict, request, response));
    return response.verdict();
  }

  // Every byte of the store: the file, the write-ahead log and its index.
  std::string Disk() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  using EvalGateTest::CaseId;
  size_t erasures_ = 0;
};

TEST_F(GateErasureTest, CasesLeaveWithEveryOutputForThemAndVerdictsStay) {
  MakeSuite(60);
  SubmitAll("m1", 60);
  SubmitAll("m2", 60, /*wrong=*/3);
  ASSERT_OK(Judge("v1", "m2", "m1"));
  const std::string before = StoredVerdict("v1").SerializeAsString();
  const FakeCuration::Report report = Erase({CaseId(3), CaseId(7), "a case of nobody here"});
  EXPECT_EQ(report.project, "default");
  EXPECT_EQ(report.request.erasure_id(), "e1");
  EXPECT_EQ(report.request.store(), "eval-gate");
  EXPECT_EQ(report.request.rows(), 6) << "two cases, and two outputs for each";
  const v1::Suite suite = Suite();
  EXPECT_EQ(suite.cases(), 60);
  EXPECT_EQ(suite.erased_cases(), 2);
  EXPECT_EQ(suite.content_hash(), suite_.suite().content_hash());
  const std::vector<std::string> left = CaseIds();
  EXPECT_EQ(left.size(), 58u);
  EXPECT_EQ(std::count(left.begin(), left.end(), CaseId(3)), 0);
  EXPECT_EQ(StoredVerdict("v1").SerializeAsString(), before);
}

TEST_F(GateErasureTest, JudgesWhatIsLeftAndSaysHowMuchIsNot) {
  MakeSuite(100);
  SubmitAll("m1", 100);
  Erase({CaseId(0), CaseId(1)});
  // It ran over all cases before they were erased.
  SubmitAll("m2", 100);
  EXPECT_EQ(outputs_.results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(outputs_.results(2).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(outputs_.missing(), 0);
  ASSERT_OK(Judge("v1", "m2", "m1"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_PASS);
  EXPECT_EQ(judged_.verdict().erased_cases(), 2);
  for (const v1::Finding& finding : judged_.verdict().findings()) EXPECT_EQ(finding.cases(), 98);
  EXPECT_EQ(StoredVerdict("v1").erased_cases(), 2);
}

TEST_F(GateErasureTest, MoreUnknownCasesThanWereErasedAreAMistake) {
  MakeSuite(30);
  Erase({CaseId(0)});
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  AddOutput(CaseId(0), "answer", request);
  AddOutput(CaseId(1), "answer", request);
  AddOutput("nonsense", "answer", request);
  ASSERT_OK(Submit(request));
  for (const int unknown : {0, 2}) {
    EXPECT_EQ(outputs_.results(unknown).reason(), common::v1::ERROR_REASON_NOT_FOUND);
  }
  request.mutable_outputs()->RemoveLast();
  ASSERT_OK(Submit(request));
  EXPECT_EQ(outputs_.results(0).reason(), common::v1::ERROR_REASON_ERASED);
  EXPECT_EQ(outputs_.results(1).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(outputs_.missing(), 28);
}

TEST_F(GateErasureTest, ASuiteOfWhichNothingIsLeftJudgesNobody) {
  MakeSuite(2);
  SubmitAll("m1", 2);
  Erase({CaseId(0), CaseId(1)});
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotEnoughData));
}

TEST_F(GateErasureTest, ASuiteThatIsMadeMeanwhileHoldsNobodyWhoWasErased) {
  PutRows(40);
  // The rows are on their way while their person is erased and the gate has said that it is clean.
  curation_.OnRead([this] { Erase({CaseId(5)}); });
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_EQ(suite_.suite().cases(), 39);
  EXPECT_EQ(suite_.suite().erased_cases(), 0);
  EXPECT_EQ(CaseIds().size(), 39u);
}

TEST_F(GateErasureTest, NothingOfAnErasedPersonStaysInTheFiles) {
  FakeCuration::Rows rows;
  std::vector<std::string> secrets;
  std::set<std::string> hers;
  for (int i = 0; i < 3'000; ++i) {
    // In no order, so that pages split and merge; none is the beginning of another.
    const std::string name = std::to_string(100'000 + (i * 7'919 + 13) % 30'011);
    curation::v1::DatasetRow row = MakeRow("id-" + name);
    row.set_input("asked-" + name + " " + std::string(i % 400, 'x'));
    row.set_ideal_output("ideal-" + name);
    row.add_ideal()->add_parts()->mutable_tool_call()->set_name("tool-" + name);
    row.add_prompt()->add_parts()->set_text("told-" + name);
    row.add_contexts()->set_text("read-" + name);
    rows.push_back(row);
    if (i % 20 != 0) continue;
    hers.insert(row.interaction_id());
    for (const char* what : {"id-", "asked-", "ideal-", "tool-", "told-", "read-", "said-"}) {
      secrets.push_back(what + name);
    }
  }
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  v1::SubmitOutputsRequest request = OutputsRequest("m1");
  for (const auto& row : rows) {
    AddOutput(row.interaction_id(), "said-" + row.interaction_id().substr(3), request);
  }
  ASSERT_OK(Submit(request));
  const std::string before = Disk();
  for (const std::string& secret : secrets) ASSERT_NE(before.find(secret), before.npos) << secret;
  EXPECT_EQ(Erase(hers).request.rows(), static_cast<int64_t>(2 * hers.size()));
  const std::string after = Disk();
  for (const std::string& secret : secrets) EXPECT_EQ(after.find(secret), after.npos) << secret;
  EXPECT_EQ(CaseIds().size(), 3'000 - hers.size());
}

// Wherever a text of theirs may stand beside the plain case and its first answer.
TEST_F(GateErasureTest, NothingStaysOfGroupsErrorsDetailsFurtherAttemptsAndAbortedRuns) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back(MakeRow(CaseId(i)));
    rows.back().set_session_id(fmt::format("session-{}-end", i));
  }
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  // What may come for an attempt: the first is an answer with all that belongs to it.
  const auto answer = [](int i, const std::string& run_id, int attempt) {
    const std::string mark = fmt::format("{}-{}-{}-end", run_id, i, attempt);
    v1::CaseOutput output;
    output.set_case_id(CaseId(i));
    output.set_attempt(attempt);
    if (attempt == 2) {
      output.set_error("error-" + mark);
      return output;
    }
    output.set_output("answer-" + mark);
    output.add_tool_calls()->set_name("tool-" + mark);
    output.mutable_tool_calls(0)->set_arguments_json(R"({"of": "call-)" + mark + R"("})");
    output.add_contexts()->set_text("context-" + mark);
    v1::ExternalGrade& grade = *output.add_external_grades();
    grade.set_name("judge");
    grade.set_version("label-" + mark);
    grade.set_explanation("because-" + mark);
    return output;
  };
  int expected_rows = 1;
  std::vector<std::string> secrets = {CaseId(7), "session-7-end"};
  for (const std::string run_id : {"finished", "going", "aborted"}) {
    ASSERT_OK(StartRun(run_id, "version-" + run_id, "s1", 3));
    v1::SubmitOutputsRequest request;
    request.set_run_id(run_id);
    for (int i = 0; i < 40; ++i) {
      for (int attempt = 1; attempt <= 3; ++attempt) {
        if (attempt < 3 || run_id == "finished") {
          *request.add_outputs() = answer(i, run_id, attempt);
          continue;
        }
        v1::CaseOutput& broken = *request.add_outputs();
        broken.set_case_id(CaseId(i));
        broken.set_attempt(attempt);
        broken.set_infrastructure_error(fmt::format("outage-{}-{}-end", run_id, i));
      }
    }
    ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, request, outputs_));
    for (const auto& result : outputs_.results()) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.DebugString();
    }
    expected_rows += 3;
    for (const char* what : {"answer-", "tool-", "call-", "context-", "label-", "because-"}) {
      secrets.push_back(fmt::format("{}{}-7-1-end", what, run_id));
    }
    secrets.push_back(fmt::format("error-{}-7-2-end", run_id));
    secrets.push_back(run_id == "finished" ? "answer-finished-7-3-end"
                                           : fmt::format("outage-{}-7-end", run_id));
  }
  ASSERT_OK(FinishRun("finished"));
  v1::AbortRunRequest abort;
  abort.set_run_id("aborted");
  abort.set_reason("no use");
  v1::AbortRunResponse aborted;
  ASSERT_OK(Call(&v1::RunService::Stub::AbortRun, abort, aborted));
  const std::string before = Disk();
  for (const std::string& secret : secrets) EXPECT_NE(before.find(secret), before.npos) << secret;
  EXPECT_EQ(Erase({CaseId(7)}).request.rows(), expected_rows);
  const std::string after = Disk();
  for (const std::string& secret : secrets) EXPECT_EQ(after.find(secret), after.npos) << secret;
  EXPECT_NE(after.find("answer-finished-8-1-end"), after.npos) << "of somebody else";
}

// More outputs than one write takes, after a gate that was killed between two of them.
TEST_F(GateErasureTest, GoesOnWithOutputsThatAKilledGateLeft) {
  constexpr int kCases = 60;
  constexpr int kAttempts = 8;
  MakeSuite(kCases);
  ASSERT_OK(StartRun("r1", "m1", "s1", kAttempts));
  v1::SubmitOutputsRequest outputs;
  outputs.set_run_id("r1");
  for (int i = 0; i < kCases * kAttempts; ++i) {
    AddOutput(CaseId(i / kAttempts), "answer", outputs);
    outputs.mutable_outputs(i)->set_attempt(i % kAttempts + 1);
  }
  ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, outputs, outputs_));
  ASSERT_OK(FinishRun("r1"));
  SubmitAll("m2", kCases);
  stub_.reset();
  server_.reset();
  std::set<std::string> hers;
  for (int i = 0; i < 50; ++i) hers.insert(CaseId(i));
  curation_.Erase("default", "e1", hers);
  {
    auto store = sql::Connection::Open(directory_.path() + "/eval-gate.db", sql::Access::kWrite);
    ASSERT_OK(store);
    const ComparedSuite suite{"default", "s1", "d1", 0};
    const std::vector<std::string> some(hers.begin(), std::next(hers.begin(), 10));
    ASSERT_OK((*store)->Execute("BEGIN"));
    ASSERT_OK(ErasureStore(**store).EraseCases(suite, some));
    const auto all = ErasureStore(**store).EraseOutputs(suite, 13);
    ASSERT_OK(all);
    EXPECT_FALSE(*all);
    ASSERT_OK((*store)->Execute("COMMIT"));
  }
  Start();
  const auto reports = curation_.AwaitReports(1);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].request.rows(), 50 + 50 * kAttempts + 50);
  EXPECT_EQ(Suite().erased_cases(), 50);
  const std::string after = Disk();
  for (const std::string& id : hers) EXPECT_EQ(after.find(id), after.npos) << id;
  v1::GetRunRequest request;
  request.set_run_id("r1");
  v1::GetRunResponse run;
  ASSERT_OK(Call(&v1::RunService::Stub::GetRun, request, run));
  EXPECT_EQ(run.run().answered(), 10 * kAttempts);
  EXPECT_EQ(run.run().attempts(), 10 * kAttempts);
}

TEST_F(GateErasureTest, GoesOnWhereItStoodAfterARestart) {
  MakeSuite(30);
  Erase({CaseId(0)});
  stub_.reset();
  server_.reset();
  curation_.Erase("default", "e2", {CaseId(1)});
  Start();
  auto reports = curation_.AwaitReports(2);
  // A stop between the report and the cursor repeats the report.
  if (reports.back().request.erasure_id() == "e1") reports = curation_.AwaitReports(3);
  EXPECT_EQ(reports.back().request.erasure_id(), "e2");
  EXPECT_EQ(reports.back().request.rows(), 1);
  EXPECT_EQ(Suite().erased_cases(), 2);
}

TEST_F(GateErasureTest, TriesAgainWhileCurationIsNotThere) {
  MakeSuite(30);
  curation_.Refuse(grpc::StatusCode::UNAVAILABLE);
  curation_.Erase("default", "e1", {CaseId(0)});
  curation_.AwaitLooks(2);
  EXPECT_EQ(Suite().erased_cases(), 0);
  curation_.Refuse(grpc::StatusCode::OK);
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  EXPECT_EQ(Suite().erased_cases(), 1);
}

TEST_F(GateErasureTest, ComparesEveryProjectAndDatasetVersionOnItsOwn) {
  PutRows(30, "", "d1");
  PutRows(30, "", "d2");
  ASSERT_OK(Create(SuiteRequest("s1", "d1")));
  ASSERT_OK(Create(SuiteRequest("s2", "d2")));
  ASSERT_OK(Create(SuiteRequest("s3", "d2")));
  PutShop(30);
  project_ = "shop";
  EXPECT_EQ(Erase({CaseId(0)}).request.rows(), 3);
  EXPECT_EQ(Suite().erased_cases(), 0) << "of another project";
  project_ = "";
  for (const char* suite : {"s1", "s2", "s3"}) EXPECT_EQ(Suite(suite).erased_cases(), 1) << suite;
}

TEST_F(GateErasureTest, IsNotCleanWhileItCannotCompareASuite) {
  PutRows(30, "", "d1");
  PutRows(30, "", "d2");
  ASSERT_OK(Create(SuiteRequest("s1", "d1")));
  ASSERT_OK(Create(SuiteRequest("s2", "d2")));
  PutShop(30);
  curation_.Forget("default", "d1");
  curation_.Erase("default", "e1", {CaseId(0)});
  // The page, that there is no further one, and the look after the comparison.
  curation_.AwaitLooks(3);
  EXPECT_EQ(Suite("s2").erased_cases(), 1) << "the others do not wait";
  curation_.Erase("shop", "e-shop", {CaseId(0)});
  auto reports = curation_.AwaitReports(1);
  ASSERT_EQ(reports.size(), 1u) << "nor do other projects";
  EXPECT_EQ(reports[0].project, "shop");
  EXPECT_EQ(reports[0].request.rows(), 1);
  Restart();
  curation_.AwaitLooks(3);
  PutRows(30, "", "d1");
  curation_.Erase("default", "e2", {CaseId(0)});
  reports = curation_.AwaitReports(3);
  std::vector<std::string> ids;
  for (const auto& report : reports) ids.push_back(report.request.erasure_id());
  // A stop between the report and its note in the store repeats the report.
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ASSERT_GE(ids.size(), 2u);
  EXPECT_EQ(ids[0], "e-shop");
  EXPECT_EQ(ids[1], "e1") << "not before it could be compared, and not forgotten in a restart";
  EXPECT_EQ(Suite("s1").erased_cases(), 1);
}

TEST_F(GateErasureTest, BeginsAnewWithAFeedThatDoes) {
  MakeSuite(30);
  Erase({CaseId(0)}, "e1");
  Erase({CaseId(1)}, "e2");
  curation_.StartAnew(1);
  const auto reports = curation_.AwaitReports(3);
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[2].request.erasure_id(), "e1");
  EXPECT_EQ(Suite().erased_cases(), 2);
}

}  // namespace
}  // namespace flywheel::evalgate
