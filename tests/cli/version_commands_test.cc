// `flywheel build`, `export`, `versions` and `lineage`: what a trainer and a release pipeline ask.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using VersionCommandsTest = CommandFixture;

// A call without credentials.
template <typename Stub, typename Request, typename Response>
void Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
          const std::string& text) {
  grpc::ClientContext context;
  Request request;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  Response response;
  ASSERT_OK(rpc::FromGrpcStatus((stub.*method)(&context, request, &response)));
}

// Ingest and curation, with a dataset version "d1" of one row.
void BuildDataset(const std::string& ingest, const std::string& curation) {
  using ingest::v1::IngestService;
  const auto log =
      IngestService::NewStub(grpc::CreateChannel(ingest, grpc::InsecureChannelCredentials()));
  Call(*log, &IngestService::Stub::LogInteractions, R"(interactions {
      interaction_id: "i1" session_id: "s1" agent: "support" input: "hi" output: "ho"
      start_time { seconds: 1700000000 } })");
  Call(*log, &IngestService::Stub::RecordSignals, R"(signals {
      signal_id: "t1" interaction_id: "i1" actor: ACTOR_USER thumbs { up: true }
      event_time { seconds: 1700000001 } })");
  const CommandResult built = RunFlywheel({"build", "d1", "--agent", "support", "--min-feed-token",
                                           "f1_0000000000000002", "--address", curation});
  EXPECT_EQ(built.ending, "exit code 0");
  EXPECT_THAT(built.output, HasSubstr("d1: READY; rows: 1 to train on, 0 to evaluate with"));
}

TEST_F(VersionCommandsTest, SaysInItsOwnWordsThatTheEvalSideNeedsAnotherKey) {
  StartServices({Service::kCuration}, "board a-key-of-no-other-use acme reader\n");
  const CommandResult refused = RunFlywheel({"export", "d1", "--split", "eval", "--key-file",
                                             Write("key", "a-key-of-no-other-use"), "--address",
                                             services_->at(Service::kCuration).address});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("--split train"), Not(HasSubstr("SPLIT_TRAIN"))));
}

TEST_F(VersionCommandsTest, SaysNoForAVersionThatNobodyJudgedAndForAGateThatIsDown) {
  StartServices({Service::kCuration, Service::kEvalGate});
  const std::string gate = services_->at(Service::kEvalGate).address;
  const CommandResult verdict =
      RunFlywheel({"verdict", "v1", "--agent", "support", "--baseline", "v0", "--address", gate});
  EXPECT_EQ(verdict.ending, "exit code 6");
  EXPECT_THAT(verdict.output, HasSubstr("NOT CONFIGURED"));
  const std::string curation = services_->at(Service::kCuration).address;
  const CommandResult dataset = RunFlywheel({"export", "d1", "--address", curation});
  EXPECT_EQ(dataset.ending, "exit code 1");
  EXPECT_THAT(dataset.output, HasSubstr("d1"));
  services_->Stop();
  EXPECT_EQ(
      RunFlywheel({"verdict", "v1", "--agent", "support", "--baseline", "v0", "--address", gate})
          .ending,
      "exit code 3");
  EXPECT_EQ(RunFlywheel({"export", "d1", "--address", curation}).ending, "exit code 3");
}

TEST_F(VersionCommandsTest, SaysOfADiskThatIsFullThatTheExportIsNotComplete) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string curation = services_->at(Service::kCuration).address;
  BuildDataset(services_->at(Service::kIngest).address, curation);
  const auto export_to = [&](const std::string& output) {
    return RunBinary("/bin/sh", {"-c", fmt::format("exec {}/flywheel export d1 --address {} {}",
                                                   BinDir(), curation, output)});
  };
  EXPECT_THAT(export_to("").output, HasSubstr(R"({"messages")"));
  const CommandResult full = export_to(">/dev/full");
  EXPECT_EQ(full.ending, "exit code 1");
  EXPECT_EQ(full.output,
            "error: the disk is full (standard output: No space left on device). The export is not "
            "complete. Make space, then run it again.\n");
  EXPECT_THAT(export_to("--format prompt-completion --contexts").output,
              HasSubstr(R"("contexts":[])"));
  const CommandResult no_place = export_to("--contexts");
  EXPECT_EQ(no_place.ending, "exit code 2");
  EXPECT_THAT(no_place.output, HasSubstr("--format prompt-completion"));
  const CommandResult unwritable = export_to("1</dev/null");
  EXPECT_EQ(unwritable.ending, "exit code 1") << "no service is to blame";
  EXPECT_EQ(unwritable.output,
            "error: standard output: Bad file descriptor. The export is not complete.\n");
}

