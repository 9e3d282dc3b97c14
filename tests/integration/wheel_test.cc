// The example as a user starts it: a program, its four services, its report and its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "cli/child_process.h"
#include "cli/free_port.h"
#include "cli/health.h"
#include "shared/rpc/channel.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/cli/command_runner.h"

namespace flywheel::integration {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class WheelTest : public ::testing::Test {
 protected:
  cli::ChildProcess Start(std::vector<std::string> arguments,
                          const std::string& program = "support-agent") {
    port_base_ = cli::FindFreePorts(1)->front();
    cli::ChildOptions options;
    options.binary = cli::BinDir() + "/" + program;
    options.arguments = {
        "--data",      std::string(FLYWHEEL_SOURCE_DIR) + "/examples/support_agent/sample",
        "--work-dir",  dir_.path() + "/wheel",
        "--port-base", std::to_string(port_base_)};
    options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
    options.log_file = dir_.path() + "/output";
    auto child = cli::ChildProcess::Start(options);
    EXPECT_OK(child);
    return *std::move(child);
  }

  // Runs it to its end, which comes before anything is started, with these flags and no others.
  static cli::CommandResult RunRefused(const std::vector<std::string>& arguments) {
    const testing::TempDir directory;
    const std::string log = directory.path() + "/output";
    auto child = cli::ChildProcess::Start({cli::BinDir() + "/support-agent", arguments, {}, log});
    EXPECT_OK(child);
    EXPECT_TRUE(child->WaitForExit(absl::Seconds(60)));
    return {child->Exited().value_or("still running"), Read(log)};
  }

  std::string Output() const { return Read(dir_.path() + "/output"); }

  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  bool AnyServiceAnswers() const {
    for (int i = 0; i < 4; ++i) {
      const std::string address = "127.0.0.1:" + std::to_string(port_base_ + i);
      if (cli::CheckHealth(*rpc::Channel::Open({address, "", ""}), absl::Milliseconds(500)).ok()) {
        return true;
      }
    }
    return false;
  }

