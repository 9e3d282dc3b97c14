// Reader of promptfoo's configurations.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

struct PromptfooOptions {
  // Which of several prompts is asked: its place from 1, or its label.
  std::string prompt = {};
  // Also tests of which no assertion is left: something else judges them.
  bool keep_unjudged = false;
};

// A case a test, and several where a variable has a list of values: what the prompt asks with the
// test's variables, checked by its assertions and the default test's. Of several prompts one
// has to be chosen. Files that the
// configuration names are read beside `path`. What the gate cannot do is left out, and said.
SuiteFile ReadPromptfooCases(const std::string& text, const std::string& path,
                             const PromptfooOptions& options);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CASES_H_
