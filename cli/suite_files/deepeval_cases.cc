#include "cli/suite_files/deepeval_cases.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/rows.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::UploadedCase;
using nlohmann::json;

// What was answered once is no part of the case.
constexpr std::array<std::string_view, 4> kAnswers = {"actual_output", "retrieval_context",
                                                      "tools_called", "token_cost"};
constexpr std::array<std::string_view, 6> kTaken = {
    "input",          "expected_output",          "context",
    "expected_tools", "custom_column_key_values", "source_file"};

// In CSV a list of texts is one text with bars.
json ListOf(const JsonView& value) {
  if (!value.value().is_string()) return value.value();
  json list = json::array();
  std::string_view rest = value.value().get_ref<const std::string&>();
  while (true) {
    const size_t bar = std::min(rest.find('|'), rest.size());
    list.push_back(std::string(rest.substr(0, bar)));
    if (bar == rest.size()) return list;
    rest.remove_prefix(bar + 1);
  }
}

absl::Status ReadExpectedTools(const JsonView& value, UploadedCase& one) {
  json tools = value.value();
  if (tools.is_string()) {
    ASSIGN_OR_RETURN(tools, ParseJson(tools.get<std::string>(), value.where()));
  }
  const JsonView view(tools, value.where());
  ASSIGN_OR_RETURN(const std::vector<JsonView> items, view.Items());
  if (items.empty()) return absl::OkStatus();
  evalgate::v1::ExpectedToolCalls& expected = *one.mutable_expected_tool_calls();
  for (const JsonView& item : items) {
    ASSIGN_OR_RETURN(const JsonView name, item.Field("name"));
    ASSIGN_OR_RETURN(*expected.add_calls()->mutable_name(), name.Text());
  }
  return absl::OkStatus();
}

absl::StatusOr<UploadedCase> ReadGolden(const json& golden, const std::string& place) {
  const JsonView view(golden, place);
  UploadedCase one;
  ASSIGN_OR_RETURN(const JsonView input, view.Field("input"));
  RETURN_IF_ERROR(ReadQuestion(input, one));
  if (const auto expected = MemberOf(golden, place, "expected_output")) {
    RETURN_IF_ERROR(ReadIdeals(*expected, one));
  }
  if (const auto context = MemberOf(golden, place, "context")) {
    RETURN_IF_ERROR(ReadContexts(JsonView(ListOf(*context), context->where()), one));
  }
  if (const auto tools = MemberOf(golden, place, "expected_tools")) {
    RETURN_IF_ERROR(ReadExpectedTools(*tools, one));
  }
  return one;
}

template <size_t kCount>
bool IsOf(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Everything that has no place of its own is a word about the case.
void TakeOthers(const json& golden, const std::string& place, UploadedCase& one, SuiteFile& file) {
  for (const auto& [name, value] : golden.items()) {
    if (value.is_null() || IsOf(kTaken, name)) continue;
    if (IsOf(kAnswers, name)) {
      file.LeaveOut(name, "it was answered once: a suite asks anew", place);
      continue;
    }
    if (name == "additional_metadata" && value.is_object()) {
      for (const auto& [key, word] : value.items()) {
        if (!AddLabel(key, word, one)) {
          file.LeaveOut(name, kWhyNoLabel, place);
        }
      }
    } else if (!AddLabel(name, value, one)) {
      file.LeaveOut(name, kWhyNoLabel, place);
    }
  }
}

}  // namespace

SuiteFile ReadDeepEvalCases(const std::string& text, const std::string& name, bool keep_unjudged) {
  SuiteFile file;
  EvaluatorSpec tools;
  tools.set_kind("trajectory");
  tools.set_parameters_json(json{{"mode", "superset"}, {"arguments", "ignore"}}.dump());
  bool texts = false, calls = false;
  EachRow(text, name, file, [&](const json& row, const std::string& place) -> absl::Status {
    if (row.is_object() && row.contains("scenario")) {
      file.LeaveTestOut("a model plays the user of the conversation", place);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(UploadedCase one, ReadGolden(row, place));
    TakeOthers(row, place, one, file);
    const bool expects = !one.ideal_outputs().empty() || one.has_expected_tool_calls();
    if (!expects && !keep_unjudged) {
      file.LeaveTestOut("it has neither an expected output nor expected tools", place);
      return absl::OkStatus();
    }
    texts = texts || !one.ideal_outputs().empty();
    calls = calls || one.has_expected_tool_calls();
    file.AddQuestion(std::move(one), place);
    return absl::OkStatus();
  });
  if (texts) file.evaluators.emplace_back().set_kind("normalised");
  if (calls) file.evaluators.push_back(std::move(tools));
  return file;
}

}  // namespace flywheel::cli
