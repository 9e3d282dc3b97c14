// Ctrl-C and SIGTERM, for a command that wants to end in order.
#ifndef FLYWHEEL_CLI_GATE_RUN_STOP_SIGNAL_H_
#define FLYWHEEL_CLI_GATE_RUN_STOP_SIGNAL_H_

#include "absl/time/time.h"

namespace flywheel::cli {

// Takes SIGINT, SIGTERM and SIGHUP from the first call of Install on. A second one ends the program
// at once, as it would without this. All calls are thread-safe.
class StopSignal {
 public:
  static void Install();

  // Whether one came.
  static bool Stopped();

  // Readable once one came, for poll(2); -1 before Install.
  static int fd();

  // Waits so long; false where a signal came before the end.
  static bool Wait(absl::Duration timeout);
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_STOP_SIGNAL_H_
