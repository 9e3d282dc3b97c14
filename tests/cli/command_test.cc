// `flywheel` as a user runs it: exit codes and what it prints.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "cli/free_port.h"
#include "cli/health.h"
#include "cli/local_services.h"
#include "shared/rpc/channel.h"
#include "tests/cli/command_runner.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char kConversations[] =
    R"({"id": "c1", "reward": 1, "messages": [{"role": "user", "content": "hi"}]})"
    "\n"
    R"({"id": "c2", "reward": 0, "messages": [{"role": "user", "content": "ho"}]})"
    "\n";

// Waits until `done` holds. Other processes tell nobody when they get somewhere, so this has to
// look.
template <typename Done>
bool Eventually(const Done& done) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!done()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

class CommandTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // With `keys`, the lines of a key file, each asks for a key.
  void StartServices(std::vector<Service> wanted, const std::string& keys = "") {
    LocalServicesOptions options;
    if (!keys.empty()) {
      const std::string file = Write("keys", keys);
      for (const Service service : wanted) {
        options.extra_arguments[service] = {"--api-keys-file", file};
      }
    }
    options.data_dir = directory_.path() + "/data";
    options.binary_dir = BinDir();
    options.services = std::move(wanted);
    options.free_ports = true;
    options.metrics = false;
    auto services = LocalServices::Start(options);
    ASSERT_OK(services);
    services_ = *std::move(services);
  }

  // `flywheel status` with the addresses of this test's services, started or not.
  CommandResult Status(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "status");
    for (const Service service : kAllServices) {
      arguments.push_back(fmt::format("--{}-address", ServiceName(service)));
      arguments.push_back(services_->at(service).address);
    }
    return RunFlywheel(arguments);
  }

  CommandResult Import(const std::string& file, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"import", file, "--format", "openai-chat", "--address",
                                         services_->at(Service::kIngest).address});
    return RunFlywheel(arguments);
  }

  testing::TempDir directory_;
  std::unique_ptr<LocalServices> services_;
};

TEST_F(CommandTest, TeachesWithAnExampleInEveryHelp) {
  for (const char* command : {"up", "status", "import", "verdict", "export", "erase", "erasure"}) {
    const CommandResult help = RunFlywheel({command, "--help"});
    EXPECT_EQ(help.ending, "exit code 0");
    EXPECT_THAT(help.output, AllOf(HasSubstr(std::string("Example: flywheel ") + command),
                                   HasSubstr("Exit codes:")));
  }
  EXPECT_THAT(RunFlywheel({"--help"}).output, HasSubstr("flywheel up"));
}

TEST_F(CommandTest, SaysTheVersionOfTheProject) {
  const CommandResult version = RunFlywheel({"--version"});
  EXPECT_EQ(version.ending, "exit code 0");
  const std::string project = ReadAll("CMakeLists.txt");
  const size_t begin = project.find(" VERSION ", project.find("project(flywheel")) + 9;
  // A build of a repository adds the revision that it was made of.
  EXPECT_THAT(version.output,
              MatchesRegex("flywheel " + project.substr(begin, project.find(' ', begin) - begin) +
                           "( .[0-9a-f]+(-dirty)?.)?\n"));
}

TEST_F(CommandTest, RefusesACertificateThatItCouldNotShowAndAProjectThatIsNone) {
  const std::string pem = Write("pem", "");
  const CommandResult no_key =
      RunFlywheel({"health", "127.0.0.1:1", "--ca-file", pem, "--certificate-file", pem});
  EXPECT_EQ(no_key.ending, "exit code 2");
  EXPECT_THAT(no_key.output, HasSubstr("--certificate-key-file"));
  const CommandResult no_ca = RunFlywheel(
      {"health", "127.0.0.1:1", "--certificate-file", pem, "--certificate-key-file", pem});
  EXPECT_EQ(no_ca.ending, "exit code 2");
  EXPECT_THAT(no_ca.output, HasSubstr("--ca-file"));
  const CommandResult project = RunFlywheel({"verdict", "v1", "--project", "two words"});
  EXPECT_EQ(project.ending, "exit code 2");
  EXPECT_THAT(project.output, HasSubstr("got 'two words', want 1 to 128 characters"));
}

