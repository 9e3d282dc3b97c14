// Cases and outputs that somebody changes in the store: verify-log and replay say which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/migrations.h"
#include "tests/eval_gate_service/release_log_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

class SealedContents : public ReleaseLogTest, public ::testing::WithParamInterface<Tampering> {};

constexpr auto kCasesChanged = v1::RELEASE_LOG_BREAK_KIND_CASES_CHANGED;
constexpr auto kOutputsChanged = v1::RELEASE_LOG_BREAK_KIND_OUTPUTS_CHANGED;

// In the log of MakeHistory: 1 suite s1, 4 run-0 of m1, 5 run-1 of m2, of which 6 is the verdict.
INSTANTIATE_TEST_SUITE_P(
    All, SealedContents,
    ::testing::ValuesIn(std::vector<Tampering>{
        {"ACasesIdeal", "UPDATE suite_cases SET ideal_output = 'x' WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "suite 's1': case 'case-00003' is not what it was sealed as"},
        {"ACasesInput", "UPDATE suite_cases SET input = 'x' WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "case 'case-00003'"},
        {"ACasesCohort", "UPDATE suite_cases SET cohort = 'web' WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "case 'case-00003'"},
        {"ACasesGroup", "UPDATE suite_cases SET case_group = 'g' WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "case 'case-00003'"},
        {"WhetherACaseIsCritical", "UPDATE suite_cases SET critical = 1 WHERE rowid = 9",
         kCasesChanged, 1, "is not what it was sealed as"},
        {"ACaseThatIsGone", "DELETE FROM suite_cases WHERE case_id = 'case-00003'", kCasesChanged,
         1, "suite 's1': 1 of its 60 cases are gone, and nobody was erased with them"},
        {"ACaseThatIsGoneAsIfErased",
         "DELETE FROM suite_cases WHERE case_id = 'case-00003';"
         "UPDATE suites SET erased_cases = 1",
         kCasesChanged, 1, "1 of its 60 cases are gone"},
        {"ACaseMore",
         "INSERT INTO suite_cases SELECT project, suite_id, 'more', input, ideal_output, "
         "expected_tool_calls, cohort, question, other_ideals, case_group, critical, labels, "
         "checks FROM suite_cases WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "case 'more' has no seal: it was put into the store by hand"},
        {"ACaseWithoutAnId",
         "INSERT INTO suite_cases SELECT project, suite_id, '', input, ideal_output, "
         "expected_tool_calls, cohort, question, other_ideals, case_group, 1, labels, checks "
         "FROM suite_cases WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "suite 's1': the store holds 61 cases of it where 60 are left"},
        {"ACaseInThePlaceOfAnother",
         "UPDATE suite_cases SET case_id = 'more' WHERE case_id = 'case-00003';"
         "UPDATE seals SET case_id = 'more' WHERE case_id = 'case-00003' AND attempt = 0",
         kCasesChanged, 1, "case 'more' is not what it was sealed as"},
        {"HowManyCasesWereErased", "UPDATE suites SET erased_cases = 1", kCasesChanged, 1,
         "it counts 1 erased cases, and the seals of 0 are there"},
        {"ACaseThatCannotBeRead",
         "UPDATE suite_cases SET expected_tool_calls = 'x' WHERE case_id = 'case-00003'",
         kCasesChanged, 1, "suite 's1': cannot be read"},
        {"ASeal", "UPDATE seals SET seal = x'00' WHERE case_id = 'case-00003' AND attempt = 0",
         kCasesChanged, 1, "case 'case-00003'"},
        {"WhatTheSealsOfASuiteCameTo", "UPDATE sealed_contents SET seals_hash = x'00'",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 1, "suite 's1'"},
        {"HowManySealsThereWere", "UPDATE sealed_contents SET items = 59 WHERE kind = 6",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 4, "run 'run-0'"},

        {"AnOutcome",
         "UPDATE outputs SET outcome = 1 WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5,
         "run 'run-1': what became of case 'case-00003' in attempt 1 is not what it was sealed as"},
        {"AnOutcomeOfTheBaseline",
         "UPDATE outputs SET outcome = 2 WHERE run_id = 'run-0' AND case_id = 'case-00059'",
         kOutputsChanged, 4, "run 'run-0': what became of case 'case-00059'"},
        {"WhatFailedAnOutput",
         "UPDATE outputs SET failed_by = 1 WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5, "case 'case-00003'"},
        {"AnAnswersKey",
         "UPDATE outputs SET answer_key = 1 WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5, "case 'case-00003'"},
        {"AnOutputsText",
         "UPDATE outputs SET output = 'fine' WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5,
         "run 'run-1': has another answer to case 'case-00003' in attempt 1 than the one that "
         "came"},
        {"AnOutputsCallsThatCannotBeRead",
         "UPDATE outputs SET tool_calls = 'x' WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5, "run 'run-1': cannot be read"},
        {"AnOutputThatIsGone",
         "DELETE FROM outputs WHERE run_id = 'run-1' AND case_id = 'case-00003'", kOutputsChanged,
         5, "run 'run-1': 1 of its 60 outputs are gone, and nobody was erased with them"},
        {"AnOutputThatIsGoneAsIfErased",
         "INSERT INTO erased_seals SELECT project, kind, resource_id, seal FROM seals "
         "WHERE resource_id = 'run-1' AND case_id = 'case-00003';"
         "DELETE FROM seals WHERE resource_id = 'run-1' AND case_id = 'case-00003';"
         "DELETE FROM outputs WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5,
         "it has 59 outputs, and the cases that are left of suite 's1' ask for "
         "60"},
        {"AnOutputMore",
         "INSERT INTO outputs SELECT project, run_id, 'more', attempt, outcome, failed_by, "
         "answer_key, content_hash, create_time_us, output, tool_calls, error, "
         "infrastructure_error, details, infrastructure_errors FROM outputs "
         "WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5, "what became of case 'more' in attempt 1 has no seal"},
        {"AnOutputBeforeAllOthers",
         "INSERT INTO outputs SELECT project, run_id, '', 0, outcome, failed_by, answer_key, "
         "content_hash, create_time_us, output, tool_calls, error, infrastructure_error, details, "
         "infrastructure_errors FROM outputs WHERE run_id = 'run-1' AND case_id = 'case-00003'",
         kOutputsChanged, 5, "run 'run-1': the store holds 61 outputs of it where 60 are left"},
        {"AnOutputOfAnAttemptThatThereIsNot",
         "INSERT INTO outputs SELECT project, run_id, case_id, attempt + 4294967296, outcome, "
         "failed_by, answer_key, content_hash, create_time_us, output, tool_calls, error, "
         "infrastructure_error, details, infrastructure_errors FROM outputs "
         "WHERE run_id = 'run-1' AND case_id = 'case-00059'",
         kOutputsChanged, 5, "run 'run-1': cannot be read"},
        {"WhoseRunItIs", "UPDATE runs SET version_key = 'm9' WHERE run_id = 'run-1'",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 5, "run 'run-1' is not what entry 5"},
        {"ARunThatIsGone", "DELETE FROM runs WHERE run_id = 'run-0'",
         v1::RELEASE_LOG_BREAK_KIND_THING_MISSING, 4, "run 'run-0', which entry 4 is about"},
        {"ARunPutInByHand",
         "INSERT INTO runs SELECT project, 'by-hand', 3, suite_id, agent, 'm3', 'm3', state, "
         "attempts_per_case, answered, unavailable, request_hash, create_time_us, end_time_us, "
         "created_by, abort_reason, contaminated_cases, contaminated_case_ids, "
         "infrastructure_errors FROM runs WHERE run_id = 'run-0'",
         v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY, 0, "run 'by-hand' has no entry"},
    }),
    NameOfTampering);

TEST_P(SealedContents, ThatAreChangedAreNamed) {
  MakeHistory();
  Tamper(GetParam().sql);
  const v1::ReleaseLogState state = Verify();
  EXPECT_FALSE(state.whole());
  const v1::ReleaseLogBreak& broken = state.first_break();
  EXPECT_EQ(broken.kind(), GetParam().kind) << broken.DebugString();
  EXPECT_EQ(broken.sequence(), GetParam().sequence) << broken.DebugString();
  EXPECT_THAT(broken.message(), HasSubstr(GetParam().says));
  if (broken.sequence() > 0) {
    EXPECT_EQ(state.whole_entries(), broken.sequence() - 1);
  }
  if (broken.kind() != kCasesChanged && broken.kind() != kOutputsChanged) return;
  // Nothing is decided on it again.
  const v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED) << replay.DebugString();
  EXPECT_THAT(replay.message(), HasSubstr(broken.message()));
  const bool is_suite = broken.kind() == kCasesChanged;
  EXPECT_EQ(replay.changed_suite_id(), is_suite ? "s1" : "");
  EXPECT_EQ(replay.changed_run_id(), is_suite ? "" : broken.resource_id());
}

using SealedContentsTest = ReleaseLogTest;

TEST_F(SealedContentsTest, AreThoseOfTheirRun) {
  MakeHistory();
  Tamper(R"sql(
      DELETE FROM outputs WHERE run_id = 'run-1' AND case_id = 'case-00003';
      DELETE FROM seals WHERE resource_id = 'run-1' AND case_id = 'case-00003';
      UPDATE outputs SET run_id = 'run-1' WHERE run_id = 'run-0' AND case_id = 'case-00003';
      UPDATE seals SET resource_id = 'run-1'
        WHERE resource_id = 'run-0' AND case_id = 'case-00003';)sql");
  EXPECT_THAT(Verify().first_break().message(),
              HasSubstr("run 'run-0': 1 of its 60 outputs are gone"));
  const v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.changed_run_id(), "run-1");
  EXPECT_THAT(replay.message(), HasSubstr("its outputs are not those that it was sealed with"));
}

// A case that came or left by hand neither fails a version nor passes it.
TEST_F(SealedContentsTest, OfAnotherNumberAreNotDecidedOn) {
  constexpr char kWithoutAnId[] = R"sql(
      INSERT INTO suite_cases
        SELECT project, suite_id, '', input, ideal_output, expected_tool_calls, cohort, question,
               other_ideals, case_group, 1, labels, checks
        FROM suite_cases WHERE case_id = 'case-00003';)sql";
  MakeSuite(40);
  SubmitAll("m1", 40);
  Tamper(kWithoutAnId);
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kInternal));
  Tamper("DELETE FROM suite_cases WHERE case_id IN ('', 'case-00003')");
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kInternal));
  Tamper("UPDATE suites SET erased_cases = 41");
  EXPECT_THAT(Judge("v1", "m1"), HasReason(Reason::kNotEnoughData));
}

TEST_F(SealedContentsTest, OfAnOlderSuiteAreCountedEvenWhereNobodyCanSayWhatTheyWere) {
  MakeHistory();
  Tamper("DELETE FROM seals WHERE kind = 3; DELETE FROM sealed_contents WHERE kind = 3;");
  Tamper(R"sql(
      INSERT INTO suite_cases
        SELECT project, suite_id, '', input, ideal_output, expected_tool_calls, cohort, question,
               other_ideals, case_group, 1, labels, checks
        FROM suite_cases WHERE case_id = 'case-00003';)sql");
  v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED);
  EXPECT_THAT(replay.message(), HasSubstr("the store holds 61 cases of it where 60 are left"));
  Tamper("UPDATE suites SET erased_cases = 1");
  replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED);
  EXPECT_THAT(replay.message(), HasSubstr("the store holds 61 cases of it where 59 are left"));
}

TEST_F(SealedContentsTest, AreCountedAndStillVerifiedAfterPeopleWereErased) {
  MakeHistory();
  v1::ReleaseLogState state = Verify();
  EXPECT_EQ(state.cases().checked(), 60);
  EXPECT_EQ(state.outputs().checked(), 120);
  EXPECT_EQ(state.cases().erased() + state.cases().unchecked(), 0);
  curation_.Erase("default", "e1", {CaseId(0), CaseId(50)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.cases().checked(), 58);
  EXPECT_EQ(state.cases().erased(), 2);
  EXPECT_EQ(state.outputs().checked(), 116);
  EXPECT_EQ(state.outputs().erased(), 4);
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_EVIDENCE_ERASED);
  // What is left is what it was.
  Tamper("UPDATE suite_cases SET cohort = 'web' WHERE case_id = 'case-00003'");
  EXPECT_THAT(Verify().first_break().message(), HasSubstr("case 'case-00003'"));
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED) << "before it says erased";
  Tamper("UPDATE suite_cases SET cohort = 'app' WHERE case_id = 'case-00003'");
  EXPECT_TRUE(Verify().whole());
  Tamper("UPDATE outputs SET outcome = 1 WHERE case_id = 'case-00003' AND run_id = 'run-1'");
  EXPECT_THAT(Verify().first_break().message(), HasSubstr("case 'case-00003'"));
}

