#include "cli/gate_run/report_output.h"

#include <fcntl.h>

#include "cli/command.h"
#include "cli/gate_run/junit.h"
#include "cli/gate_run/markdown.h"
#include "cli/gate_run/report_json.h"
#include "cli/gate_run/verdict_screen.h"
#include "shared/files/files.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

void AddReportFlags(CLI::App& command, ReportFlags& flags) {
  command.add_flag("--json", flags.json,
                   "print the report as one line of JSON, which docs/reference has a schema of");
  command.add_option("--junit", flags.junit_file,
                     "write it to this file as JUnit's XML too: a testcase fails where the gate\n"
                     "says no by it");
  command.add_option("--markdown", flags.markdown_file,
                     "append it to this file as Markdown too, such as \"$GITHUB_STEP_SUMMARY\"");
  command.add_flag("--ideal", flags.ideal,
                   "show of the cases what would be right, and evaluators' reasons, in all forms;\n"
                   "with keys, takes one of role operator");
}

absl::Status WriteReport(const GateReport& report, const ReportFlags& flags) {
  const auto write = [](const std::string& path, int mode, const std::string& text) {
    if (path.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const File file, File::Open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode));
    return file.Write(text);
  };
  RETURN_IF_ERROR(write(flags.junit_file, O_TRUNC, JunitXml(report)));
  RETURN_IF_ERROR(write(flags.markdown_file, O_APPEND, MarkdownText(report)));
  RETURN_IF_ERROR(WriteOutput(flags.json ? ReportJson(report) + "\n" : VerdictScreen(report)));
  return FlushOutput();
}

}  // namespace flywheel::cli
