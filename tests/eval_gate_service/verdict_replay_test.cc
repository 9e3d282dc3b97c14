// ReplayVerdict: verdicts decided again on what is stored, and every way in which that can differ.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/domain/evidence_hash.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/hashing/sha256.h"
#include "shared/sql/connection.h"
#include "shared/version/version.h"
#include "tests/eval_gate_service/release_log_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class ReplayVerdictTest : public ReleaseLogTest {
 protected:
  void ExpectMatch(const std::string& verdict_id) {
    const v1::ReplayVerdictResponse replay = Replay(verdict_id);
    EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_MATCHES) << replay.DebugString();
    EXPECT_EQ(replay.field(), "");
    EXPECT_THAT(replay.message(), HasSubstr("bit for bit"));
  }
};

TEST_F(ReplayVerdictTest, FindsTheSameWhateverWasDecidedSince) {
  MakeHistory();
  const v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_MATCHES) << replay.DebugString();
  EXPECT_EQ(replay.verdict().SerializeAsString(), judged_.verdict().SerializeAsString());
  EXPECT_EQ(replay.verdict().code_version(), CodeVersion());
  EXPECT_EQ(replay.verdict().evidence_hash().size(), 64u);
  EXPECT_EQ(replay.replayed_by(), CodeVersion());
  EXPECT_EQ(replay.erased_since(), 0);
  // The policy of then, and what was approved then.
  ASSERT_OK(Approve("m9"));
  ExpectMatch("v1");
  Restart();
  ExpectMatch("v1");
  project_ = "shop";
  v1::ReplayVerdictRequest request;
  request.set_verdict_id("v1");
  v1::ReplayVerdictResponse response;
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::ReplayVerdict, request, response),
              HasReason(Reason::kNotFound));
  request.clear_verdict_id();
  EXPECT_THAT(Call(&v1::EvalGateService::Stub::ReplayVerdict, request, response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(ReplayVerdictTest, FindsTheSameOfExplorationsAndOfCasesThatLeftBefore) {
  MakeSuite(80, "app");
  SubmitAll("base", 80, 2);
  SubmitAll("m2", 80, 4);
  ASSERT_OK(Judge("floors", "m2"));
  ExpectMatch("floors");
  curation_.Erase("default", "e1", {CaseId(0), CaseId(70)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  ASSERT_OK(Judge("compared", "m2", "base"));
  EXPECT_EQ(judged_.verdict().erased_cases(), 2);
  ExpectMatch("compared");
}

// Whoever goes on answering in another run changes nothing of what was counted.
TEST_F(ReplayVerdictTest, FindsTheSameBesideRunsThatGoOn) {
  MakeSuite(40, "app");
  SubmitAll("m1", 40);
  ASSERT_OK(StartRun("other", "m1"));
  v1::SubmitOutputsRequest some;
  some.set_run_id("other");
  AddOutput(CaseId(0), "wrong", some);
  ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, some, outputs_));
  ASSERT_OK(Judge("v1", "m1"));
  ASSERT_EQ(judged_.verdict().findings(judged_.verdict().findings_size() - 1).kind(),
            v1::FINDING_KIND_UNFINISHED_RUNS);
  some.mutable_outputs(0)->set_case_id(CaseId(1));
  some.mutable_outputs(0)->clear_output();
  some.mutable_outputs(0)->set_infrastructure_error("429");
  ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, some, outputs_));
  ASSERT_EQ(outputs_.results(0).status(), common::v1::ITEM_STATUS_STORED);
  v1::AbortRunRequest abort;
  abort.set_run_id("other");
  abort.set_reason("no use");
  v1::AbortRunResponse aborted;
  ASSERT_OK(Call(&v1::RunService::Stub::AbortRun, abort, aborted));
  ExpectMatch("v1");
}

TEST_F(ReplayVerdictTest, FindsTheSameOfSeveralAttempts) {
  MakeSuite(40, "app");
  ASSERT_OK(StartRun("r1", "m1", "s1", 3));
  v1::SubmitOutputsRequest outputs;
  outputs.set_run_id("r1");
  for (int i = 0; i < 120; ++i) {
    AddOutput(CaseId(i / 3), i % 50 == 0 ? "wrong" : "answer " + CaseId(i / 3), outputs);
    outputs.mutable_outputs(i)->set_attempt(i % 3 + 1);
  }
  ASSERT_OK(Call(&v1::RunService::Stub::SubmitOutputs, outputs, outputs_));
  ASSERT_OK(FinishRun("r1"));
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().attempts_per_case(), 3);
  ExpectMatch("v1");
}

