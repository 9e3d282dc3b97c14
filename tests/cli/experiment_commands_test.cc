// `flywheel experiment`: what people and pipelines see of an experiment, beside a real service.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/child_process.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/status_to_grpc.h"
#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExperimentCommandsTest : public CommandFixture {
 protected:
  using Stub = experiment_v1::ExperimentService::Stub;

  // The agent "router" serves "v1" and compares it with "v2" in "exp".
  void SetUp() override {
    StartServices({Service::kExperiment});
    address_ = services_->at(Service::kExperiment).address;
    stub_ = experiment_v1::ExperimentService::NewStub(
        grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
    experiment_v1::PromoteVersionRequest first;
    first.set_promotion_id("p1");
    first.set_agent("router");
    first.set_model_version("v1");
    first.mutable_waiver()->set_owner("ada");
    first.mutable_waiver()->set_reason("the first one");
    Ask<experiment_v1::PromoteVersionResponse>(&Stub::PromoteVersion, first);
    experiment_v1::CreateExperimentRequest compare;
    compare.set_experiment_id("exp");
    compare.set_agent("router");
    compare.mutable_plan()->mutable_primary()->set_name("accepted");
    compare.mutable_plan()->mutable_primary()->set_left_out(true);
    compare.mutable_plan()->mutable_min_duration()->set_seconds(0);
    // Nobody runs a gate here.
    *compare.mutable_waiver() = first.waiver();
    for (const bool control : {true, false}) {
      experiment_v1::Arm& arm = *compare.add_arms();
      arm.set_arm_id(control ? "control" : "new");
      arm.set_model_version(control ? "v1" : "v2");
      arm.set_weight(1);
      arm.set_control(control);
    }
    Ask<experiment_v1::CreateExperimentResponse>(&Stub::CreateExperiment, compare);
  }

  template <typename Response, typename Request>
  Response Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    grpc::ClientContext context;
    Response response;
    EXPECT_OK(rpc::FromGrpcStatus((stub_.get()->*method)(&context, request, &response)));
    return response;
  }

  // Units of which so many in ten accept what each arm serves.
  void Serve(int units, int control, int treatment) {
    experiment_v1::RecordOutcomesRequest record;
    for (int i = 0; i < units; ++i) {
      experiment_v1::AssignRequest assign;
      assign.set_agent("router");
      assign.set_user_id("user-" + std::to_string(i));
      const auto assigned = Ask<experiment_v1::AssignResponse>(&Stub::Assign, assign);
      experiment_v1::UnitOutcome& outcome = *record.add_outcomes();
      outcome.set_outcome_id("o-" + std::to_string(i));
      outcome.set_assignment_token(assigned.assignment_token());
      outcome.set_metric("accepted");
      outcome.set_value(i % 10 < (assigned.arm_id() == "new" ? treatment : control) ? 1 : 0);
      *outcome.mutable_event_time() = rpc::ToProto(absl::Now());
    }
    const auto response = Ask<experiment_v1::RecordOutcomesResponse>(&Stub::RecordOutcomes, record);
    for (const auto& result : response.results()) {
      ASSERT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.message();
    }
  }

  std::vector<std::string> Arguments(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "experiment");
    arguments.insert(arguments.end(), {"--address", address_});
    return arguments;
  }
  CommandResult Experiment(const std::vector<std::string>& arguments) {
    return RunFlywheel(Arguments(arguments));
  }

  // `flywheel experiment watch exp`, whose output goes to watch_log_.
  ChildProcess Watch(std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"watch", "exp"});
    auto child =
        ChildProcess::Start({BinDir() + "/flywheel", Arguments(std::move(flags)), {}, watch_log_});
    EXPECT_OK(child);
    return *std::move(child);
  }
  bool Shows(const std::string& text) {
    return Eventually([&] { return ReadAll(watch_log_).find(text) != std::string::npos; });
  }

  // The same on a terminal, until the experiment is stopped: all that it wrote.
  std::string WatchOnTerminal(bool no_colour) {
    // Between fork and exec other threads' locks may be held for ever.
    const std::string binary = BinDir() + "/flywheel";
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
      setenv("TERM", "xterm", 1);
      if (no_colour) {
        setenv("NO_COLOR", "1", 1);
      } else {
        unsetenv("NO_COLOR");
      }
      execl(binary.c_str(), "flywheel", "experiment", "watch", "exp", "--address", address_.c_str(),
            nullptr);
      _exit(127);
    }
    EXPECT_GT(child, 0);
    std::string text;
    char buffer[4'096];
    // Linux ends the reading with an error once nobody has the other end.
    for (ssize_t size; (size = read(terminal, buffer, sizeof(buffer))) > 0;) {
      text.append(buffer, static_cast<size_t>(size));
    }
    int status = 0;
    waitpid(child, &status, 0);
    close(terminal);
    EXPECT_TRUE(WIFEXITED(status));
    exit_code_ = WEXITSTATUS(status);
    return text;
  }

  const std::string watch_log_ = directory_.path() + "/watch";
  std::string address_;
  std::unique_ptr<Stub> stub_;
  int exit_code_ = -1;
};

