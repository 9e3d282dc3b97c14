// Reader of rows of whatever form, by templates that say what is asked and what would be right.
#ifndef FLYWHEEL_CLI_SUITE_FILES_TEMPLATE_CASES_H_
#define FLYWHEEL_CLI_SUITE_FILES_TEMPLATE_CASES_H_

#include <string>

#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

struct CaseTemplates {
  // Such as "{{item.question}}", or messages in OpenAI's form, as JSON.
  std::string ask;
  // Such as "{{item.answer}}"; empty: the rows do not say what would be right.
  std::string ideal;
};

// A case a row (JSON lines, a JSON array, CSV), whose members the templates put in: as the data of
// OpenAI's hosted evals, {"item": {...}}, are meant to be read. Texts and numbers of a row, and of
// its "item", become labels.
SuiteFile ReadTemplateCases(const std::string& text, const std::string& name,
                            const CaseTemplates& templates);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_TEMPLATE_CASES_H_
