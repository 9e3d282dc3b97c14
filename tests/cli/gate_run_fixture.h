// Test fixture: a gate with a suite, agents that are shell scripts, and `flywheel gate ...`.
#ifndef FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_
#define FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_

#include <fmt/format.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {

// A suite "smoke" of agent "support", whose case "iN" asks "question number N" and wants "answer
// N".
class GateRunFixture : public CommandFixture {
 protected:
  // Of the suite.
  static constexpr int kCases = 100;

  GateRunFixture() {
    StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
    gate_ = services_->at(Service::kEvalGate).address;
    std::string cases;
    for (int i = 0; i < kCases; ++i) {
      cases += fmt::format(R"({{"id": "i{0}", "input": "question number {0} about topic {1}", )"
                           R"("ideal": "answer {0}", "cohort": "{2}"}})"
                           "\n",
                           i, i * 7919, i % 4 == 0 ? "refunds" : "delivery");
    }
    const CommandResult made = Gate({"suite", "create", Write("cases.jsonl", cases), "--agent",
                                     "support", "--name", "smoke", "--id", "smoke"});
    EXPECT_EQ(made.ending, "exit code 0") << made.output;
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
    std::vector<std::string> arguments = {"run",   "--suite",   "smoke", "--candidate",
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

  std::string gate_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_GATE_RUN_FIXTURE_H_