TEST_F(SealedContentsTest, OfARunThatFinishedAfterAnErasureAreWhatWasLeft) {
  MakeSuite(40);
  SubmitAll("m1", 40);
  curation_.Erase("default", "e1", {CaseId(3)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  ASSERT_OK(FinishRun(RunId("m1")));
  v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.outputs().checked(), 39);
  EXPECT_EQ(state.outputs().erased(), 0) << "it left before the run was sealed";
  curation_.Erase("default", "e2", {CaseId(4)});
  ASSERT_EQ(curation_.AwaitReports(2).size(), 2u);
  state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.outputs().checked(), 38);
  EXPECT_EQ(state.outputs().erased(), 1);
}

// As the store is between two writes of an erasure.
TEST_F(SealedContentsTest, HoldWhileCasesHaveLeftAndOutputsAreToFollow) {
  MakeHistory();
  SubmitAll("m3", 60);
  {
    auto store = sql::Connection::Open(StorePath(), sql::Access::kWrite);
    ASSERT_OK(store);
    const std::vector<std::string> case_ids = {CaseId(0), CaseId(1)};
    ASSERT_OK((*store)->Execute("BEGIN"));
    ASSERT_OK(ErasureStore(**store).EraseCases({"default", "s1", "d1", 0}, case_ids));
    ASSERT_OK(ErasureStore(**store).EraseOutputs({"default", "s1", "d1", 0}, 1));
    ASSERT_OK((*store)->Execute("COMMIT"));
  }
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.cases().erased(), 2);
  EXPECT_EQ(state.outputs().erased(), 1);
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_EVIDENCE_ERASED);
  // Outputs that are to follow count for no case.
  EXPECT_THAT(FinishRun(RunId("m3")), HasReason(Reason::kChangedMeanwhile));
}

