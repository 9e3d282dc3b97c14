// Reader of DeepEval's datasets.
#ifndef FLYWHEEL_CLI_SUITE_FILES_DEEPEVAL_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_DEEPEVAL_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

// Goldens as EvaluationDataset.save_as writes them: JSON, JSON lines or CSV. Expected tools are
// looked for by their names alone, as the metric ToolCorrectness does by default. What an agent
// answered once, conversations that a model plays, and goldens that expect nothing, unless they are
// to be kept, are left out, and said.
SuiteFile ReadDeepEvalCases(const std::string& text, const std::string& name,
                            bool keep_unjudged = false);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_DEEPEVAL_CASES_H_