TEST_F(VersionCommandsTest, ListsVersionsAndFollowsLineageInBothDirections) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string address = services_->at(Service::kCuration).address;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--address", address});
    return RunFlywheel(arguments);
  };
  EXPECT_EQ(run({"versions"}).output, "no version is registered\n");
  BuildDataset(services_->at(Service::kIngest).address, address);
  using Stub = curation::v1::CurationService::Stub;
  const auto stub = curation::v1::CurationService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  Call(*stub, &Stub::OpenTrainingRun,
       R"(training_run_id: "r1" dataset_version_id: "d1" force_reason: "test")");
  Call(*stub, &Stub::LeaseTrainingRun, R"(trainer: "t" agents: "support")");
  Call(*stub, &Stub::CompleteTrainingRun,
       R"(training_run_id: "r1" trainer: "t" success { model_version: "m1" })");
  Call(*stub, &Stub::RegisterVersion, R"(agent: "support" model_version: "m1-short"
      base_model_version: "m1" prompt_version: "p7" labels { key: "team" value: "a" }
      labels { key: "git_sha" value: "0a1b" })");

  const CommandResult versions = run({"versions"});
  EXPECT_EQ(versions.ending, "exit code 0");
  EXPECT_THAT(versions.output,
              AllOf(HasSubstr("AGENT    VERSION   BASE  TRAINING RUN  PROMPT  RETRIEVAL"),
                    HasSubstr("support  m1-short  m1    -             p7      -"),
                    HasSubstr("git_sha=0a1b, team=a\nsupport  m1        -     r1            -")));
  EXPECT_EQ(run({"versions", "--agent", "nobody"}).output, "the agent has no version\n");
  const std::string one = run({"versions", "--limit", "1"}).output;
  EXPECT_THAT(one,
              AllOf(HasSubstr("m1-short"), HasSubstr("--limit shows more"), Not(HasSubstr("r1"))));
  EXPECT_THAT(run({"versions", "--json"}).output,
              AllOf(HasSubstr(R"({"agent":"support","model_version":"m1-short",)"),
                    HasSubstr(R"("training_run_id":"r1")")));

  const CommandResult lineage = run({"lineage", "--model-version", "m1", "--agent", "support"});
  EXPECT_EQ(lineage.ending, "exit code 0");
  EXPECT_EQ(lineage.output,
            "made from\n"
            "SOURCE              IS            RESULT\n"
            "training run r1     made          model version m1\n"
            "dataset version d1  data of       training run r1\n"
            "interaction i1      train row of  dataset version d1\n"
            "\n"
            "made into\n"
            "SOURCE            IS       RESULT\n"
            "model version m1  base of  model version m1-short\n");
  const std::string record = run({"lineage", "--interaction", "i1", "--limit", "2"}).output;
  EXPECT_THAT(record, AllOf(HasSubstr("made from: nothing\n"), HasSubstr("training run r1\n"),
                            HasSubstr("--limit shows more"), Not(HasSubstr("m1"))));
  EXPECT_THAT(run({"lineage", "--training-run", "r1", "--json"}).output,
              HasSubstr(R"("relation":"LINEAGE_RELATION_TRAINED"})"));
  EXPECT_EQ(run({"lineage", "--dataset-version", "d9"}).ending, "exit code 1");
  EXPECT_EQ(run({"lineage"}).ending, "exit code 2");
  EXPECT_EQ(run({"lineage", "--model-version", "m1"}).ending, "exit code 2");
  EXPECT_EQ(run({"lineage", "--interaction", "i1", "--training-run", "r1"}).ending, "exit code 2");
}