TEST_F(SealedContentsTest, OfARunThatWasUnderWayBeforeThereWereSealsAreMadeAtItsEnd) {
  MakeSuite(1'200);
  SubmitAll("m1", 1'200);
  Tamper("DELETE FROM seals WHERE kind = 6 AND case_id > 'case-00002'");
  ASSERT_OK(FinishRun(RunId("m1")));
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.outputs().checked(), 1'200);
}

// A suite that was made before there were seals, and after there was a log.
TEST_F(SealedContentsTest, OfAnOlderSuiteAreHeldAgainstItsContentHash) {
  constexpr char kOlder[] = R"sql(
      DELETE FROM seals WHERE kind = 3;
      DELETE FROM sealed_contents WHERE kind = 3;
      UPDATE release_log SET of_before = 1, entry_hash = x'' WHERE sequence = 1;)sql";
  MakeSuite(60);
  Tamper(kOlder);
  Tamper(kAsMigrated);
  Restart();
  v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.cases().checked(), 60);
  Tamper("UPDATE suite_cases SET ideal_output = 'x' WHERE case_id = 'case-00003'");
  state = Verify();
  EXPECT_TRUE(state.whole()) << "its hash may be one of before, of which nobody can say";
  EXPECT_EQ(state.cases().checked(), 0);
  EXPECT_EQ(state.cases().unchecked(), 60);
}

