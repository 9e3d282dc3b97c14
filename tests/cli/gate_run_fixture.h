// Test fixture: a gate with a suite, agents that are shell scripts, and `flywheel gate ...`.
#ifndef FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_
#define FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {

// A suite "s1" of agent "support", whose case "iN" asks "question number N" and wants "answer N".
class GateRunFixture : public CommandFixture {
 protected:
  // Of conversations, of which about half become cases.
  static constexpr int kLogged = 200;

  GateRunFixture() {
    StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
    gate_ = services_->at(Service::kEvalGate).address;
    LogConversations();
    const CommandResult built =
        RunFlywheel({"build", "d1", "--agent", "support", "--eval-share", "0.5", "--min-feed-token",
                     fmt::format("f1_{:016x}", 2 * kLogged), "--address",
                     services_->at(Service::kCuration).address});
    EXPECT_EQ(built.ending, "exit code 0") << built.output;
    MakeSuite();
  }

  // `flywheel gate ARGUMENTS...`. The files that it writes are of this test.
  CommandResult Gate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "gate");
    arguments.insert(arguments.end(), {"--address", gate_});
    return RunFlywheel(arguments);
  }

  // The flags of `gate run` by which this version answers.
  static std::vector<std::string> RunArguments(const std::string& version,
                                               const std::string& command,
                                               const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"run",   "--suite",   "s1",   "--candidate",
                                          version, "--command", command};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  CommandResult Run(const std::string& version, const std::string& command,
                    const std::vector<std::string>& more = {}) const {
    return Gate(RunArguments(version, command, more));
  }

  // The same of a process that the test goes on beside.
  absl::StatusOr<ChildProcess> Begin(std::vector<std::string> arguments,
                                     const std::string& log) const {
    arguments.insert(arguments.begin(), "gate");
    arguments.insert(arguments.end(), {"--address", gate_});
    return ChildProcess::Start({BinDir() + "/flywheel", arguments, {}, log});
  }

  // The report of a call with --json: its last line.
  static nlohmann::json Report(const CommandResult& result) {
    const size_t begin = result.output.find("{\"model_version\"");
    if (begin == std::string::npos) return nullptr;
    return nlohmann::json::parse(result.output.substr(begin), nullptr, false);
  }

  // A shell script; `$n` has the number of the question.
  std::string Agent(const std::string& name, const std::string& on_each_line) {
    std::string path = Write(name,
                             "#!/bin/sh\nwhile read -r line; do\n"
                             "n=${line#*'\"input\":\"question number '}; n=${n%%' '*}\n" +
                                 on_each_line + "\ndone\n");
    chmod(path.c_str(), 0700);
    return path;
  }

  // Answers everything rightly.
  std::string GoodAgent() { return Agent("good", R"(echo "{\"output\": \"answer $n\"}")"); }

  // Fails every second case.
  std::string HalfAgent() {
    return Agent("half",
                 R"(if [ $((n % 2)) = 0 ]; then echo '{"output": "no idea"}'
                    else echo "{\"output\": \"answer $n\"}"; fi)");
  }

  // Of the suite.
  int cases_ = 0;
  std::string gate_;

 private:
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
    EXPECT_OK(rpc::FromGrpcStatus(log->LogInteractions(&first, interactions, &logged)));
    ingest::v1::RecordSignalsResponse recorded;
    EXPECT_OK(rpc::FromGrpcStatus(log->RecordSignals(&second, signals, &recorded)));
  }

  void MakeSuite() {
    const auto stub = evalgate::v1::EvalGateService::NewStub(
        grpc::CreateChannel(gate_, grpc::InsecureChannelCredentials()));
    evalgate::v1::CreateSuiteRequest request;
    request.set_suite_id("s1");
    request.set_dataset_version_id("d1");
    evalgate::v1::CreateSuiteResponse response;
    grpc::ClientContext context;
    EXPECT_OK(rpc::FromGrpcStatus(stub->CreateSuite(&context, request, &response)));
    cases_ = static_cast<int>(response.suite().cases());
    EXPECT_GT(cases_, 60);
  }
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_