TEST_F(VersionCommandsTest, RegistersAVersionOnceAndSaysWhatItWants) {
  StartServices({Service::kCuration});
  const auto add = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"versions", "register"});
    arguments.insert(arguments.end(), {"--address", services_->at(Service::kCuration).address});
    return RunFlywheel(arguments);
  };
  EXPECT_EQ(add({"m1", "--agent", "support", "--artifact", "s3://m1"}).output,
            "m1 of agent 'support': registered\n");
  const std::vector<std::string> second = {
      "m1-short", "--agent", "support",     "--base",        "m1",
      "--prompt", "p7",      "--retrieval", "docs-3",        "--label",
      "team=a",   "--label", "git=0=a",     "--description", "shorter answers"};
  EXPECT_EQ(add(second).ending, "exit code 0");
  const CommandResult again = add(second);
  EXPECT_EQ(again.ending, "exit code 0");
  EXPECT_THAT(again.output, HasSubstr("was registered before, with the same content"));
  EXPECT_THAT(
      RunFlywheel({"versions", "--json", "--address", services_->at(Service::kCuration).address})
          .output,
      AllOf(HasSubstr(R"("base_model_version":"m1")"), HasSubstr(R"("prompt_version":"p7")"),
            HasSubstr(R"("retrieval_version":"docs-3")"), HasSubstr(R"("git":"0=a")"),
            HasSubstr(R"("description":"shorter answers")"),
            HasSubstr(R"("artifact_uri":"s3://m1")")));

  const CommandResult other = add({"m1", "--agent", "support"});
  EXPECT_EQ(other.ending, "exit code 1") << "other content";
  EXPECT_THAT(other.output, HasSubstr("m1"));
  EXPECT_THAT(add({"m2", "--agent", "support", "--base", "m0"}).output, HasSubstr("m0"));
  EXPECT_EQ(add({"m2"}).ending, "exit code 2");
  EXPECT_EQ(add({"--agent", "support"}).ending, "exit code 2");
  for (const char* label : {"team", "=a"}) {
    const CommandResult wrong = add({"m2", "--agent", "support", "--label", label});
    EXPECT_EQ(wrong.ending, "exit code 2");
    EXPECT_THAT(wrong.output, HasSubstr("want NAME=VALUE"));
  }
  EXPECT_EQ(add({"m2", "--agent", "support", "--label", "team=a", "--label", "team=b"}).ending,
            "exit code 2");
  EXPECT_THAT(RunFlywheel({"versions", "register", "--help"}).output,
              AllOf(HasSubstr("Example: flywheel versions register"), HasSubstr("--base"),
                    HasSubstr("Exit codes:")));
}

TEST_F(VersionCommandsTest, SaysWhyABuildWaitsAndThatItWasCancelledAlsoAfterACrash) {
  StartServices({Service::kCuration});  // Nothing answers where ingest is.
  const std::string address = services_->at(Service::kCuration).address;
  using Stub = curation::v1::CurationService::Stub;
  const auto stub = curation::v1::CurationService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const std::vector<std::string> build = {
      "build",     "d1",   "--agent", "support", "--min-feed-token", "f1_0000000000100000",
      "--address", address};
  CommandResult ended;
  std::thread waiting([&] { ended = RunFlywheel(build); });
  curation::v1::DatasetVersion version;
  EXPECT_TRUE(Eventually([&] {
    grpc::ClientContext context;
    curation::v1::GetDatasetVersionRequest request;
    request.set_dataset_version_id("d1");
    curation::v1::GetDatasetVersionResponse response;
    if (!stub->GetDatasetVersion(&context, request, &response).ok()) return false;
    version = response.dataset_version();
    return !version.progress().detail().empty();
  }));
  Call(*stub, &Stub::CancelDatasetBuild, R"(dataset_version_id: "d1" reason: "the wrong token")");
  services_->Kill(Service::kCuration);
  ASSERT_OK(services_->Restart(Service::kCuration));
  waiting.join();
  EXPECT_EQ(ended.ending, "exit code 1");
  EXPECT_THAT(ended.output, HasSubstr("error: d1: CANCELLED: the wrong token."));
  const CommandResult begun = RunFlywheel([&] {
    std::vector<std::string> arguments = build;
    arguments.push_back("--no-wait");
    return arguments;
  }());
  EXPECT_EQ(begun.ending, "exit code 0");
  EXPECT_THAT(begun.output, HasSubstr("d1: BUILDING")) << "its id was given back";
}

TEST_F(VersionCommandsTest, BuildsADatasetAndSaysWhyItCannot) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string address = services_->at(Service::kCuration).address;
  const auto build = [&](const std::string& id, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"build", id, "--agent", "support", "--address", address});
    return RunFlywheel(arguments);
  };
  const CommandResult failed = build("d1", {});
  EXPECT_EQ(failed.ending, "exit code 1");
  EXPECT_THAT(failed.output, AllOf(HasSubstr("error: d1: NOT_ENOUGH_DATA: rows to train agent"),
                                   HasSubstr("0 interactions of the project were read")));
  BuildDataset(services_->at(Service::kIngest).address, address);
  EXPECT_EQ(build("d1", {"--min-feed-token", "f1_0000000000000002"}).ending, "exit code 0")
      << "a replay";
  EXPECT_EQ(build("d1", {"--eval-share", "0.5"}).ending, "exit code 1") << "other content";
  EXPECT_EQ(build("d2", {"--eval-share", "1"}).ending, "exit code 2");
  const CommandResult begun = build("d2", {"--no-wait", "--min-feed-token", "f1_0000000000100000"});
  EXPECT_EQ(begun.ending, "exit code 0");
  EXPECT_THAT(begun.output, HasSubstr("d2: BUILDING"));
}

