#include "cli/suite_files/openai_evals_cases.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <utility>

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/rows.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::UploadedCase;
using nlohmann::json;

// "Match" is right where the answer begins with an ideal one: a check of each sample, because what
// it begins with is its own.
void AddBeginning(UploadedCase& one) {
  std::string pattern;
  for (const std::string& ideal : one.ideal_outputs()) {
    pattern += (pattern.empty() ? "" : "|") + RE2::QuoteMeta(ideal);
  }
  EvaluatorSpec& check = *one.add_checks();
  check.set_kind("regex");
  check.set_parameters_json(json{{"pattern", "\\A(?:" + pattern + ")"}}.dump());
}

// How a suite of such samples is judged. Which of the two texts holds the other one, after the
// class "FuzzyMatch", is not asked: the answer has to hold the ideal one, seen without case.
EvaluatorSpec EvaluatorOf(const std::string& eval_class) {
  EvaluatorSpec spec;
  if (eval_class == "Match") {
    spec.set_kind("checks");
  } else if (eval_class == "JsonMatch") {
    spec.set_kind("json_fields");
  } else {
    spec.set_kind("contains");
    json parameters = {{"mode", "any"}};
    if (eval_class == "FuzzyMatch") parameters["ignore_case"] = true;
    spec.set_parameters_json(parameters.dump());
  }
  return spec;
}

absl::StatusOr<UploadedCase> ReadSample(const json& sample, const std::string& place) {
  const JsonView view(sample, place);
  UploadedCase one;
  ASSIGN_OR_RETURN(const JsonView input, view.Field("input"));
  RETURN_IF_ERROR(ReadQuestion(input, one));
  const auto ideal = MemberOf(sample, place, "ideal");
  if (!ideal) return one;
  // Lists of numbers, and objects for JsonMatch, stand there too.
  const json& value = ideal->value();
  const bool list = value.is_array();
  for (const json& each : list ? value : json::array({value})) {
    const std::string text = AnswerTextOf(each);
    if (!text.empty()) one.add_ideal_outputs(text);
  }
  return one;
}

}  // namespace

SuiteFile ReadOpenAiEvalsCases(const std::string& text, const std::string& name,
                               const std::string& eval_class, bool keep_unjudged) {
  SuiteFile file;
  file.evaluators.push_back(EvaluatorOf(eval_class));
  EachRow(text, name, file, [&](const json& row, const std::string& place) -> absl::Status {
    ASSIGN_OR_RETURN(UploadedCase one, ReadSample(row, place));
    for (const auto& [member, value] : row.items()) {
      if (member == "input" || member == "ideal") continue;
      if (!AddLabel(member, value, one)) {
        file.LeaveOut(member, kWhyNoLabel, place);
      }
    }
    if (one.ideal_outputs().empty() && !keep_unjudged) {
      file.LeaveTestOut("it has no 'ideal', and a model or a program judges it", place);
      return absl::OkStatus();
    }
    if (eval_class == "Match" && !one.ideal_outputs().empty()) AddBeginning(one);
    file.AddQuestion(std::move(one), place);
    return absl::OkStatus();
  });
  return file;
}

}  // namespace flywheel::cli
