// Reader of Inspect's datasets.
#ifndef FLYWHEEL_CLI_SUITE_FILES_INSPECT_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_INSPECT_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

// Samples as json_dataset and csv_dataset read them: {"input", "target", "choices", "id",
// "metadata"}. Choices stand below the question, as lines "A) ...". A target of several texts is
// right with each of them. Samples that need files or a sandbox, and those without a target unless
// they are to be kept, are left out, and said.
SuiteFile ReadInspectCases(const std::string& text, const std::string& name,
                           bool keep_unjudged = false);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_INSPECT_CASES_H_