TEST_F(CommandTest, GivesExitCodeTwoForWrongUsage) {
  EXPECT_EQ(RunFlywheel({}).ending, "exit code 2");
  const CommandResult unknown = RunFlywheel({"dance"});
  EXPECT_EQ(unknown.ending, "exit code 2");
  EXPECT_THAT(unknown.output, HasSubstr("error: got 'dance', want one of up, status"));
  const CommandResult incomplete = RunFlywheel({"verdict"});
  EXPECT_EQ(incomplete.ending, "exit code 2");
  EXPECT_EQ(incomplete.output,
            "error: VERSION is required. 'flywheel verdict --help' says more.\n");
  EXPECT_EQ(RunFlywheel({"import"}).ending, "exit code 2");
  const CommandResult format = RunFlywheel({"import", Write("f", ""), "--format", "csv"});
  EXPECT_EQ(format.ending, "exit code 2");
  EXPECT_THAT(format.output, HasSubstr("got 'csv', want tau-bench or openai-chat"));
  EXPECT_EQ(RunFlywheel({"import", "/nowhere/f", "--format", "tau-bench"}).ending, "exit code 2");
  EXPECT_EQ(RunFlywheel({"export", "d", "--split", "test"}).ending, "exit code 2");
}

TEST_F(CommandTest, RefusesAnAddressThatIsNone) {
  for (const char* address : {"nonsense", "localhost:99999", ":4317", "localhost:", "a:1x"}) {
    const CommandResult result = RunFlywheel({"health", address});
    EXPECT_EQ(result.ending, "exit code 2") << address;
    EXPECT_THAT(result.output, HasSubstr("want HOST:PORT"));
  }
}

TEST_F(CommandTest, RefusesFilesThatCannotBeRead) {
  const std::string directory = directory_.path();
  for (const char* flag : {"--key-file", "--ca-file"}) {
    const CommandResult result = RunFlywheel({"health", "127.0.0.1:1", flag, directory});
    EXPECT_EQ(result.ending, "exit code 2") << flag;
    EXPECT_THAT(result.output, AllOf(HasSubstr(flag), HasSubstr(directory)));
  }
  const CommandResult result = RunFlywheel({"import", directory, "--format", "openai-chat"});
  EXPECT_EQ(result.ending, "exit code 2");
  EXPECT_THAT(result.output, AllOf(HasSubstr("FILE"), HasSubstr("Is a directory")));
}

TEST_F(CommandTest, ImportsNothingAtOnceWhereNothingAnswers) {
  const absl::Time start = absl::Now();
  const CommandResult result = RunFlywheel({"import", Write("chat.jsonl", kConversations),
                                            "--format", "openai-chat", "--address", "127.0.0.1:1"});
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
  EXPECT_EQ(result.ending, "exit code 3");
  EXPECT_THAT(result.output, AllOf(HasSubstr("nothing answers at 127.0.0.1:1"),
                                   HasSubstr("flywheel up"), Not(HasSubstr("stays stored"))));
}

TEST_F(CommandTest, FindsTheServicesByThePortBaseThatTheyWereStartedAt) {
  // The base of which `service` is where it listens.
  const auto base_of = [&](Service service) {
    const std::string& address = services_->at(service).address;
    return std::to_string(std::stoi(address.substr(address.rfind(':') + 1)) -
                          static_cast<int>(service));
  };
  StartServices({Service::kIngest, Service::kCuration, Service::kEvalGate});
  EXPECT_EQ(RunFlywheel({"import", Write("chat.jsonl", kConversations), "--format", "openai-chat",
                         "--port-base", base_of(Service::kIngest)})
                .ending,
            "exit code 0");
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--port-base", base_of(Service::kEvalGate)}).ending,
            "exit code 4");
  EXPECT_THAT(RunFlywheel({"export", "d1", "--port-base", base_of(Service::kCuration)}).output,
              HasSubstr("dataset version"));
  const CommandResult status = RunFlywheel(
      {"status", "--port-base", base_of(Service::kIngest), "--curation-address", "127.0.0.1:1"});
  EXPECT_EQ(status.ending, "exit code 3");
  EXPECT_THAT(status.output,
              AllOf(HasSubstr("ingest: 2 interactions"), HasSubstr("curation    127.0.0.1:1 ")))
      << "an address that is given wins";
  EXPECT_EQ(RunFlywheel({"status", "--port-base", "80"}).ending, "exit code 2");
}