// Before runs had a hash of their own all cases were hashed at once: that is no other evidence.
TEST_F(ReplayVerdictTest, KnowsTheEvidenceOfVerdictsOfBefore) {
  MakeSuite(40, "app");
  SubmitAll("base", 40, 1);
  SubmitAll("m1", 40, 3);
  ASSERT_OK(Judge("v1", "m1", "base"));
  auto store = sql::Connection::Open(StorePath(), sql::Access::kRead);
  ASSERT_OK(store);
  const auto suite = SuiteStore(**store).Get("default", "s1");
  ASSERT_OK(suite);
  const auto outline = ReadOutline(**store, "default", suite->suite, Deadline());
  ASSERT_OK(outline);
  std::vector<std::shared_ptr<const RunOutcomes>> outcomes;
  std::vector<const std::vector<JudgedCase>*> cases;
  for (const char* version : {"m1", "base"}) {
    const auto run = RunStore(**store).Get("default", RunId(version));
    ASSERT_OK(run);
    auto read = ReadOutcomes(**store, "default", *run, *outline, Deadline());
    ASSERT_OK(read);
    outcomes.push_back(*std::move(read));
    cases.push_back(&outcomes.back()->cases);
  }
  const std::string before = ToHex(EvidenceHashOfBefore(cases, {}));
  EXPECT_NE(before, judged_.verdict().evidence_hash());
  Tamper("UPDATE verdicts SET evidence_hash = x'" + before + "'");
  ExpectMatch("v1");
  // That of other evidence, as it was hashed before or is now.
  Tamper("UPDATE verdicts SET evidence_hash = x'" + ToHex(EvidenceHashOfBefore({cases[1]}, {})) +
         "'");
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_DIFFERS);
  EXPECT_EQ(Replay("v1").field(), "evidence_hash");
}

// A verdict of last year that the code of then gave.
TEST_F(ReplayVerdictTest, SaysWhichCodeGaveItAndWhichDoesNow) {
  MakeHistory();
  Tamper("UPDATE verdicts SET code_version = '0.0.9 (cafe)'");
  v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_MATCHES) << "rules that decide the same";
  EXPECT_EQ(replay.verdict().code_version(), "0.0.9 (cafe)");
  EXPECT_EQ(replay.replayed_by(), CodeVersion());
  // Words of then are those of then.
  Tamper("UPDATE findings SET message = 'in other words'");
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_MATCHES);
  // As rules of then would have had it that corrected otherwise.
  Tamper("UPDATE findings SET p_value = p_value / 2 WHERE position = 0");
  replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERS);
  EXPECT_EQ(replay.field(), "findings[0].p_value");
  EXPECT_NE(replay.stored_value(), replay.replayed_value());
  EXPECT_THAT(replay.message(), HasSubstr("the evidence is the same, and the code is not: "
                                          "0.0.9 (cafe) gave it"));
}

struct Change {
  const char* name;
  const char* sql;
  const char* field;
  const char* says;
};

void PrintTo(const Change& change, std::ostream* out) { *out << change.name; }

class ReplayDifference : public ReplayVerdictTest, public ::testing::WithParamInterface<Change> {};

