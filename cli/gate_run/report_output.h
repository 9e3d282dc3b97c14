// Where a report goes: the screen, and files for CI systems.
#ifndef FLYWHEEL_CLI_GATE_RUN_REPORT_OUTPUT_H_
#define FLYWHEEL_CLI_GATE_RUN_REPORT_OUTPUT_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

struct ReportFlags {
  bool json = false;
  bool ideal = false;
  // Empty: none.
  std::string junit_file, markdown_file;
};

// Adds --json, --junit, --markdown and --ideal.
void AddReportFlags(CLI::App& command, ReportFlags& flags);

// Writes the files, then the report to standard output.
absl::Status WriteReport(const GateReport& report, const ReportFlags& flags);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_REPORT_OUTPUT_H_
