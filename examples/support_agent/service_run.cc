#include "examples/support_agent/service_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "examples/support_agent/local_wheel.h"
#include "shared/rpc/server.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

// Ctrl-C at any moment: the services stop orderly, then the program ends, with the shell's exit
// code of an interrupted program unless the wheel had turned to its end.
class StopWatcher {
 public:
  // `services` may be null.
  explicit StopWatcher(std::shared_ptr<LocalWheel> services) {
    std::thread([this, services = std::move(services)] {
      rpc::WaitForSignal();
      stopping_ = true;
      fmt::print("\nStopping ...\n");
      std::fflush(stdout);
      if (services != nullptr) services->Stop();
      std::_Exit(turned_ ? 0 : kInterrupted);
    }).detach();
  }

  [[noreturn]] void WaitForSignal() {
    turned_ = true;
    WaitForEnd();
  }

  // A call that failed because the services stop is no failure of the wheel.
  void WaitForEndIfStopping() {
    if (stopping_) WaitForEnd();
  }

 private:
  static constexpr int kInterrupted = 130;

  [[noreturn]] static void WaitForEnd() {
    while (true) pause();
  }

  std::atomic<bool> turned_ = false;
  std::atomic<bool> stopping_ = false;
};

absl::StatusOr<std::shared_ptr<LocalWheel>> StartServices(const RunOptions& options) {
  fmt::print("Starting the four services, data in {} ...\n", options.work_dir);
  std::fflush(stdout);
  ASSIGN_OR_RETURN(std::shared_ptr<LocalWheel> local,
                   LocalWheel::Start(options.work_dir, options.port_base));
  const ServiceAddresses& at = local->addresses();
  fmt::print("  ingest       {}\n  curation     {}\n  eval gate    {}\n  experiment   {}\n",
             at.ingest, at.curation, at.eval_gate, at.experiment);
  std::fflush(stdout);
  return local;
}

// What could only fail after minutes otherwise.
absl::Status CheckPlaces(const RunOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.work_dir, error);
  if (error) {
    return errors::InvalidConfiguration("--work-dir",
                                        fmt::format("'{}' ({})", options.work_dir, error.message()),
                                        "a directory that this user may write");
  }
  if (!std::filesystem::is_empty(options.work_dir, error)) {
    return errors::InvalidConfiguration(
        "--work-dir", fmt::format("'{}', which is not empty", options.work_dir),
        "a new directory: what an earlier run left there would be in the way");
  }
  // It is written in the end; what an earlier run wrote stays until then.
  if (!options.report.empty() && !std::ofstream(options.report, std::ios::app)) {
    return errors::InvalidConfiguration(
        "--report", fmt::format("'{}', which cannot be written", options.report),
        "a path that this user may write");
  }
  return absl::OkStatus();
}

// The command that shows what this run's services hold, as the user's shell would find it.
std::string StatusCommand(const RunOptions& options) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  auto command = std::filesystem::proximate(self.parent_path() / "flywheel", error);
  // Up through directories that have nothing to do with it, nobody finds it.
  if (*command.begin() == "..") command = self.parent_path() / "flywheel";
  const std::string base =
      options.port_base == 0 ? "" : fmt::format(" --port-base {}", options.port_base);
  return command.string() + " status" + base;
}

}  // namespace

absl::Status RunWithServices(const RunOptions& options, const std::string& data, size_t least,
                             const TurnWheel& turn) {
  ASSIGN_OR_RETURN(std::vector<Query> train, LoadQueries(data + "/train.csv", least));
  ASSIGN_OR_RETURN(const std::vector<Query> test, LoadQueries(data + "/test.csv"));
  RETURN_IF_ERROR(CheckPlaces(options));
  std::shared_ptr<LocalWheel> local;
  if (!options.connect) {
    ASSIGN_OR_RETURN(local, StartServices(options));
  }
  // Lives as long as the process, like its thread.
  StopWatcher& watcher = *new StopWatcher(local);
  const auto run = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::unique_ptr<Services> services,
                     Connect(local == nullptr ? *options.connect : local->addresses()));
    ASSIGN_OR_RETURN(const WheelReport report, turn(*services, std::move(train), test));
    return options.report.empty() ? absl::OkStatus() : WriteJson(report, options.report);
  };
  absl::Status status = run();
  watcher.WaitForEndIfStopping();
  if (status.ok() && !options.once && local != nullptr) {
    fmt::print("\nThe services stay up: try `{}`. Ctrl-C stops them.\n", StatusCommand(options));
    std::fflush(stdout);
    watcher.WaitForSignal();
  }
  if (local != nullptr) local->Stop();
  return status;
}

absl::Status TurnRevolutions(int revolutions,
                             const std::function<absl::StatusOr<RevolutionReport>(int)>& turn,
                             WheelReport& report) {
  double accuracy = report.first_accuracy;
  for (int number = 1; number <= revolutions; ++number) {
    ASSIGN_OR_RETURN(RevolutionReport revolution, turn(number));
    EndProgress();
    PrintRevolution(revolution, accuracy);
    accuracy = revolution.accuracy;
    report.revolutions.push_back(std::move(revolution));
  }
  return absl::OkStatus();
}

// The live line of a terminal; elsewhere nothing, because the report's blocks are progress enough.
void ShowProgress(const std::string& text) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\033[K  ... %s", text.c_str());
  std::fflush(stderr);
}

void EndProgress() {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return 0;
  EndProgress();
  std::fprintf(stderr, "error: %s\n", errors::MessageOf(status).c_str());
  return errors::ReasonOf(status) == Reason::kInvalidConfiguration ? 2 : 1;
}

}  // namespace flywheel::example
