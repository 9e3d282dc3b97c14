// Child process: starts a program, watches it, and ends it.
#ifndef FLYWHEEL_CLI_CHILD_PROCESS_H_
#define FLYWHEEL_CLI_CHILD_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::cli {

// What to start.
struct ChildOptions {
  std::string binary;
  std::vector<std::string> arguments;
  // Environment variables of this process that the child does not get, by name.
  std::vector<std::string> hidden_variables;
  // Receives standard output and standard error, appended. Standard input is empty.
  std::string log_file;
  // Descriptors in the place of these three, where all are set; they stay the caller's.
  struct Pipes {
    int input = -1;
    int output = -1;
    int error = -1;
  };
  std::optional<Pipes> pipes = std::nullopt;
};

// A running child. It is in a process group of its own, so that Ctrl-C in the terminal reaches the
// parent alone, and gets SIGTERM from the kernel when the parent dies without stopping it. Safe to
// start where gRPC already runs threads: nothing but async-signal-safe calls is made between fork
// and exec. Not thread-safe. Movable.
class ChildProcess {
 public:
  // INVALID_CONFIGURATION where the binary or the log file cannot be used.
  static absl::StatusOr<ChildProcess> Start(const ChildOptions& options);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  // Kills what still runs.
  ~ChildProcess() { Kill(); }

  pid_t pid() const { return pid_; }

  // How it ended, such as "exit code 2" or "signal 9 (Killed)"; nothing while it runs.
  std::optional<std::string> Exited();

  // Waits until it has ended, at most for `timeout`. False where it still runs.
  bool WaitForExit(absl::Duration timeout);

  // SIGTERM, where it still runs.
  void Terminate();

  // SIGKILL, where it still runs, and waits until it is gone.
  void Kill();

  // The same for what it started too, as far as that stayed in its process group.
  void KillGroup();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  void Signal(int signal);

  pid_t pid_ = -1;
  // Set once the process was reaped; from then on pid_ may belong to somebody else.
  std::optional<std::string> exited_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_CHILD_PROCESS_H_
