// The report as Markdown, for the summary of a job or a comment on a change.
#ifndef FLYWHEEL_CLI_GATE_RUN_MARKDOWN_H_
#define FLYWHEEL_CLI_GATE_RUN_MARKDOWN_H_

#include <string>
#include <string_view>

#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

// The decision, of each suite its cohorts (at most 30), and the first cases that regressed and
// improved, with texts of at most 300 bytes: far below the mebibyte that a summary of GitHub may
// have.
std::string MarkdownText(const GateReport& report);

// `text` for a cell of a table, on one line: nothing in it is HTML, a link, an image, a name that
// is notified, or the end of the cell.
std::string MarkdownCell(std::string_view text, size_t most_bytes);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_MARKDOWN_H_
