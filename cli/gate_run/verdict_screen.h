// The report for whoever looks at a terminal or at the log of a job.
#ifndef FLYWHEEL_CLI_GATE_RUN_VERDICT_SCREEN_H_
#define FLYWHEEL_CLI_GATE_RUN_VERDICT_SCREEN_H_

#include <string>

#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

// One screen: the decision, and of each suite where the version stands, its cohorts, and the first
// cases that regressed and improved. Texts are shortened, and nothing in them acts on a terminal.
std::string VerdictScreen(const GateReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_VERDICT_SCREEN_H_