std::string NameOfChange(const ::testing::TestParamInfo<Change>& change) {
  return change.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    All, ReplayDifference,
    ::testing::ValuesIn(std::vector<Change>{
        {"TheDecision", "UPDATE verdicts SET decision = 1", "decision",
         "what is stored of the verdict was changed"},
        {"ALastBit",
         "UPDATE findings SET upper_bound = upper_bound + 1e-16 WHERE position = 0 AND "
         "upper_bound + 1e-16 <> upper_bound;"
         "UPDATE findings SET lower_bound = lower_bound * (1 + 3e-16) WHERE position = 0",
         "findings[0].", "what is stored of the verdict was changed"},
        {"AFindingThatIsGone", "DELETE FROM findings WHERE position = 0", "findings[0].",
         "changed"},
        {"AFindingsWords", "UPDATE findings SET message = 'fine' WHERE position = 0",
         "findings[0].message", "so is the code"},
        {"ARunThatIsOpenAgain", "UPDATE runs SET state = 1 WHERE model_version = 'm2'", "run_id",
         "is not what the verdict was given on"},
        {"ABaselineThatDidNotFinish", "UPDATE runs SET state = 1 WHERE model_version = 'm1'",
         "baseline_model_version", "is not what the verdict was given on"},
        {"ABar", "UPDATE bars SET bar = replace(bar, '0.92', '0.5')", "bar_hash",
         "is not what the verdict was given for"},
        {"AnApproval", "UPDATE baseline_approvals SET model_version = 'm0'",
         "baseline_model_version", "is not what the verdict was given for"},
        {"APolicyThatIsGone",
         "DELETE FROM release_policy_suites WHERE policy_version = 1;"
         "DELETE FROM release_policies WHERE policy_version = 1",
         "policy_version", "is not what the verdict was given for"},
        {"ASuiteThatThePolicyDoesNotName",
         "UPDATE release_policy_suites SET suite_name = 'x' WHERE policy_version = 1", "suite_name",
         "is not what the verdict was given for"},
    }),
    NameOfChange);

TEST_P(ReplayDifference, IsNamed) {
  MakeHistory();
  Tamper(GetParam().sql);
  const v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERS) << replay.DebugString();
  EXPECT_THAT(replay.field(), ::testing::StartsWith(GetParam().field));
  EXPECT_NE(replay.stored_value(), replay.replayed_value());
  EXPECT_EQ(replay.field() == "decision", replay.stored_value() == "PASS");
  EXPECT_THAT(replay.message(), HasSubstr(GetParam().says));
}

// Of runs that are older than their seals nobody can say what they were, and the verdict can.
TEST_F(ReplayVerdictTest, NamesOtherOutcomesOfRunsOfBefore) {
  MakeHistory();
  Tamper(R"sql(
      DELETE FROM seals;
      DELETE FROM sealed_contents;
      UPDATE release_log SET of_before = 1, entry_hash = x'';)sql");
  Tamper(kAsMigrated);
  Restart();
  ExpectMatch("v1");
  EXPECT_THAT(Replay("v1").message(), HasSubstr("0 cases and 120 outputs of these are older than "
                                                "their seals: nobody can say"));
  for (const char* change :
       {"UPDATE outputs SET outcome = 3 - outcome WHERE case_id = 'case-00003' AND "
        "run_id = (SELECT run_id FROM verdicts)",
        "UPDATE outputs SET outcome = 3 - outcome WHERE case_id = 'case-00059' AND "
        "run_id <> (SELECT run_id FROM verdicts)"}) {
    Tamper(change);
    const v1::ReplayVerdictResponse replay = Replay("v1");
    EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_DIFFERS) << replay.DebugString();
    EXPECT_EQ(replay.field(), "evidence_hash");
    EXPECT_THAT(replay.message(), HasSubstr("is not what the verdict was given on"));
    Tamper(change);
    ExpectMatch("v1");
  }
}

TEST_F(ReplayVerdictTest, SaysThatPeopleWereErasedAndWhatTheCountsGive) {
  MakeHistory();
  curation_.Erase("default", "e1", {CaseId(0), CaseId(50)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_ERASED);
  EXPECT_EQ(replay.erased_since(), 2);
  EXPECT_TRUE(replay.counts_agree());
  EXPECT_THAT(replay.message(), HasSubstr("2 of its 60 cases were erased since"));
  EXPECT_TRUE(Verify().whole());
  Tamper("UPDATE findings SET passed = passed + 9");
  replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_ERASED);
  EXPECT_FALSE(replay.counts_agree());
}

TEST_F(ReplayVerdictTest, SaysThatAVerdictIsOlderThanRuns) {
  MakeHistory();
  Tamper(
      "UPDATE verdicts SET run_id = '', attempts_per_case = 0, evidence_hash = x'', "
      "code_version = ''");
  const v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_NOT_POSSIBLE);
  EXPECT_THAT(replay.message(), HasSubstr("It was given before there were runs"));
  EXPECT_TRUE(replay.counts_agree());
}

}  // namespace
}  // namespace flywheel::evalgate