TEST_F(SealedContentsTest, OfAnOlderSuiteThatLostCasesAreSaidToBeUnchecked) {
  MakeSuite(60);
  Tamper(R"sql(
      DELETE FROM seals WHERE kind = 3;
      DELETE FROM sealed_contents WHERE kind = 3;
      UPDATE release_log SET of_before = 1, entry_hash = x'' WHERE sequence = 1;)sql");
  Tamper(kAsMigrated);
  Restart();
  curation_.Erase("default", "e1", {CaseId(3)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.cases().checked(), 0);
  EXPECT_EQ(state.cases().erased(), 1);
  EXPECT_EQ(state.cases().unchecked(), 59);
}

// Made after there was a log and before there were seals, its hash is that of its cases.
TEST_F(SealedContentsTest, OfASuiteBetweenLogAndSealsAreNotDecidedOnOnceTheyChanged) {
  MakeHistory();
  Tamper("DELETE FROM seals WHERE kind = 3; DELETE FROM sealed_contents WHERE kind = 3;");
  EXPECT_EQ(Replay("v1").result(), v1::REPLAY_RESULT_MATCHES);
  Tamper("UPDATE suite_cases SET ideal_output = 'x' WHERE case_id = 'case-00003'");
  v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED);
  EXPECT_EQ(replay.changed_suite_id(), "s1");
  EXPECT_THAT(replay.message(), HasSubstr("its cases are not those of its content_hash"));
  Tamper("DELETE FROM suite_cases WHERE case_id = 'case-00003'");
  replay = Replay("v1");
  EXPECT_THAT(replay.message(), HasSubstr("it has 59 cases where it was made of 60"));
}

