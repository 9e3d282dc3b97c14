// Run of an example: starts the four services, lets it turn the wheel, and ends orderly.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICE_RUN_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICE_RUN_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

struct RunOptions {
  // Where services and models keep their files; new or empty.
  std::string work_dir;
  // Where the report will be written; may be empty.
  std::string report;
  // The first of four ports; 0 means the default ones.
  int port_base = 0;
  // Do not stay up until Ctrl-C when the wheel has turned.
  bool once = false;
  // Services that run already, in place of own ones.
  std::optional<ServiceAddresses> connect;
};

// Turns a wheel with the queries of train.csv, measuring with those of test.csv.
using TurnWheel = std::function<absl::StatusOr<WheelReport>(
    const Services&, std::vector<Query> train, const std::vector<Query>& test)>;

// Reads the queries of a directory, calls `turn` with the services, and writes its report. Ctrl-C
// at any moment stops them orderly and ends the program. INVALID_CONFIGURATION before anything is
// started where there are fewer than `least` to train on, or a place cannot be written.
absl::Status RunWithServices(const RunOptions& options, const std::string& data, size_t least,
                             const TurnWheel& turn);

// Calls `turn` for each revolution, from 1, and prints and keeps what it did.
absl::Status TurnRevolutions(int revolutions,
                             const std::function<absl::StatusOr<RevolutionReport>(int)>& turn,
                             WheelReport& report);

// The live line of a terminal; elsewhere nothing, because the report's blocks are progress enough.
void ShowProgress(const std::string& text);
void EndProgress();

// Shows what failed; 0 done, 1 failed, 2 usage.
int ExitCodeOf(const absl::Status& status);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_SERVICE_RUN_H_
