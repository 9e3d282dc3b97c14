// Reads a file of cases in any format.
#ifndef FLYWHEEL_CLI_SUITE_FILES_READ_SUITE_FILE_H_
#define FLYWHEEL_CLI_SUITE_FILES_READ_SUITE_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite_files/suite_file.h"
#include "cli/suite_files/template_cases.h"

namespace flywheel::cli {

struct SuiteFileOptions {
  // One of SuiteFileFormats; empty: "promptfoo" for YAML, else "cases".
  std::string format;
  // Of promptfoo: which of several prompts is asked.
  std::string prompt;
  // Of openai-evals: the class that judges the samples.
  std::string eval_class = "Match";
  // Of rows: what is asked, and what would be right.
  CaseTemplates templates;
  // Also tests that say nothing of what would be right: something else judges them.
  bool keep_unjudged = false;
  // A label whose value becomes the cohort of the cases that have it and no cohort; empty: none.
  std::string cohort_label;
};

const std::vector<std::string>& SuiteFileFormats();

// The file's cases, and how they are judged: by the evaluators that the file names, else by those
// that have something to look at in it. INVALID_ARGUMENT where the file cannot be read at all; what
// is wrong with its content are faults of the result.
absl::StatusOr<SuiteFile> ReadSuiteFile(const std::string& path, const SuiteFileOptions& options);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_READ_SUITE_FILE_H_