TEST_F(CommandTest, FailsUpWithExitCodeOneWhereAServiceDoesNotStart) {
  const auto ports = FindFreePorts(1);
  ASSERT_OK(ports);
  const int base = 20'000 + ports->front() % 10'000;
  std::filesystem::create_directories(directory_.path() + "/up/curation");
  Write("up/curation/curation.db", std::string(4096, 'x'));
  const CommandResult up = RunFlywheel(
      {"up", "--data-dir", directory_.path() + "/up", "--port-base", std::to_string(base)});
  EXPECT_EQ(up.ending, "exit code 1") << up.output;
  EXPECT_THAT(up.output, AllOf(HasSubstr("ingest      serving"),
                               HasSubstr("error: curation ended at its start: exit code 1")));
}

TEST_F(CommandTest, SaysForWhichAgentAVersionWasNotJudged) {
  StartServices({Service::kEvalGate});
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--agent", "support", "--address",
                         services_->at(Service::kEvalGate).address})
                .output,
            "v1: NOT JUDGED for agent 'support', so it may not ship. Judge it with "
            "JudgeVersion.\n");
}

TEST_F(CommandTest, NamesTheOtherFormatWhereTheFileReadsAsThat) {
  const std::string other =
      R"([{"task_id": 1, "trial": 0, "reward": 1, "traj": [{"role": "user", "content": "hi"}]}])";
  const CommandResult tau_bench =
      RunFlywheel({"import", Write("tau", other), "--format", "openai-chat"});
  EXPECT_EQ(tau_bench.ending, "exit code 1");
  EXPECT_THAT(tau_bench.output, HasSubstr("reads well as the other format: --format tau-bench"));
  const CommandResult chat =
      RunFlywheel({"import", Write("chat", kConversations), "--format", "tau-bench"});
  EXPECT_EQ(chat.ending, "exit code 1");
  EXPECT_THAT(chat.output, HasSubstr("reads well as the other format: --format openai-chat"));
}

TEST_F(CommandTest, PromisesThatImportingAgainGoesOnOnlyWhereItDoes) {
  StartServices({Service::kIngest}, "a-key-of-no-other-use acme reader\n");
  const CommandResult refused = Import(Write("chat.jsonl", kConversations),
                                       {"--key-file", Write("key", "a-key-of-no-other-use")});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("reader"), Not(HasSubstr("stays stored"))));
}

TEST_F(CommandTest, SaysInItsOwnWordsThatTheEvalSideNeedsAnotherKey) {
  StartServices({Service::kCuration}, "a-key-of-no-other-use acme reader\n");
  const CommandResult refused = RunFlywheel({"export", "d1", "--split", "eval", "--key-file",
                                             Write("key", "a-key-of-no-other-use"), "--address",
                                             services_->at(Service::kCuration).address});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("--split train"), Not(HasSubstr("SPLIT_TRAIN"))));
}

