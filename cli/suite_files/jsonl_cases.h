// Reader of our own files of cases: JSON lines.
#ifndef FLYWHEEL_CLI_SUITE_FILES_JSONL_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_JSONL_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

// One case a line, as docs/reference/suite-files.md says. `name` is the file's. All faulty lines
// are faults of the result.
SuiteFile ReadJsonlCases(const std::string& text, const std::string& name);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_JSONL_CASES_H_
