#include "cli/suite_files/read_suite_file.h"

#include <algorithm>
#include <utility>

#include "cli/suite_files/deepeval_cases.h"
#include "cli/suite_files/inspect_cases.h"
#include "cli/suite_files/jsonl_cases.h"
#include "cli/suite_files/nearby_files.h"
#include "cli/suite_files/openai_evals_cases.h"
#include "cli/suite_files/promptfoo_cases.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::UploadedCase;

std::string FormatOf(const std::string& path, const std::string& given) {
  if (!given.empty()) return given;
  const bool yaml = NearbyFiles::EndsIn(path, ".yaml") || NearbyFiles::EndsIn(path, ".yml");
  return yaml ? "promptfoo" : "cases";
}

SuiteFile ReadText(const std::string& text, const std::string& path,
                   const SuiteFileOptions& options) {
  const std::string format = FormatOf(path, options.format);
  if (format == "promptfoo")
    return ReadPromptfooCases(text, path, {options.prompt, options.keep_unjudged});
  if (format == "openai-evals")
    return ReadOpenAiEvalsCases(text, path, options.eval_class, options.keep_unjudged);
  if (format == "deepeval") return ReadDeepEvalCases(text, path, options.keep_unjudged);
  if (format == "inspect") return ReadInspectCases(text, path, options.keep_unjudged);
  if (format == "rows") return ReadTemplateCases(text, path, options.templates);
  return ReadJsonlCases(text, path);
}

// Those of which any case has something to look at.
void ChooseEvaluators(SuiteFile& file) {
  const auto any = [&](auto has) { return std::any_of(file.cases.begin(), file.cases.end(), has); };
  if (any([](const UploadedCase& one) { return !one.ideal_outputs().empty(); })) {
    file.evaluators.emplace_back().set_kind("normalised");
  }
  if (any([](const UploadedCase& one) { return one.has_expected_tool_calls(); })) {
    file.evaluators.emplace_back().set_kind("tool_calls");
  }
  if (any([](const UploadedCase& one) { return !one.checks().empty(); })) {
    file.evaluators.emplace_back().set_kind("checks");
  }
}

}  // namespace

const std::vector<std::string>& SuiteFileFormats() {
  static const auto& formats = *new std::vector<std::string>{
      "cases", "promptfoo", "openai-evals", "deepeval", "inspect", "rows"};
  return formats;
}

absl::StatusOr<SuiteFile> ReadSuiteFile(const std::string& path, const SuiteFileOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, NearbyFiles::Text(path));
  SuiteFile file = ReadText(text, path, options);
  if (file.evaluators.empty()) ChooseEvaluators(file);
  for (UploadedCase& one : file.cases) {
    const auto label = one.labels().find(options.cohort_label);
    if (one.cohort().empty() && label != one.labels().end()) one.set_cohort(label->second);
  }
  return file;
}

}  // namespace flywheel::cli
