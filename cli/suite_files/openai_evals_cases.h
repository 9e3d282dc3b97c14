// Reader of samples of OpenAI's evals.
#ifndef FLYWHEEL_CLI_SUITE_FILES_OPENAI_EVALS_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_OPENAI_EVALS_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

// A sample {"input", "ideal"} a line. They do not say how they are judged: `eval_class` does, by
// the name of a class of evals.elsuite.basic, "Match", "Includes", "FuzzyMatch" or "JsonMatch".
// Other members of a sample are left out, and said; so are samples without an
// ideal, unless they are to be kept.
SuiteFile ReadOpenAiEvalsCases(const std::string& text, const std::string& name,
                               const std::string& eval_class, bool keep_unjudged = false);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_OPENAI_EVALS_CASES_H_