TEST_F(CommandTest, ReportsWhatIsDownWithExitCodeThreeAndWhatServesWithItsFigures) {
  StartServices({Service::kIngest});
  const CommandResult text = Status({});
  EXPECT_EQ(text.ending, "exit code 3");
  EXPECT_THAT(text.output, AllOf(HasSubstr("not reachable"), HasSubstr("serving"),
                                 HasSubstr("ingest: 0 interactions")));
  const CommandResult result = Status({"--json"});
  EXPECT_EQ(result.ending, "exit code 3");
  const json report = json::parse(result.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << result.output;
  ASSERT_EQ(report["services"].size(), 4);
  EXPECT_EQ(report["services"][0]["serving"], true);
  EXPECT_EQ(report["services"][1]["serving"], false);
  EXPECT_NE(report["services"][1]["problem"], "");
  EXPECT_EQ(report["ingest"]["interactions"], 0);
  EXPECT_FALSE(report.contains("curation"));
}

TEST_F(CommandTest, ImportsTwiceAndShowsTheMeansThatWereImported) {
  StartServices({kAllServices.begin(), kAllServices.end()});
  const std::string file = Write("chat.jsonl", kConversations);
  const CommandResult first = Import(file);
  EXPECT_EQ(first.ending, "exit code 0");
  EXPECT_EQ(first.output,
            "stored 2 interactions (0 tool calls) and 2 signals; 0 replayed, 0 conflicts, 0 "
            "rejected\n");
  const CommandResult second = Import(file);
  EXPECT_EQ(second.ending, "exit code 0");
  EXPECT_EQ(second.output, "stored nothing: all 2 interactions and 2 signals were already there\n");

  const CommandResult status = Status({"--json", "--group-by", ""});
  EXPECT_EQ(status.ending, "exit code 0") << status.output;
  const json report = json::parse(status.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << status.output;
  EXPECT_EQ(report["ingest"]["interactions"], 2);
  EXPECT_EQ(report["ingest"]["evaluation_means"][0]["mean"], 0.5);
  EXPECT_TRUE(Eventually([&] {
    json now = json::parse(Status({"--json"}).output, nullptr, false);
    return now["curation"]["behind"] == 0 && now["curation"]["interactions"] == 2 &&
           now["curation"]["ingest_reachable"] == true;
  })) << "curation reads what was imported";
  EXPECT_EQ(report["eval_gate"]["latest_verdicts"], json::array());
  EXPECT_EQ(report["experiment"]["running"], json::array());

  const CommandResult text = Status({});
  EXPECT_EQ(text.ending, "exit code 0");
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("EVALUATION  BY trial  COUNT    MEAN"), HasSubstr("no verdict yet"),
                    HasSubstr("no experiment runs"), Not(HasSubstr("not reachable"))));
}

TEST_F(CommandTest, ErasesAPersonWhoIsThenGoneFromCurationToo) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string address = services_->at(Service::kIngest).address;
  const std::string file = Write(
      "chats.jsonl",
      R"({"id": "c1", "user": "ada", "reward": 1, "messages": [{"role": "user", "content": "hi"}]})"
      "\n"
      R"({"id": "c2", "user": "bob", "reward": 1, "messages": [{"role": "user", "content": "ho"}]})"
      "\n");
  ASSERT_EQ(RunFlywheel({"import", file, "--format", "openai-chat", "--address", address}).ending,
            "exit code 0");
  const CommandResult erased =
      RunFlywheel({"erase", "ada", "--erasure-id", "ticket-7", "--address", address});
  EXPECT_EQ(erased.ending, "exit code 0") << erased.output;
  EXPECT_THAT(erased.output, HasSubstr("ticket-7: 1 interactions and 1 signals left ingest"));
  CommandResult receipt;
  EXPECT_TRUE(Eventually([&] {
    receipt = RunFlywheel({"erasure", "ticket-7", "--address", address});
    return receipt.output.find("not yet") == std::string::npos;
  })) << receipt.output;
  EXPECT_THAT(receipt.output, MatchesRegex("(.|\n)*curation +2 +20(.|\n)*"));
  EXPECT_EQ(RunFlywheel({"erasure", "ticket-8", "--address", address}).ending, "exit code 1");
}

