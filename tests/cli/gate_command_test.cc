// `flywheel gate` and `flywheel verdict` on a suite of real services.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/sql/connection.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// Of conversations, of which about half become cases.
constexpr int kLogged = 200;

class GateCommandTest : public CommandFixture {
 protected:
  GateCommandTest() {
    StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
    gate_ = services_->at(Service::kEvalGate).address;
    stub_ = evalgate_v1::EvalGateService::NewStub(
        grpc::CreateChannel(gate_, grpc::InsecureChannelCredentials()));
    LogConversations();
    const CommandResult built =
        RunFlywheel({"build", "d1", "--agent", "support", "--eval-share", "0.5", "--min-feed-token",
                     fmt::format("f1_{:016x}", 2 * kLogged), "--address",
                     services_->at(Service::kCuration).address});
    EXPECT_EQ(built.ending, "exit code 0") << built.output;
    evalgate_v1::CreateSuiteRequest suite;
    suite.set_suite_id("s1");
    suite.set_dataset_version_id("d1");
    evalgate_v1::CreateSuiteResponse made;
    Call(&Stub::CreateSuite, suite, made);
    ReadCases();
    EXPECT_GT(cases_.size(), 60u);
    EXPECT_EQ(Gate({"set-policy", "support", "--suite", "s1", "--floor", "0.5", "--margin", "0.05",
                    "--reason", "the first"})
                  .ending,
              "exit code 0");
    EXPECT_EQ(Gate({"approve", "support", "v1", "--reason", "it serves"}).ending, "exit code 0");
  }

  using Stub = evalgate_v1::EvalGateService::Stub;

