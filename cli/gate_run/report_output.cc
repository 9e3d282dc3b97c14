#include "cli/gate_run/report_output.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <fstream>
#include <string>

#include "cli/command.h"
#include "cli/gate_run/junit.h"
#include "cli/gate_run/markdown.h"
#include "cli/gate_run/report_json.h"
#include "cli/gate_run/verdict_screen.h"
#include "shared/files/files.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

namespace {

// Before anything is asked: an answer that was paid for is not to be lost to a typing error.
std::string MayBeWritten(const std::string& path) {
  if (std::ofstream(path, std::ios::app)) return "";
  return fmt::format("got '{}', which cannot be written; want a file in a directory that is there",
                     path);
}

}  // namespace

void AddReportFlags(CLI::App& command, ReportFlags& flags) {
  command.add_flag("--json", flags.json,
                   "print the report as one line of JSON, which docs/reference has a schema of");
  command
      .add_option("--junit", flags.junit_file,
                  "write it to this file as JUnit's XML too: a testcase fails where the gate\n"
                  "says no by it")
      ->check(MayBeWritten, "");
  command
      .add_option("--markdown", flags.markdown_file,
                  "append it to this file as Markdown too, such as \"$GITHUB_STEP_SUMMARY\"")
      ->check(MayBeWritten, "");
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
  // Whatever becomes of the files, the answer is told.
  RETURN_IF_ERROR(WriteOutput(flags.json ? ReportJson(report) + "\n" : VerdictScreen(report)));
  RETURN_IF_ERROR(FlushOutput());
  RETURN_IF_ERROR(write(flags.junit_file, O_TRUNC, JunitXml(report)));
  return write(flags.markdown_file, O_APPEND, MarkdownText(report));
}

}  // namespace flywheel::cli
