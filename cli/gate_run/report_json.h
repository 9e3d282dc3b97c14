// The report for programs.
#ifndef FLYWHEEL_CLI_GATE_RUN_REPORT_JSON_H_
#define FLYWHEEL_CLI_GATE_RUN_REPORT_JSON_H_

#include <string>

#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

// One line without its end, as docs/reference/gate-report.schema.json describes it.
std::string ReportJson(const GateReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_REPORT_JSON_H_
