#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/service_run.h"
#include "examples/support_agent/services.h"
#include "examples/support_agent/wheel.h"
#include "shared/rpc/server.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

// Of the sessions, kept for judging.
constexpr double kMinEvalShare = 0.08;
constexpr double kMaxEvalShare = 0.2;
// With fewer, the seeds teach nothing and no suite has enough cases to judge by.
constexpr size_t kLeastQueries = 300;
constexpr size_t kSessionsPerRevolution = 4'500;

struct Options {
  std::string data;
  RunOptions run;
  std::string connect;
  ServiceAddresses addresses;
  CustomerOptions customers;
  ReleaseOptions release;
  int revolutions = 0;
  bool unfiltered = false;
};

// Smaller sets turn fewer times.
int DefaultRevolutions(size_t queries) {
  return std::clamp(static_cast<int>(queries / 1'800), 3, 8);
}

// How often each question is asked. An experiment has to exclude a loss of 5 %, and a ramp takes
// its time: with so many sessions a revolution every candidate that is better is through with it
// before the next one is there.
int TimesAsked(size_t queries, int revolutions) {
  return static_cast<int>(std::clamp<size_t>(
      kSessionsPerRevolution * static_cast<size_t>(revolutions) / queries, 1, 8));
}

absl::StatusOr<WheelReport> TurnTheWheel(const Services& services, const Options& options,
                                         std::vector<Query> train, const std::vector<Query>& test) {
  const absl::Time start = absl::Now();
  WheelReport report;
  const int revolutions =
      options.revolutions > 0 ? options.revolutions : DefaultRevolutions(train.size());
  report.times = TimesAsked(train.size(), revolutions);
  const Traffic traffic = MakeTraffic(std::move(train), revolutions, options.customers.seed,
                                      static_cast<int>(report.times));
  const Customers customers(traffic, options.customers);
  for (const auto& slice : traffic.slices) report.queries += static_cast<int64_t>(slice.size());
  report.test_queries = static_cast<int64_t>(test.size());
  report.seeds = static_cast<int64_t>(traffic.seeds.size());
  report.customers = traffic.customers;
  report.hostile_share = options.customers.hostile_share;
  report.noise_share = options.customers.noise_share;

  WheelOptions wheel_options;
  wheel_options.release = options.release;
  // Some 250 cases by the end, where the set is large enough to spare them.
  wheel_options.eval_share =
      std::clamp(250.0 * static_cast<double>(report.times) / static_cast<double>(report.queries),
                 kMinEvalShare, kMaxEvalShare);
  wheel_options.unfiltered = options.unfiltered;
  wheel_options.progress = ShowProgress;
  if (!options.connect.empty()) {
    wheel_options.names.prefix = options.connect + "-";
    wheel_options.names.agent += "-" + options.connect;
  }
  Wheel wheel(&services, &traffic, &customers, &test, options.run.work_dir,
              std::move(wheel_options));
  RETURN_IF_ERROR(wheel.Begin());
  report.first_accuracy = wheel.first_accuracy();
  EndProgress();
  PrintStart(report);
  RETURN_IF_ERROR(TurnRevolutions(
      revolutions, [&](int number) { return wheel.Turn(number); }, report));
  if (report.hostile_share > 0 || report.noise_share > 0) {
    ASSIGN_OR_RETURN(report.unfiltered_accuracy, wheel.MeasureUnfiltered());
    EndProgress();
  }
  report.planted = wheel.planted();
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
      "Turns the flywheel: a support agent serves customers' queries, learns from their reactions\n"
      "through ingest, curation, the evaluation gate and an experiment, and gets better.\n"
      "Example: support-agent --data DIR --hostile 0.2 --once --report report.json\n"
      "Exit codes: 0 done, 1 failed, 2 usage.");
  app.add_option("--data", options.data, "directory with train.csv and test.csv (text,category)")
      ->required();
  app.add_option("--work-dir", options.run.work_dir,
                 "where services and models keep their files; must be new or empty")
      ->required();
  app.add_option("--report", options.run.report, "write the report as JSON to this file");
  app.add_option("--revolutions", options.revolutions,
                 "turns of the wheel; default by size, 3 to 8")
      ->check(CLI::Range(1, 100));
  app.add_option("--hostile", options.customers.hostile_share,
                 "share of customers who always react wrongly")
      ->check(CLI::Range(0.0, 0.9));
  app.add_option("--noise", options.customers.noise_share, "share of all reactions that are wrong")
      ->check(CLI::Range(0.0, 0.9));
  app.add_option("--seed", options.customers.seed, "of all chance: who asks what and reacts how");
  app.add_option(
         "--port-base", options.run.port_base,
         "the services listen at this port and the next three; default 4317 and 7402 to 7404")
      ->check(CLI::Range(1024, 65528));
  app.add_flag("--once", options.run.once, "exit after the last revolution");
  app.add_flag("--unfiltered", options.unfiltered, "no label review, to see what it is worth");
  app.add_option("--connect", options.connect,
                 "use services that run already, and begin every id with this name");
  app.add_option("--ingest-address", options.addresses.ingest, "with --connect")
      ->capture_default_str();
  app.add_option("--curation-address", options.addresses.curation, "with --connect")
      ->capture_default_str();
  app.add_option("--eval-gate-address", options.addresses.eval_gate, "with --connect")
      ->capture_default_str();
  app.add_option("--experiment-address", options.addresses.experiment, "with --connect")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!options.connect.empty()) options.run.connect = options.addresses;
  flywheel::rpc::BlockSignals();
  return flywheel::example::ExitCodeOf(flywheel::example::Run(options));
}
