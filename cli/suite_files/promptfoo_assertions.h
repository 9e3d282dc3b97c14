// Assertions of promptfoo as checks of a case.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_ASSERTIONS_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_ASSERTIONS_H_

#include <nlohmann/json.hpp>

#include "cli/suite_files/promptfoo_checks.h"
#include "cli/suite_files/suite_file.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::cli {

// Gives `one` a check for each assertion of the list that an evaluator can judge, and says to
// `file` which are left out, and why. docs/integrate/suites.md has the table. False where one was
// left out that looks at what the answer says.
bool TakeAssertions(const nlohmann::json& list, const AssertionPlace& where,
                    evalgate::v1::UploadedCase& one, SuiteFile& file);

// Whether no check of the case looks at what an answer says: latency and cost alone are left.
bool ChecksFiguresAlone(const evalgate::v1::UploadedCase& one);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_ASSERTIONS_H_
