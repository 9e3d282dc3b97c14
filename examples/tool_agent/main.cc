#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/service_run.h"
#include "examples/support_agent/services.h"
#include "examples/tool_agent/tool_wheel.h"
#include "shared/rpc/server.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

// With fewer, no suite has enough cases to judge by.
constexpr size_t kLeastQueries = 300;

struct Options {
  std::string data;
  RunOptions run;
  int revolutions = 4;
  uint64_t seed = 1;
};

absl::StatusOr<WheelReport> TurnTheWheel(const Services& services, const Options& options,
                                         std::vector<Query> train, const std::vector<Query>& test) {
  const absl::Time start = absl::Now();
  const Traffic traffic = MakeTraffic(std::move(train), options.revolutions, options.seed);
  WheelReport report;
  for (const auto& slice : traffic.slices) report.queries += static_cast<int64_t>(slice.size());
  report.test_queries = static_cast<int64_t>(test.size());
  report.seeds = static_cast<int64_t>(traffic.seeds.size());
  report.customers = traffic.customers;

  ToolWheelOptions wheel_options;
  wheel_options.release.evaluator = "tool_calls";
  // Some say thanks, some give a thumb, and each answer has one of the two at most.
  wheel_options.release.praise = {experiment::v1::SIGNAL_KIND_ACCEPTED,
                                  experiment::v1::SIGNAL_KIND_THUMBS_UP};
  wheel_options.progress = ShowProgress;
  ToolWheel wheel(&services, &traffic, &test, options.run.work_dir, std::move(wheel_options));
  RETURN_IF_ERROR(wheel.Begin());
  EndProgress();
  report.first_accuracy = wheel.accuracy();
  PrintStart(report);
  RETURN_IF_ERROR(TurnRevolutions(
      options.revolutions, [&](int number) { return wheel.Turn(number); }, report));
  report.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  PrintEnd(report);
  return report;
}

absl::Status Run(const Options& options) {
  return RunWithServices(
      options.run, options.data, kLeastQueries,
      [&](const Services& services, std::vector<Query> train, const std::vector<Query>& test) {
        return TurnTheWheel(services, options, std::move(train), test);
      });
}

}  // namespace
}  // namespace flywheel::example

int main(int argc, char** argv) {
  flywheel::example::Options options;
  CLI::App app(
      "Turns the flywheel for an agent that calls tools: a bank's agent serves sessions of one or\n"
      "two turns, learns which tool to call from what customers took and staff corrected, and "
      "gets\n"
      "better. Accuracy is the share of turns with the right tool and arguments.\n"
      "Example: tool-agent --data examples/support_agent/sample --work-dir build/tools --once\n"
      "Exit codes: 0 done, 1 failed, 2 usage.");
  app.add_option(
         "--data", options.data,
         "directory with train.csv and test.csv (text,category), of the sample's categories")
      ->required();
  app.add_option("--work-dir", options.run.work_dir,
                 "where services and models keep their files; must be new or empty")
      ->required();
  app.add_option("--report", options.run.report, "write the report as JSON to this file");
  app.add_option("--revolutions", options.revolutions, "turns of the wheel")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of who asks what in which order");
  app.add_option(
         "--port-base", options.run.port_base,
         "the services listen at this port and the next three; default 4317 and 7402 to 7404")
      ->check(CLI::Range(1024, 65528));
  app.add_flag("--once", options.run.once, "exit after the last revolution");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  flywheel::rpc::BlockSignals();
  return flywheel::example::ExitCodeOf(flywheel::example::Run(options));
}
