#include "cli/suite_files/jsonl_cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/rows.h"
#include "shared/ids/id.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::UploadedCase;
using nlohmann::json;

constexpr std::array kFields = {
    "id",    "input",    "messages", "ideal",  "ideals", "expected_tool_calls",
    "tools", "contexts", "checks",   "cohort", "group",  "critical",
    "labels"};

// A misspelt name would leave out what it was to say.
absl::Status CheckNames(const json& object, const std::string& place) {
  for (const auto& [name, value] : object.items()) {
    if (std::find(kFields.begin(), kFields.end(), name) != kFields.end()) continue;
    return WrongInFile(place, fmt::format("the unknown field '{}'", name),
                       fmt::format("one of {}", fmt::join(kFields, ", ")));
  }
  return absl::OkStatus();
}

// Exactly one of the two, where `required`; at most one else.
absl::StatusOr<std::optional<JsonView>> EitherOf(const json& object, const std::string& place,
                                                 const char* one, const char* other,
                                                 bool required) {
  const auto first = MemberOf(object, place, one);
  const auto second = MemberOf(object, place, other);
  if (first && second) {
    return WrongInFile(place, fmt::format("'{}' and '{}'", one, other), "one of the two");
  }
  if (required && !first && !second) {
    return WrongInFile(place, fmt::format("neither '{}' nor '{}'", one, other), "one of the two");
  }
  return first ? first : second;
}

absl::Status ReadId(const JsonView& value, UploadedCase& one) {
  ASSIGN_OR_RETURN(const std::string id, value.TextOrInteger());
  if (!IsValidId(id)) return value.Wrong(kIdFormat);
  one.set_case_id(id);
  return absl::OkStatus();
}

absl::Status ReadText(const JsonView& value, std::string& text) {
  ASSIGN_OR_RETURN(text, value.Text());
  return absl::OkStatus();
}

absl::StatusOr<UploadedCase> ReadCase(const json& object, const std::string& place) {
  if (!object.is_object()) {
    return JsonView(object, place).Wrong("an object with 'input' or 'messages'");
  }
  RETURN_IF_ERROR(CheckNames(object, place));
  UploadedCase one;
  ASSIGN_OR_RETURN(const auto asked, EitherOf(object, place, "input", "messages", true));
  RETURN_IF_ERROR(ReadQuestion(*asked, one));
  ASSIGN_OR_RETURN(const auto ideals, EitherOf(object, place, "ideal", "ideals", false));
  if (ideals) RETURN_IF_ERROR(ReadIdeals(*ideals, one));
  if (const auto calls = MemberOf(object, place, "expected_tool_calls")) {
    RETURN_IF_ERROR(ReadExpectedCalls(*calls, one));
  }
  if (const auto tools = MemberOf(object, place, "tools")) {
    RETURN_IF_ERROR(ReadToolDefinitions(*tools, one));
  }
  if (const auto contexts = MemberOf(object, place, "contexts")) {
    RETURN_IF_ERROR(ReadContexts(*contexts, one));
  }
  if (const auto checks = MemberOf(object, place, "checks")) {
    RETURN_IF_ERROR(ReadChecks(*checks, one));
  }
  if (const auto cohort = MemberOf(object, place, "cohort")) {
    RETURN_IF_ERROR(ReadText(*cohort, *one.mutable_cohort()));
  }
  if (const auto group = MemberOf(object, place, "group")) {
    RETURN_IF_ERROR(ReadText(*group, *one.mutable_group()));
  }
  if (const auto critical = MemberOf(object, place, "critical")) {
    if (!critical->value().is_boolean()) return critical->Wrong("true or false");
    one.set_critical(critical->value().get<bool>());
  }
  if (const auto labels = MemberOf(object, place, "labels")) {
    RETURN_IF_ERROR(ReadLabels(*labels, one));
  }
  const auto id = MemberOf(object, place, "id");
  if (id) {
    RETURN_IF_ERROR(ReadId(*id, one));
  } else {
    one.set_case_id(QuestionId(one));
  }
  return one;
}

}  // namespace

SuiteFile ReadJsonlCases(const std::string& text, const std::string& name) {
  SuiteFile file;
  EachRow(text, name, file, [&](const json& row, const std::string& place) -> absl::Status {
    ASSIGN_OR_RETURN(UploadedCase one, ReadCase(row, place));
    file.AddCase(std::move(one), place);
    return absl::OkStatus();
  });
  return file;
}

}  // namespace flywheel::cli