TEST_F(CommandTest, FailsAnImportWithAConflictAndSaysWhy) {
  StartServices({Service::kIngest});
  ASSERT_EQ(Import(Write("a", kConversations)).ending, "exit code 0");
  const std::string changed = R"({"id": "c1", "messages": [{"role": "user", "content": "x"}]})";
  const CommandResult text = Import(Write("b", changed));
  EXPECT_EQ(text.ending, "exit code 1");
  EXPECT_THAT(text.output, AllOf(HasSubstr("1 conflicts"), HasSubstr("c1"),
                                 HasSubstr("ALREADY_EXISTS_WITH_OTHER_CONTENT"),
                                 HasSubstr("another --agent or --model-version?")));
  const CommandResult result = Import(Write("b", changed), {"--json"});
  EXPECT_EQ(result.ending, "exit code 1");
  const json summary = json::parse(result.output, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << result.output;
  EXPECT_EQ(summary["interactions"]["conflicts"], 1);
  EXPECT_EQ(summary["problems"][0]["id"], "c1");
}

TEST_F(CommandTest, FailsAnImportOfAMalformedFileWithItsPlace) {
  const CommandResult result =
      RunFlywheel({"import", Write("bad.json", "[\n{"), "--format", "tau-bench"});
  EXPECT_EQ(result.ending, "exit code 1");
  EXPECT_THAT(result.output, AllOf(HasSubstr("bad.json, line 2, byte"), HasSubstr("malformed")));
}

TEST_F(CommandTest, SaysNoForAVersionThatNobodyJudgedAndForAGateThatIsDown) {
  StartServices({Service::kCuration, Service::kEvalGate});
  const std::string gate = services_->at(Service::kEvalGate).address;
  const CommandResult verdict = RunFlywheel({"verdict", "v1", "--address", gate});
  EXPECT_EQ(verdict.ending, "exit code 4");
  EXPECT_THAT(verdict.output, HasSubstr("NOT JUDGED"));
  const std::string curation = services_->at(Service::kCuration).address;
  const CommandResult dataset = RunFlywheel({"export", "d1", "--address", curation});
  EXPECT_EQ(dataset.ending, "exit code 1");
  EXPECT_THAT(dataset.output, HasSubstr("d1"));
  services_->Stop();
  EXPECT_EQ(RunFlywheel({"verdict", "v1", "--address", gate}).ending, "exit code 3");
  EXPECT_EQ(RunFlywheel({"export", "d1", "--address", curation}).ending, "exit code 3");
}

TEST_F(CommandTest, UpServesRestartsWhatDiesAndEndsOnSigterm) {
  const auto ports = FindFreePorts(1);
  ASSERT_OK(ports);
  const std::string data = directory_.path() + "/up";
  const std::string log = directory_.path() + "/up.log";
  const int base = 20'000 + ports->front() % 10'000;
  auto up = ChildProcess::Start({BinDir() + "/flywheel",
                                 {"up", "--data-dir", data, "--port-base", std::to_string(base)},
                                 {},
                                 log});
  ASSERT_OK(up);
  const auto said = [&](const std::string& text) {
    return Eventually(
               [&] { return ReadAll(log).find(text) != std::string::npos || up->Exited(); }) &&
           ReadAll(log).find(text) != std::string::npos;
  };
  ASSERT_TRUE(said("Ctrl-C stops all")) << ReadAll(log);
  EXPECT_THAT(ReadAll(log),
              AllOf(HasSubstr("SERVICE     ADDRESS"), HasSubstr("ingest      starting"),
                    HasSubstr(fmt::format("http://127.0.0.1:{}/metrics", base + 4)),
                    HasSubstr(fmt::format("'flywheel status --port-base {}' shows", base))));
  const auto channel = rpc::Channel::Open({fmt::format("127.0.0.1:{}", base), "", ""});
  ASSERT_OK(channel);
  EXPECT_OK(CheckHealth(*channel, absl::Seconds(5)));

  // The child that serves ingest, found by its data directory.
  pid_t ingest = -1;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string command = ReadAll(entry.path().string() + "/cmdline");
    if (command.find("flywheel-ingest") != std::string::npos &&
        command.find(data + "/ingest") != std::string::npos) {
      ingest = std::stoi(entry.path().filename().string());
    }
  }
  ASSERT_GT(ingest, 0);
  ASSERT_EQ(kill(ingest, SIGKILL), 0);
  EXPECT_TRUE(said("ingest ended (signal 9 (Killed)")) << ReadAll(log);
  EXPECT_TRUE(Eventually([&] { return CheckHealth(*channel, absl::Seconds(5)).ok(); }));

  up->Terminate();
  ASSERT_TRUE(up->WaitForExit(absl::Seconds(60)));
  EXPECT_EQ(up->Exited(), "exit code 0");
  EXPECT_THAT(ReadAll(log), HasSubstr("stopped\n"));
  EXPECT_FALSE(CheckHealth(*channel, absl::Seconds(5)).ok());
}

}  // namespace
}  // namespace flywheel::cli