// Whoever takes away what they were sealed as has to say so in the log, which vouches for that.
TEST_F(SealedContentsTest, OfARunThatIsNotOfBeforeAreNotTakenForUnchecked) {
  MakeHistory();
  Tamper("DELETE FROM sealed_contents WHERE resource_id = 'run-1'");
  v1::ReleaseLogState state = Verify();
  EXPECT_EQ(state.first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED);
  EXPECT_EQ(state.first_break().sequence(), 5);
  v1::ReplayVerdictResponse replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED) << replay.DebugString();
  EXPECT_EQ(replay.changed_run_id(), "run-1");
  EXPECT_THAT(replay.message(), HasSubstr("what its outputs were sealed as is gone"));
  // An entry that says so and was not written so is not believed.
  Tamper("UPDATE release_log SET of_before = 1 WHERE resource_id = 'run-1'");
  EXPECT_EQ(Verify().first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED);
  replay = Replay("v1");
  EXPECT_EQ(replay.result(), v1::REPLAY_RESULT_EVIDENCE_CHANGED) << replay.DebugString();
  EXPECT_EQ(replay.changed_run_id(), "run-1");
}

// A store of before runs were in the log: what was finished is taken in, and said to be unchecked.
TEST_F(SealedContentsTest, OfRunsThatFinishedBeforeAreSaidToBeUnchecked) {
  MakeHistory();
  Tamper(
      "DELETE FROM release_log WHERE sequence >= 4; DELETE FROM sealed_contents WHERE kind = 6;"
      "DELETE FROM seals WHERE kind = 6; DELETE FROM findings; DELETE FROM verdicts;"
      "DELETE FROM verdict_waivers; DELETE FROM release_policy_suites WHERE policy_version = 2;"
      "DELETE FROM release_policies WHERE policy_version = 2;");
  // As the migration does.
  Tamper(R"sql(
      INSERT INTO release_log (project, sequence, kind, agent, resource_id, of_before, content_hash,
                               previous_hash, entry_hash, create_time_us, created_by)
        SELECT project, 3 + ordinal, 6, agent, run_id, 1, x'', x'', x'', 0, created_by FROM runs;
      )sql");
  Tamper(kAsMigrated);
  Restart();
  v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.whole_entries(), 5);
  EXPECT_EQ(state.entries_of_before(), 2);
  EXPECT_EQ(state.outputs().checked(), 0);
  EXPECT_EQ(state.outputs().unchecked(), 120);
  SubmitAll("m3", 60);
  ASSERT_OK(FinishRun(RunId("m3")));
  state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.outputs().checked(), 60);
  // What somebody puts in by hand is not taken for one of before, not even where its entry says so.
  Tamper(R"sql(
      INSERT INTO runs SELECT project, 'by-hand', 9, suite_id, agent, 'm9', 'm9', state,
          attempts_per_case, answered, unavailable, request_hash, create_time_us, end_time_us,
          created_by, abort_reason, contaminated_cases, contaminated_case_ids,
          infrastructure_errors
        FROM runs WHERE run_id = 'run-0';
      INSERT INTO release_log
        VALUES ('default', 7, 6, 'helper', 'by-hand', 1, x'', x'', x'', 0, '');)sql");
  Tamper(kAsMigrated);
  Restart();
  EXPECT_EQ(Verify().first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISPLACED);
}

}  // namespace
}  // namespace flywheel::evalgate