  testing::TempDir dir_;
  int port_base_ = 0;
};

TEST_F(WheelTest, GetsBetterStopsBothPlantedCandidatesAndSaysSoInItsReport) {
  const std::string report_file = dir_.path() + "/report.json";
  cli::ChildProcess wheel = Start({"--once", "--report", report_file});
  ASSERT_TRUE(wheel.WaitForExit(absl::Minutes(8))) << Output();
  ASSERT_EQ(wheel.Exited().value(), "exit code 0") << Output();
  const auto report = nlohmann::json::parse(Read(report_file));
  double accuracy = report["first_accuracy"];
  int number = 0;
  for (const auto& revolution : report["revolutions"]) {
    EXPECT_EQ(revolution["number"], ++number);
    for (const char* field : {"interactions", "corrections", "rows_by_tier", "removed_by_reason",
                              "gate", "experiment", "serving_version"}) {
      EXPECT_TRUE(revolution.contains(field)) << field;
    }
    accuracy = revolution["accuracy"];
  }
  EXPECT_GE(number, 3);
  EXPECT_GT(accuracy, report["first_accuracy"].get<double>() + 0.2);
  ASSERT_EQ(report["planted"].size(), 2u);
  for (const auto& planted : report["planted"]) {
    EXPECT_TRUE(planted["stopped"]) << planted;
    EXPECT_LE(planted["largest_share"], 0.25) << planted;
  }
  // What was promoted is not worse than what served by the margin, nor in escalations; the ramp
  // did it, and it took back what the gate could not see.
  int ships = 0, rollbacks = 0;
  for (const auto& revolution : report["revolutions"]) {
    for (const auto& experiment : revolution["experiment"]) {
      EXPECT_EQ(experiment["coverage"][0], 0.2);
      if (experiment["recommendation"] == "ROLLBACK") {
        ++rollbacks;
        EXPECT_EQ(experiment["ramp"], "ROLLED_BACK");
        EXPECT_THAT(experiment["candidate"].get<std::string>(), HasSubstr("-skewed"));
      }
      if (experiment["recommendation"] != "SHIP") continue;
      ++ships;
      EXPECT_EQ(experiment["ramp"], "PROMOTED");
      EXPECT_THAT(experiment["message"], HasSubstr("against -5.00 %"));
      EXPECT_GE(experiment["control_units"].get<int>() + experiment["candidate_units"].get<int>(),
                200);
    }
  }
  EXPECT_EQ(ships, 2) << "v1 and v2";
  EXPECT_EQ(rollbacks, 1);
  EXPECT_FALSE(AnyServiceAnswers());
  // A model takes 50 MB: only those stay that serve or wait for their experiment.
  const std::string serving = report["revolutions"].back()["serving_version"];
  std::set<std::string> models;
  for (const auto& entry : std::filesystem::directory_iterator(dir_.path() + "/wheel")) {
    if (entry.is_regular_file() && entry.path().extension() != ".log") {
      models.insert(entry.path().filename());
    }
  }
  EXPECT_THAT(models, Contains(serving + ".bin"));
  EXPECT_LE(models.size(), 3u) << "v0 and what was rolled back are gone";
  EXPECT_THAT(models, Not(Contains("v0.bin")));
}

TEST_F(WheelTest, TheToolAgentLearnsWhichToolToCall) {
  const std::string report_file = dir_.path() + "/report.json";
  cli::ChildProcess wheel = Start({"--once", "--report", report_file}, "tool-agent");
  ASSERT_TRUE(wheel.WaitForExit(absl::Minutes(8))) << Output();
  ASSERT_EQ(wheel.Exited().value(), "exit code 0") << Output();
  const auto report = nlohmann::json::parse(Read(report_file));
  const auto& last = report["revolutions"].back();
  EXPECT_GT(last["accuracy"], report["first_accuracy"].get<double>() + 0.15);
  // Some sessions have two turns.
  EXPECT_GT(last["interactions"], last["queries"]);
  EXPECT_FALSE(AnyServiceAnswers());
}

TEST_F(WheelTest, RefusesBeforeItStartsWhatWouldFailLater) {
  const std::string sample = std::string(FLYWHEEL_SOURCE_DIR) + "/examples/support_agent/sample";
  const std::string data = dir_.path() + "/data", work = dir_.path() + "/new";
  std::filesystem::create_directories(data);
  const auto expect_refused = [](const std::vector<std::string>& arguments,
                                 const std::string& text) {
    const cli::CommandResult result = RunRefused(arguments);
    EXPECT_EQ(result.ending, "exit code 2") << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr(text), Not(HasSubstr("Mend the request")),
                                     Not(HasSubstr("Starting"))));
  };
  expect_refused({"--data", sample, "--work-dir", dir_.path()}, "which is not empty");
  expect_refused({"--data", sample, "--work-dir", work, "--report", "/nowhere/r"}, "--report");
  expect_refused({"--data", data, "--work-dir", work}, "train.csv', which cannot be read");
  std::ofstream(data + "/train.csv") << "text,category\nno category\n";
  expect_refused({"--data", data, "--work-dir", work}, "got 'no category' in record 2");
  std::ofstream(data + "/train.csv") << "text,category\nmy card,card_lost\n";
  expect_refused({"--data", data, "--work-dir", work}, "got 1 queries");
}

TEST_F(WheelTest, SaysHowToReachItsServices) {
  cli::ChildProcess wheel = Start({"--revolutions", "1"});
  const std::string text = "/flywheel status --port-base " + std::to_string(port_base_) + "`";
  const absl::Time deadline = absl::Now() + absl::Minutes(3);
  while (Output().find(text) == std::string::npos) {
    ASSERT_FALSE(wheel.WaitForExit(absl::Milliseconds(20))) << Output();
    ASSERT_LT(absl::Now(), deadline) << Output();
  }
  EXPECT_THAT(Output(), Not(HasSubstr("try `..")));
  wheel.Terminate();
  ASSERT_TRUE(wheel.WaitForExit(absl::Seconds(30))) << Output();
  EXPECT_EQ(wheel.Exited().value(), "exit code 0");
}

TEST_F(WheelTest, StopsItsServicesWhenItIsToldToStopHalfWay) {
  cli::ChildProcess wheel = Start({});
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (Output().find("Before the first customer") == std::string::npos) {
    ASSERT_FALSE(wheel.WaitForExit(absl::Milliseconds(20))) << Output();
    ASSERT_LT(absl::Now(), deadline) << Output();
  }
  EXPECT_TRUE(AnyServiceAnswers());
  wheel.Terminate();
  ASSERT_TRUE(wheel.WaitForExit(absl::Seconds(30))) << Output();
  EXPECT_EQ(wheel.Exited().value(), "exit code 130") << Output();
  EXPECT_THAT(Output(), HasSubstr("Stopping ..."));
  EXPECT_FALSE(AnyServiceAnswers());
}

}  // namespace
}  // namespace flywheel::integration
