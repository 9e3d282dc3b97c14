#include <fmt/format.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include "absl/time/clock.h"
#include "cli/command.h"
#include "cli/local_services.h"
#include "cli/table.h"
#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Seconds(1);
constexpr absl::Duration kMaxBackoff = absl::Seconds(30);
// A service that ran for so long begins with the first backoff again.
constexpr absl::Duration kStableAfter = absl::Minutes(1);
constexpr absl::Duration kIdle = absl::Hours(1);

void Say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

// The signals that end the command, and the one that says that a child has ended. They stay blocked
// in every thread, and are taken one by one.
class Signals {
 public:
  // Before any thread starts.
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  // Whether one that ends the command waits to be taken.
  static bool StopPending() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 ||
           sigismember(&pending, SIGHUP) == 1;
  }

  // Waits for a signal, at most for `timeout`. True where it ends the command.
  bool WaitForStop(absl::Duration timeout) const {
    const timespec limit = absl::ToTimespec(std::max(timeout, absl::ZeroDuration()));
    const int signal = sigtimedwait(&set_, nullptr, &limit);
    return signal > 0 && signal != SIGCHLD;
  }

 private:
  sigset_t set_;
};

// Brings a service back that ended, later and later while it keeps ending.
class Supervisor {
 public:
  explicit Supervisor(LocalServices& services) : services_(services) {
    for (const Service service : services.services()) states_[service].start_time = absl::Now();
  }

  // Looks at every service once. Returns how long nothing will have to be done unless a child ends.
  absl::Duration Check() {
    absl::Time next = absl::Now() + kIdle;
    for (auto& [service, state] : states_) {
      if (!state.restart_time) {
        const auto ending = services_.Exited(service);
        if (!ending) continue;
        Schedule(service, state, *ending);
      }
      if (absl::Now() >= *state.restart_time) Restart(service, state);
      if (state.restart_time) next = std::min(next, *state.restart_time);
    }
    return next - absl::Now();
  }

 private:
  struct State {
    absl::Time start_time;
    absl::Duration backoff = kFirstBackoff;
    // Set while the service is down.
    std::optional<absl::Time> restart_time;
  };

  void Schedule(Service service, State& state, const std::string& ending) {
    if (absl::Now() - state.start_time >= kStableAfter) state.backoff = kFirstBackoff;
    Say(fmt::format("{} ended ({}); starting it again in {} s", ServiceName(service), ending,
                    absl::ToInt64Seconds(state.backoff)));
    state.restart_time = absl::Now() + state.backoff;
    state.backoff = std::min(2 * state.backoff, kMaxBackoff);
  }

  void Restart(Service service, State& state) {
    state.restart_time.reset();
    state.start_time = absl::Now();
    // It says "serving" itself. One that ended again is met as such by the next look.
    const absl::Status status = services_.Restart(service);
    if (status.ok() || Signals::StopPending()) return;
    services_.Kill(service);
    Schedule(service, state, errors::MessageOf(status));
  }

  LocalServices& services_;
  std::map<Service, State> states_;
};

struct UpFlags {
  LocalServicesOptions options;
  bool no_metrics = false;
};

void PrintPlaces(const LocalServices& services, int port_base) {
  Table table({{"SERVICE"}, {"ADDRESS"}, {"METRICS"}, {"DATA"}, {"STATE"}});
  for (const Service service : services.services()) {
    const LocalService& place = services.at(service);
    const std::string metrics =
        place.metrics_address.empty() ? "-" : "http://" + place.metrics_address + "/metrics";
    table.AddRow(
        {std::string(ServiceName(service)), place.address, metrics, place.data_dir, "serving"});
  }
  const std::string& otlp = services.at(Service::kIngest).otlp_http_address;
  const std::string base = port_base == 0 ? "" : fmt::format(" --port-base {}", port_base);
  Say(fmt::format(
      "\n{}\nOpenTelemetry: OTLP over gRPC at ingest's address, over HTTP at http://{}.\n"
      "Logs are beside the data. Ctrl-C stops all; 'flywheel status{}' shows what they hold.",
      table.Format(), otlp, base));
}

int RunUp(const UpFlags& flags) {
  // Whoever sets it believes that keys are asked for.
  if (std::getenv("FLYWHEEL_API_KEYS_FILE") != nullptr) {
    return Fail(errors::InvalidConfiguration(
        "FLYWHEEL_API_KEYS_FILE", "a value",
        "none: 'flywheel up' serves without keys, on this machine alone; services with keys are "
        "started one by one, with --api-keys-file"));
  }
  const Signals signals;
  LocalServicesOptions options = flags.options;
  options.metrics = !flags.no_metrics;
  options.cancelled = Signals::StopPending;
  options.on_progress = [](Service service, std::string_view step) {
    Say(fmt::format("{:<10}  {}", ServiceName(service), step));
  };
  auto services = LocalServices::Start(options);
  if (!services.ok()) {
    if (absl::IsCancelled(services.status())) return kExitOk;
    return Fail(services.status());
  }
  PrintPlaces(**services, options.port_base);
  Supervisor supervisor(**services);
  while (!signals.WaitForStop(supervisor.Check())) {
  }
  Say("stopping");
  (*services)->Stop();
  Say("stopped");
  return kExitOk;
}

}  // namespace

void AddUpCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "up",
      "Starts the four services on this machine, on loopback and without keys, and stays until\n"
      "Ctrl-C. A service that dies is started again. What it acknowledged is on disk either way.");
  command->footer(std::string("Example: flywheel up --data-dir ~/flywheel\n") + kExitCodesHelp);
  const auto flags = std::make_shared<UpFlags>();
  command
      ->add_option("--data-dir", flags->options.data_dir, "holds a directory and a log a service")
      ->envname("FLYWHEEL_STORE_DIR")
      ->capture_default_str();
  command
      ->add_option("--port-base", flags->options.port_base,
                   "services at N to N+3, metrics at N+4 to N+7, OTLP over HTTP at N+8; default:\n"
                   "4317, 7402 to 7404, 9401 to 9404, and 4318")
      ->check(CLI::Range(kMinPortBase, kMaxPortBase).description(""));
  command->add_option("--bin-dir", flags->options.binary_dir,
                      "where the services' binaries are; default: beside this command");
  command->add_flag("--no-metrics", flags->no_metrics, "serve no Prometheus metrics");
  command->callback([flags, &run] { run = [flags] { return RunUp(*flags); }; });
}

}  // namespace flywheel::cli