TEST_F(ExperimentCommandsTest, WatchShowsEachChangeAndEndsWithWhatStands) {
  ChildProcess watch = Watch();
  ASSERT_TRUE(Shows("new: 0 units"));
  Serve(1'000, 4, 7);
  ASSERT_TRUE(Shows("new: 1,000 units, lift +"));
  ASSERT_TRUE(Shows("SHIP (SUPERIOR)"));
  EXPECT_FALSE(watch.Exited().has_value());
  const CommandResult stopped = Experiment({"stop", "exp", "--reason", "promote it"});
  EXPECT_EQ(stopped.ending, "exit code 0") << stopped.output;
  EXPECT_THAT(stopped.output, HasSubstr("experiment 'exp' of agent 'router' stopped at 20"));
  ASSERT_TRUE(watch.WaitForExit(absl::Seconds(60)));
  EXPECT_EQ(*watch.Exited(), "exit code 0") << "SHIP";
  EXPECT_THAT(ReadAll(watch_log_), AllOf(HasSubstr("stopped 20"), HasSubstr(": promote it\n"),
                                         Not(HasSubstr("\x1b[")), Not(HasSubstr("STANDS"))));
  EXPECT_THAT(Experiment({"stop", "exp", "--reason", "promote it"}).output,
              HasSubstr("was stopped for this reason already"));
  EXPECT_EQ(Experiment({"stop", "exp", "--reason", "another"}).ending, "exit code 1");
}

TEST_F(ExperimentCommandsTest, WatchSaysByItsExitCodeThatAVersionHarms) {
  Serve(1'000, 7, 4);
  EXPECT_EQ(Experiment({"stop", "exp", "--reason", "harm"}).ending, "exit code 0");
  const CommandResult watched = Experiment({"watch", "exp", "--json"});
  EXPECT_EQ(watched.ending, "exit code 4") << watched.output;
  const auto analysis = nlohmann::json::parse(watched.output, nullptr, false);
  ASSERT_TRUE(analysis.is_object()) << "one line, which is JSON alone: " << watched.output;
  EXPECT_EQ(analysis["comparisons"][0]["recommendation"], "RECOMMENDATION_ROLLBACK");
}

TEST_F(ExperimentCommandsTest, WatchEndsInOrderWhenItIsInterrupted) {
  ChildProcess watch = Watch();
  ASSERT_TRUE(Shows("new: 0 units"));
  ASSERT_EQ(kill(watch.pid(), SIGINT), 0);
  ASSERT_TRUE(watch.WaitForExit(absl::Seconds(60)));
  EXPECT_EQ(*watch.Exited(), "exit code 5") << "CONTINUE stands";
  EXPECT_THAT(ReadAll(watch_log_), HasSubstr("interrupted: the experiment goes on\n"));
}

TEST_F(ExperimentCommandsTest, WatchDrawsBarsOnATerminalAndColoursWhereTheyAreWanted) {
  Serve(1'000, 4, 7);
  EXPECT_EQ(Experiment({"stop", "exp", "--reason", "enough"}).ending, "exit code 0");
  const std::string coloured = WatchOnTerminal(/*no_colour=*/false);
  EXPECT_EQ(exit_code_, 0);
  EXPECT_THAT(coloured, AllOf(HasSubstr("STANDS"), HasSubstr("-10.00 % "), HasSubstr("\x1b[32m")));
  const std::string plain = WatchOnTerminal(/*no_colour=*/true);
  EXPECT_THAT(plain, AllOf(HasSubstr("STANDS"), HasSubstr("SHIP"), Not(HasSubstr("\x1b["))));
}

TEST_F(ExperimentCommandsTest, ShowListsAndSaysWhatWasDecided) {
  EXPECT_THAT(Experiment({"decisions", "exp"}).output, HasSubstr("nothing was decided yet"));
  EXPECT_THAT(Experiment({"agents"}).output,
              AllOf(HasSubstr("router  v1"), HasSubstr("ada"), HasSubstr("v2 CONTINUE")));
  Serve(1'000, 4, 7);
  const CommandResult shown = Experiment({"show", "exp"});
  EXPECT_EQ(shown.ending, "exit code 0") << "the answer is the table, whatever stands";
  EXPECT_THAT(shown.output,
              AllOf(HasSubstr("experiment 'exp' of agent 'router': RUNNING, "),
                    HasSubstr("control  v1"), HasSubstr("new (v2): SHIP (SUPERIOR) since 20")));
  EXPECT_THAT(Experiment({"show", "exp", "--json"}).output,
              HasSubstr(R"("recommendation":"RECOMMENDATION_SHIP")"));
  EXPECT_THAT(Experiment({"decisions", "exp"}).output,
              AllOf(HasSubstr("SHIP"), HasSubstr("SUPERIOR"), HasSubstr("1,000")));
  EXPECT_THAT(Experiment({"decisions", "exp", "--json"}).output, HasSubstr(R"("analysis_hash":)"));
  EXPECT_THAT(Experiment({"agents"}).output, HasSubstr("v2 SHIP"));
  EXPECT_THAT(Experiment({"agents", "--json"}).output,
              HasSubstr(R"("running_experiment":{"experiment_id":"exp")"));
  EXPECT_THAT(Experiment({"list"}).output,
              AllOf(HasSubstr("exp"), HasSubstr("RUNNING"), HasSubstr("v1, v2")));
  EXPECT_EQ(Experiment({"list", "--state", "stopped"}).output, "nothing matches\n");
  EXPECT_EQ(Experiment({"list", "--agent", "other"}).output, "nothing matches\n");
}

TEST_F(ExperimentCommandsTest, SayWhatIsWrong) {
  for (const char* command : {"watch", "show", "decisions"}) {
    const CommandResult unknown = Experiment({command, "other"});
    EXPECT_EQ(unknown.ending, "exit code 1") << command;
    EXPECT_THAT(unknown.output, HasSubstr("error: experiment 'other'")) << command;
    EXPECT_EQ(RunFlywheel({"experiment", command}).output,
              fmt::format("error: EXPERIMENT is required. 'flywheel experiment {} --help' says "
                          "more.\n",
                          command));
  }
  const CommandResult reach = Experiment({"watch", "exp", "--reach", "10%"});
  EXPECT_EQ(reach.ending, "exit code 2");
  EXPECT_THAT(reach.output, HasSubstr("a share such as 0.1 for 10 %"));
  EXPECT_EQ(Experiment({"stop", "exp"}).ending, "exit code 2") << "without a reason";
  EXPECT_EQ(RunFlywheel({"experiment", "watch", "exp", "--address", "127.0.0.1:1"}).ending,
            "exit code 3");
}

}  // namespace
}  // namespace flywheel::cli