  template <typename Request, typename Response>
  void Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
            const Request& request, Response& response) {
    grpc::ClientContext context;
    EXPECT_OK(rpc::FromGrpcStatus((stub_.get()->*method)(&context, request, &response)));
  }

  template <typename Request, typename Response>
  void CallRuns(grpc::Status (evalgate_v1::RunService::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                const Request& request, Response& response) {
    const auto stub = evalgate_v1::RunService::NewStub(
        grpc::CreateChannel(gate_, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    EXPECT_OK(rpc::FromGrpcStatus((stub.get()->*method)(&context, request, &response)));
  }

  void LogConversations() {
    const auto log = ingest::v1::IngestService::NewStub(grpc::CreateChannel(
        services_->at(Service::kIngest).address, grpc::InsecureChannelCredentials()));
    ingest::v1::LogInteractionsRequest interactions;
    ingest::v1::RecordSignalsRequest signals;
    for (int i = 0; i < kLogged; ++i) {
      auto& one = *interactions.add_interactions();
      one.set_interaction_id(fmt::format("i{}", i));
      one.set_session_id(fmt::format("s{}", i));
      one.set_agent("support");
      one.set_input(fmt::format("question number {} about topic {}", i, i * 7919));
      one.set_output(fmt::format("answer {}", i));
      one.mutable_start_time()->set_seconds(1'700'000'000 + i);
      auto& thumb = *signals.add_signals();
      thumb.set_signal_id(fmt::format("t{}", i));
      thumb.set_interaction_id(one.interaction_id());
      thumb.set_actor(ingest::v1::ACTOR_USER);
      thumb.mutable_thumbs()->set_up(true);
      thumb.mutable_event_time()->set_seconds(1'700'001'000 + i);
    }
    grpc::ClientContext first, second;
    ingest::v1::LogInteractionsResponse logged;
    ASSERT_OK(rpc::FromGrpcStatus(log->LogInteractions(&first, interactions, &logged)));
    ingest::v1::RecordSignalsResponse recorded;
    ASSERT_OK(rpc::FromGrpcStatus(log->RecordSignals(&second, signals, &recorded)));
  }

  void ReadCases() {
    grpc::ClientContext context;
    evalgate_v1::ReadSuiteCasesRequest request;
    request.set_suite_id("s1");
    const auto reader = stub_->ReadSuiteCases(&context, request);
    evalgate_v1::ReadSuiteCasesResponse page;
    while (reader->Read(&page)) {
      for (const evalgate_v1::SuiteCase& one : page.cases()) cases_.push_back(one);
    }
    ASSERT_OK(rpc::FromGrpcStatus(reader->Finish()));
  }

  // Answers every case rightly but those that `wrong` names by their place.
  void Submit(const std::string& version, const std::vector<size_t>& wrong) {
    evalgate_v1::StartRunRequest start;
    start.set_run_id("run-" + version);
    start.set_suite_id("s1");
    start.set_model_version(version);
    evalgate_v1::StartRunResponse started;
    CallRuns(&evalgate_v1::RunService::Stub::StartRun, start, started);
    evalgate_v1::SubmitOutputsRequest request;
    request.set_run_id("run-" + version);
    for (const evalgate_v1::SuiteCase& one : cases_) {
      auto& output = *request.add_outputs();
      output.set_case_id(one.case_id());
      output.set_output("answer " + one.case_id().substr(1));
    }
    for (const size_t i : wrong) {
      request.mutable_outputs(static_cast<int>(i))->set_output("no idea");
    }
    evalgate_v1::SubmitOutputsResponse response;
    CallRuns(&evalgate_v1::RunService::Stub::SubmitOutputs, request, response);
    EXPECT_EQ(response.missing(), 0);
    evalgate_v1::FinishRunRequest finish;
    finish.set_run_id("run-" + version);
    evalgate_v1::FinishRunResponse finished;
    CallRuns(&evalgate_v1::RunService::Stub::FinishRun, finish, finished);
  }

  // By the policy: against "v1".
  void Judge(const std::string& version) {
    evalgate_v1::JudgeVersionRequest request;
    request.set_verdict_id("verdict-" + version);
    request.set_suite_id("s1");
    request.set_model_version(version);
    evalgate_v1::JudgeVersionResponse response;
    Call(&Stub::JudgeVersion, request, response);
  }

  CommandResult Gate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "gate");
    arguments.insert(arguments.end(), {"--address", gate_});
    return RunFlywheel(arguments);
  }

  CommandResult Cases(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "cases");
    return Gate(std::move(arguments));
  }

  CommandResult Verdict(const std::string& version, const std::string& baseline = "v1") const {
    return RunFlywheel(
        {"verdict", version, "--agent", "support", "--baseline", baseline, "--address", gate_});
  }

  // What somebody does to the store of the gate beside it.
  void Tamper(const std::string& sql) const {
    auto store = sql::Connection::Open(directory_.path() + "/data/eval-gate/eval-gate.db",
                                       sql::Access::kWrite);
    ASSERT_OK(store);
    ASSERT_OK((*store)->Execute(sql.c_str())) << sql;
  }

  std::string gate_;
  std::unique_ptr<Stub> stub_;
  std::vector<evalgate_v1::SuiteCase> cases_;
};

TEST_F(GateCommandTest, CasesShowsWhatRegressedAndWhatImproved) {
  Submit("v1", {0, 1});
  Submit("v2", {1, 2});
  EXPECT_THAT(Cases({"s1", "v2"}).output, HasSubstr("judge it first")) << "the policy names it";
  Judge("v2");
  const CommandResult regressed = Cases({"s1", "v2", "--baseline", "v1", "--only", "regressed"});
  EXPECT_EQ(regressed.ending, "exit code 0");
  EXPECT_THAT(regressed.output,
              AllOf(HasSubstr("BASELINE OUTPUT"), HasSubstr(cases_[2].case_id() + "  "),
                    HasSubstr("FAILED"), HasSubstr("no idea"),
                    Not(HasSubstr(cases_[1].case_id() + "  ")), Not(HasSubstr("IDEAL"))));
  EXPECT_THAT(Cases({"s1", "v2", "--baseline", "v1", "--only", "improved"}).output,
              HasSubstr(cases_[0].case_id() + "  "));
  EXPECT_THAT(Cases({"s1", "v2", "--only", "failed", "--ideal"}).output,
              AllOf(HasSubstr("IDEAL"), HasSubstr("answer " + cases_[1].case_id().substr(1))));
  EXPECT_EQ(Cases({"s1", "v2", "--only", "unanswered"}).output, "No case matches.\n");
  EXPECT_THAT(Cases({"s1", "v2", "--limit", "1"}).output, HasSubstr("There are more"));
  EXPECT_THAT(Cases({"s1", "v2", "--only", "failed", "--json"}).output,
              HasSubstr(R"("outcome":"CASE_OUTCOME_FAILED")"));
  EXPECT_THAT(Cases({"s1", "v2", "--only", "failed"}).output,
              HasSubstr("normalised: want the ideal output, whatever its case and spaces"));
  const CommandResult unknown = Cases({"s2", "v2"});
  EXPECT_EQ(unknown.ending, "exit code 1");
  EXPECT_THAT(unknown.output,
              AllOf(HasSubstr("suite 's2'"), HasSubstr("Did you mean 's1'? Known suites: 's1'.")));
  const CommandResult nobody = Cases({"s1", "v22"});
  EXPECT_EQ(nobody.ending, "exit code 1");
  EXPECT_THAT(nobody.output, AllOf(HasSubstr("by 'v22'"), HasSubstr("Did you mean 'v2'?"),
                                   Not(HasSubstr("StartRun"))));
  EXPECT_EQ(Cases({"s1", "v2", "--only", "some"}).ending, "exit code 2");
}

TEST_F(GateCommandTest, ListsSuitesAndVerdictsByTheirLabels) {
  evalgate_v1::CreateSuiteRequest suite;
  suite.set_suite_id("s2");
  suite.set_dataset_version_id("d1");
  (*suite.mutable_labels())["sha"] = "0a1b";
  (*suite.mutable_labels())["branch"] = "main";
  evalgate_v1::CreateSuiteResponse made;
  Call(&Stub::CreateSuite, suite, made);
  const CommandResult suites = Gate({"suites", "--agent", "support"});
  EXPECT_EQ(suites.ending, "exit code 0");
  EXPECT_THAT(suites.output, ::testing::ContainsRegex(
                                 "s2 +s2 +1 +support +d1 .* normalised .*branch=main, sha=0a1b\n"
                                 "s1 +s1 +1 +support +d1 .*  -\n"));
  EXPECT_THAT(Gate({"suites", "--label", "branch=main", "--label", "sha=0a1b"}).output,
              AllOf(HasSubstr("s2  "), Not(HasSubstr("s1  "))));
  EXPECT_THAT(Gate({"suites", "--oldest-first", "--limit", "1"}).output,
              AllOf(HasSubstr("s1  "), HasSubstr("--limit shows more")));
  EXPECT_EQ(Gate({"suites", "--dataset-version", "d2"}).output, "nothing matches\n");
  EXPECT_THAT(Gate({"suites", "--json"}).output, HasSubstr(R"("labels":{)"));
  EXPECT_EQ(Gate({"suites", "--label", "branch"}).ending, "exit code 2");

  Submit("v1", {});
  Submit("v2", {});
  Judge("v2");
  EXPECT_THAT(Gate({"verdicts", "--model-version", "v2", "--suite", "s1"}).output,
              ::testing::ContainsRegex("verdict-v2 +support +v2 +v1 +s1 +PASS +1 +1 +20"));
  EXPECT_EQ(Gate({"verdicts", "--decision", "block"}).output, "nothing matches\n");
  EXPECT_THAT(Gate({"runs", "--suite", "s1"}).output, HasSubstr("run-v2"));
  EXPECT_EQ(Gate({"runs", "--suite", "s2"}).output, "nothing matches\n");
  const CommandResult unknown = Gate({"runs", "--suite", "s3"});
  EXPECT_EQ(unknown.ending, "exit code 1");
  EXPECT_THAT(unknown.output, HasSubstr("Known suites: 's1', 's2'."));
  // By its name, which is not its id: the newest version.
  evalgate_v1::CreateSuiteRequest named;
  named.set_suite_name("held-out");
  named.set_dataset_version_id("d1");
  for (const char* const id : {"first", "second"}) {
    named.set_suite_id(id);
    Call(&Stub::CreateSuite, named, made);
    evalgate_v1::StartRunRequest start;
    start.set_run_id(fmt::format("on-{}", id));
    start.set_suite_id(id);
    start.set_model_version("v1");
    evalgate_v1::StartRunResponse started;
    CallRuns(&evalgate_v1::RunService::Stub::StartRun, start, started);
  }
  EXPECT_THAT(Gate({"runs", "--suite", "held-out"}).output,
              AllOf(HasSubstr("on-second"), Not(HasSubstr("on-first"))));
  EXPECT_THAT(Gate({"runs", "--suite", "first", "--agent", "support"}).output,
              AllOf(HasSubstr("on-first"), Not(HasSubstr("on-second"))));
  EXPECT_EQ(Gate({"verdicts", "--suite", "held-out"}).output, "nothing matches\n");
  EXPECT_THAT(Gate({"verdicts", "--decision", "pass", "--json"}).output,
              HasSubstr(R"("decision":"DECISION_PASS")"));
}

TEST_F(GateCommandTest, VerdictTellsAPassFromABlockFromADoubtAndFromNoVerdict) {
  std::vector<size_t> half;
  for (size_t i = 0; i < cases_.size() / 2; ++i) half.push_back(i);
  Submit("v1", {});
  Submit("good", {});
  Submit("bad", half);
  Submit("unsure", {0, 1, 2, 3});
  for (const char* version : {"good", "bad", "unsure"}) Judge(version);
  const CommandResult good = Verdict("good");
  EXPECT_EQ(good.ending, "exit code 0");
  EXPECT_THAT(good.output, AllOf(HasSubstr("good: PASS, may ship  (policy 1, baseline v1): "),
                                 ContainsRegex("\ns1 +PASS +PASSED +verdict-good +1 "),
                                 HasSubstr("\nverdict verdict-good (suite s1, version 1)\n"),
                                 ContainsRegex("NOT_WORSE_THAN_BASELINE +all +v1 "),
                                 ContainsRegex("COHORT_AT_FLOOR +all +- ")));
  EXPECT_EQ(Verdict("good", "v0").ending, "exit code 5") << "v0 does not serve";
  EXPECT_EQ(Verdict("unsure").ending, "exit code 5");
  EXPECT_EQ(Verdict("nobody").ending, "exit code 6");

  const CommandResult bad = Verdict("bad");
  EXPECT_EQ(bad.ending, "exit code 4");
  EXPECT_THAT(bad.output, AllOf(HasSubstr("bad: BLOCK, may not ship"),
                                ContainsRegex("\ns1 +BLOCK +BLOCKED +verdict-bad +1 "),
                                ContainsRegex("WORSE_THAN_BASELINE +all +v1 ")));
  EXPECT_EQ(Gate({"waive", "support", "bad", "--owner", "Ada", "--reason", "outage", "--days", "1"})
                .ending,
            "exit code 0");
  const CommandResult waived = Verdict("bad");
  EXPECT_EQ(waived.ending, "exit code 0");
  EXPECT_THAT(waived.output, AllOf(HasSubstr("bad: WAIVED, may ship though found was BLOCK"),
                                   ContainsRegex("\ns1 +BLOCK +WAIVED +verdict-bad "),
                                   HasSubstr("waived by Ada until "), HasSubstr(": outage")));
}

TEST_F(GateCommandTest, ExplainsAndReplaysAVerdict) {
  std::vector<size_t> half;
  for (size_t i = 0; i < cases_.size() / 2; ++i) half.push_back(i);
  Submit("v1", {});
  Submit("bad", half);
  Judge("bad");
  const CommandResult explained = Gate({"explain", "verdict-bad"});
  EXPECT_EQ(explained.ending, "exit code 0");
  EXPECT_THAT(
      explained.output,
      AllOf(HasSubstr("verdict verdict-bad on bad: BLOCK\nAsked by release policy 1 of agent "
                      "'support', at look 1 "),
            HasSubstr("\nBLOCK, because "),
            ContainsRegex("\n- comparison with the baseline 'v1' in the whole suite: blocks, "
                          "because .* with [0-9]+ fewer regressed cases it would not have ")));
  EXPECT_THAT(Gate({"explain", "verdict-bad", "--json"}).output,
              HasSubstr(R"("summary":"BLOCK, )"));
  EXPECT_EQ(Gate({"explain", "nothing"}).ending, "exit code 1");
  EXPECT_EQ(Gate({"explain"}).ending, "exit code 2");

  const CommandResult replayed = Gate({"replay", "verdict-bad"});
  EXPECT_EQ(replayed.ending, "exit code 0") << replayed.output;
  EXPECT_THAT(replayed.output, AllOf(HasSubstr("verdict verdict-bad on bad: BLOCK\nMATCHES: "),
                                     ContainsRegex("\nGiven by (.*), replayed by ")));
  EXPECT_THAT(Gate({"replay", "verdict-bad", "--json"}).output,
              HasSubstr(R"("result":"REPLAY_RESULT_MATCHES")"));
  EXPECT_EQ(Gate({"replay", "nothing"}).ending, "exit code 1");

  Tamper("UPDATE findings SET p_value = p_value / 2 WHERE position = 0");
  const CommandResult differs = Gate({"replay", "verdict-bad"});
  EXPECT_EQ(differs.ending, "exit code 1");
  EXPECT_THAT(differs.output, HasSubstr("\nDIFFERS: findings[0].p_value is '"));
  EXPECT_EQ(Gate({"replay", "verdict-bad", "--json"}).ending, "exit code 1");
  Tamper(
      "UPDATE outputs SET outcome = 1 WHERE outcome = 2 AND run_id = (SELECT run_id FROM "
      "verdicts)");
  const CommandResult changed = Gate({"replay", "verdict-bad"});
  EXPECT_EQ(changed.ending, "exit code 1");
  EXPECT_THAT(changed.output, ContainsRegex("\nEVIDENCE_CHANGED: run '.*': what became of case '"));
  const CommandResult broken = Gate({"verify-log"});
  EXPECT_EQ(broken.ending, "exit code 1");
  EXPECT_THAT(broken.output,
              ContainsRegex("BROKEN at entry [0-9]+: run '.*': what became of case"));
  EXPECT_THAT(Gate({"log", "--kind", "run"}).output, HasSubstr("RUN"));
  Tamper("UPDATE verdicts SET run_id = ''");
  const CommandResult older = Gate({"replay", "verdict-bad"});
  EXPECT_EQ(older.ending, "exit code 6");
  EXPECT_THAT(older.output, HasSubstr("\nNOT_POSSIBLE: It was given before there were runs"));
}

TEST_F(GateCommandTest, VerifiesAndListsTheReleaseLog) {
  const CommandResult whole = Gate({"verify-log"});
  EXPECT_EQ(whole.ending, "exit code 0");
  EXPECT_THAT(whole.output, ContainsRegex("WHOLE: 3 entries since .*\\.\n"
                                          "Of its suites [0-9]+ cases are as they were\\.\n"
                                          "Of its finished runs 0 outputs are as they were\\.\n"
                                          "Head: [0-9a-f]+\n"));
  const std::string head = whole.output.substr(whole.output.find("Head: ") + 6, 64);
  EXPECT_THAT(Gate({"verify-log", "--head", head}).output,
              HasSubstr("The expected head is that of entry 3."));
  const CommandResult other = Gate({"verify-log", "--head", std::string(64, 'a')});
  EXPECT_EQ(other.ending, "exit code 1");
  EXPECT_THAT(other.output, HasSubstr("BROKEN: none of the 3 entries has the expected head aaaa"));
  const CommandResult full = RunBinary(
      "/bin/sh", {"-c", fmt::format("'{}/flywheel' gate verify-log --address {} >/dev/full",
                                    BinDir(), gate_)});
  EXPECT_EQ(full.ending, "exit code 1") << "what nobody can read is no answer";
  EXPECT_EQ(Gate({"verify-log", "--head", "abc"}).ending, "exit code 2");
  EXPECT_EQ(Gate({"verify-log", "--head", ""}).ending, "exit code 2");

  const CommandResult log = Gate({"log", "--agent", "support"});
  EXPECT_EQ(log.ending, "exit code 0");
  EXPECT_THAT(log.output, ContainsRegex("\n +3 .*Z +BASELINE_APPROVAL +.* +support +- +[0-9a-f]+\n"
                                        " +2 .*Z +RELEASE_POLICY +1 +support .*\n"
                                        " +1 .*Z +SUITE +s1 +support "));
  EXPECT_THAT(Gate({"log", "--kind", "suite", "--json"}).output,
              AllOf(HasSubstr(R"("resource_id":"s1")"), Not(HasSubstr("POLICY"))));
  EXPECT_EQ(Gate({"log", "--kind", "verdict"}).output, "nothing matches\n");
  EXPECT_THAT(Gate({"log", "--oldest-first", "--limit", "1"}).output,
              AllOf(HasSubstr("SUITE"), HasSubstr("--limit shows more")));

  Tamper("UPDATE bars SET bar = replace(bar, '0.05', '0.5')");
  const CommandResult broken = Gate({"verify-log"});
  EXPECT_EQ(broken.ending, "exit code 1");
  EXPECT_THAT(
      broken.output,
      HasSubstr("BROKEN at entry 2: release policy 1 of agent 'support' is not what entry 2 "
                "was written for"));
  const CommandResult json = Gate({"verify-log", "--json"});
  EXPECT_EQ(json.ending, "exit code 1");
  EXPECT_THAT(json.output, AllOf(HasSubstr(R"("whole":false)"),
                                 HasSubstr("RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED")));
}

TEST_F(GateCommandTest, MakesASuiteOfADatasetVersion) {
  const CommandResult made = Gate({"suite", "from-dataset", "d1", "--name", "held-out",
                                   "--evaluator", R"({"kind": "rouge_l", "threshold": 0.6})"});
  EXPECT_EQ(made.ending, "exit code 0") << made.output;
  EXPECT_EQ(made.output,
            fmt::format("suite held-out-d1: version 1 of 'held-out' for agent 'support'; {} cases "
                        "of dataset version d1\n",
                        cases_.size()));
  EXPECT_THAT(Gate({"suite", "from-dataset", "d1", "--name", "held-out", "--evaluator",
                    R"({"kind": "rouge_l", "threshold": 0.6})"})
                  .output,
              HasSubstr("suite held-out-d1 was there already: version 1"));
  EXPECT_THAT(Gate({"suite", "from-dataset", "d1", "--name", "held-out", "--id", "x"}).output,
              HasSubstr("suite x: version 2 of 'held-out'"));
  EXPECT_THAT(Gate({"suite", "show", "held-out-d1"}).output,
              AllOf(HasSubstr("dataset version d1"), HasSubstr("rouge_l at 0.6")));
  EXPECT_EQ(Gate({"suite", "from-dataset", "none", "--name", "a"}).ending, "exit code 1");
  EXPECT_EQ(Gate({"suite", "from-dataset", "d1", "--name", "a b"}).ending, "exit code 2");
  EXPECT_EQ(Gate({"suite", "from-dataset", "d1", "--name", "a", "--evaluator", "{"}).ending,
            "exit code 2");
}

}  // namespace
}  // namespace flywheel::cli