TEST_F(VersionCommandsTest, ShowsWhatAVersionWouldTakeAndSaysWhatItLeftOut) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string address = services_->at(Service::kCuration).address;
  BuildDataset(services_->at(Service::kIngest).address, address);
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--agent", "support", "--address", address});
    return RunFlywheel(arguments);
  };
  const CommandResult listed = run({"candidates"});
  EXPECT_EQ(listed.ending, "exit code 0");
  EXPECT_EQ(listed.output,
            "would take: 1 to train on, 0 to evaluate with, 0 negative, of 1 interactions that "
            "people reacted to\n"
            "TIER  SCORE  SOURCE         INTERACTION  INPUT  IDEAL\n"
            "gold   0.70  user approved  i1           hi     ho\n");
  EXPECT_THAT(run({"candidates", "--json"}).output, HasSubstr(R"("interaction_id":"i1")"));
  const CommandResult none = run({"candidates", "--tier", "platinum"});
  EXPECT_THAT(none.output, HasSubstr("left out, filtered: 1 rows (1 gold)\n"));
  EXPECT_THAT(none.output, Not(HasSubstr("TIER")));
  EXPECT_THAT(run({"candidates", "--min-tier", "platinum"}).output, Not(HasSubstr("i1")));
  // It began in 2023.
  EXPECT_THAT(run({"candidates", "--since", "2023-01-01T00:00:00Z", "--until",
                   "2024-01-01T00:00:00Z", "--source", "user-approved", "--max-rows", "100"})
                  .output,
              HasSubstr("would take: 1 to train on"));
  EXPECT_THAT(run({"candidates", "--until", "2023-01-01T00:00:00Z"}).output,
              HasSubstr("would take: 0 to train on"));
  const CommandResult built = run({"build", "d2", "--max-rows", "1", "--seed", "5", "--source",
                                   "synthetic", "--source", "user-correction"});
  EXPECT_EQ(built.ending, "exit code 1");
  EXPECT_THAT(built.output, HasSubstr("the selection left 1 rows out"));
}

TEST_F(VersionCommandsTest, RefusesASelectionThatMakesNoSense) {
  const auto wrong = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"build", "d", "--agent", "a", "--address", "localhost:1"});
    const CommandResult result = RunFlywheel(arguments);
    EXPECT_EQ(result.ending, "exit code 2") << result.output;
    return result.output;
  };
  EXPECT_THAT(wrong({"--fill"}), HasSubstr("--max-rows"));
  EXPECT_THAT(wrong({"--segment-weight", "pro=2"}), HasSubstr("--max-rows"));
  EXPECT_THAT(wrong({"--max-rows", "10", "--segment-weight", "pro=0"}), HasSubstr("0.001"));
  EXPECT_THAT(wrong({"--source", "hearsay"}), HasSubstr("user-correction"));
  EXPECT_THAT(wrong({"--attribute", "plan"}), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(wrong({"--since", "yesterday"}), HasSubstr("2026-11-21T12:00:00Z"));
  wrong({"--max-rows", "0"});
  wrong({"--tier", "best"});
}

}  // namespace
}  // namespace flywheel::cli
