// The command that shows an experiment as it goes.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "cli/experiment/experiment_client.h"
#include "cli/experiment/experiment_commands.h"
#include "cli/experiment/experiment_words.h"
#include "cli/experiment/watch_lines.h"
#include "cli/gate_run/stop_signal.h"
#include "cli/message_json.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

// Of the bars.
constexpr double kLeastReach = 1e-9;
constexpr double kMostReach = 1e12;

struct WatchFlags {
  ExperimentFlags common;
  std::string experiment_id;
  // 0: by the goal.
  double reach = 0;
};

// How wide the terminal is; 0 where it does not say.
int TerminalColumns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Colours are for a terminal, and not for whoever wants none (https://no-color.org).
WatchStyle StyleOf(const WatchFlags& flags) {
  WatchStyle style;
  style.bars = isatty(STDOUT_FILENO) == 1;
  style.columns = style.bars ? TerminalColumns() : 0;
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  style.colours = style.bars && (no_colour == nullptr || *no_colour == '\0') &&
                  (terminal == nullptr || std::string_view(terminal) != "dumb");
  style.reach = flags.reach;
  return style;
}

absl::StatusOr<experiment_v1::Experiment> GetExperiment(const ExperimentClient& client,
                                                        const std::string& experiment_id) {
  experiment_v1::GetExperimentRequest request;
  request.set_experiment_id(experiment_id);
  ASSIGN_OR_RETURN(experiment_v1::GetExperimentResponse response,
                   client.Call(&ExperimentClient::Stub::GetExperiment, request));
  return std::move(*response.mutable_experiment());
}

// Shows each analysis; returns the last one.
absl::StatusOr<experiment_v1::Analysis> Watch(const WatchFlags& flags,
                                              const ExperimentClient& client) {
  ASSIGN_OR_RETURN(const experiment_v1::Experiment experiment,
                   GetExperiment(client, flags.experiment_id));
  WatchLines lines(experiment, StyleOf(flags));
  experiment_v1::Analysis last;
  RETURN_IF_ERROR(client.WatchAnalysis(
      flags.experiment_id, [&](const experiment_v1::Analysis& analysis) -> absl::Status {
        last = analysis;
        if (flags.common.json) {
          ASSIGN_OR_RETURN(const std::string json, MessageJson(analysis, "an analysis"));
          RETURN_IF_ERROR(WriteOutput(json + '\n'));
        } else {
          RETURN_IF_ERROR(WriteOutput(lines.Of(analysis)));
        }
        return FlushOutput();
      }));
  if (StopSignal::Stopped()) {
    std::fprintf(stderr, "interrupted: the experiment goes on\n");
    return last;
  }
  if (flags.common.json) return last;
  ASSIGN_OR_RETURN(const experiment_v1::Experiment stopped,
                   GetExperiment(client, flags.experiment_id));
  RETURN_IF_ERROR(
      WriteOutput(fmt::format("stopped {}: {}\n", SecondsText(rpc::FromProto(stopped.stop_time())),
                              Printable(stopped.stop_reason()))));
  RETURN_IF_ERROR(FlushOutput());
  return last;
}

int RunWatch(const WatchFlags& flags) {
  StopSignal::Install();
  const std::string& address = flags.common.target.address;
  const auto client = ExperimentClient::Open(flags.common.target, flags.common.project);
  if (!client.ok()) return Fail(client.status(), address);
  const auto last = Watch(flags, *client);
  return last.ok() ? ExitCodeOf(*last) : Fail(last.status(), address);
}

}  // namespace

void AddWatchExperimentCommand(CLI::App& experiment, Run& run) {
  CLI::App* const command = experiment.add_subcommand(
      "watch",
      "Shows an experiment as it goes, until it is stopped or Ctrl-C: a line whenever something\n"
      "changes, at most one a second a treatment, with the units that count for the primary\n"
      "metric (of treatment and control), the lift, the interval that all looks leave of it, and\n"
      "what stands. On a terminal the interval is a bar on one scale: '=' the interval, 'o' the\n"
      "lift, '|' 0, ':' the goal; on one below 160 columns two lines a treatment. However often\n"
      "you look, the answer is right.\n"
      "The exit code is what stands at the end, also after Ctrl-C.");
  command->footer(std::string("Example: flywheel experiment watch router-v2\n"
                              "         timeout 1h flywheel experiment watch router-v2 --json\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<WatchFlags>();
  AddExperimentName(*command, flags->experiment_id);
  command
      ->add_option("--reach", flags->reach,
                   "how far the bars reach to both sides of 0, as a share (0.1 is 10 %), or for\n"
                   "an absolute metric in its unit; default: five times the goal")
      ->type_name("LIFT")
      ->check(CLI::Validator(
          [](const std::string& text) {
            double reach = 0;
            const bool is_number = absl::SimpleAtod(text, &reach);
            if (is_number && reach >= kLeastReach && reach <= kMostReach) return std::string();
            return fmt::format(
                "'{}' is no reach, want a number above 0: a share such as 0.1 for 10 %, or of an "
                "absolute metric a number in its unit",
                text);
          },
          ""));
  AddExperimentFlags(*command, "print an Analysis a line, as JSON", flags->common);
  command->callback([flags, &run] { run = [flags] { return RunWatch(*flags); }; });
}

}  // namespace flywheel::cli
