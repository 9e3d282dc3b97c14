#include "cli/suite_files/inspect_cases.h"

#include <fmt/format.h>

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

using evalgate::v1::UploadedCase;
using nlohmann::json;

constexpr size_t kMostChoices = 26;
constexpr std::array<std::string_view, 3> kSurroundings = {"files", "setup", "sandbox"};
constexpr std::array<std::string_view, 8> kKnown = {"input",    "target", "choices", "id",
                                                    "metadata", "files",  "setup",   "sandbox"};

// In CSV a list of texts is JSON, or one text with commas.
json ChoicesOf(const json& value) {
  if (!value.is_string()) return value;
  const std::string& text = value.get_ref<const std::string&>();
  json list = json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (list.is_array()) return list;
  list = json::array();
  std::string_view rest = text;
  while (true) {
    const size_t comma = std::min(rest.find(','), rest.size());
    list.push_back(std::string(rest.substr(0, comma)));
    if (comma == rest.size()) return list;
    rest.remove_prefix(comma + 1);
  }
}

// "A) ..." and so on, each on a line of its own, which the evaluator "choice" reads as well.
absl::StatusOr<std::string> ChoiceLines(const JsonView& value) {
  const json choices = ChoicesOf(value.value());
  if (!choices.is_array() || choices.size() < 2 || choices.size() > kMostChoices) {
    return value.Wrong(fmt::format("2 to {} texts", kMostChoices));
  }
  std::string lines;
  char letter = 'A';
  for (const json& choice : choices) {
    lines += fmt::format("\n{}) {}", letter++, AnswerTextOf(choice));
  }
  return lines;
}

absl::Status AddChoices(const JsonView& value, UploadedCase& one) {
  ASSIGN_OR_RETURN(const std::string lines, ChoiceLines(value));
  if (!one.input().empty()) {
    one.set_input(one.input() + "\n" + lines);
    return absl::OkStatus();
  }
  one.mutable_prompt(one.prompt_size() - 1)->add_parts()->set_text(lines);
  return absl::OkStatus();
}

absl::StatusOr<UploadedCase> ReadInspectSample(const json& sample, const std::string& place,
                                               SuiteFile& file) {
  const JsonView view(sample, place);
  UploadedCase one;
  ASSIGN_OR_RETURN(const JsonView input, view.Field("input"));
  RETURN_IF_ERROR(ReadQuestion(input, one));
  if (const auto target = MemberOf(sample, place, "target")) {
    RETURN_IF_ERROR(ReadIdeals(*target, one));
  }
  if (const auto choices = MemberOf(sample, place, "choices")) {
    RETURN_IF_ERROR(AddChoices(*choices, one));
    one.add_checks()->set_kind("choice");
  }
  json metadata = sample.value("metadata", json::object());
  if (metadata.is_string()) {
    metadata = json::parse(metadata.get<std::string>(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  }
  if (!metadata.is_object()) metadata = json::object();
  for (const auto& [name, value] : sample.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) metadata[name] = value;
  }
  for (const auto& [name, value] : metadata.items()) {
    if (!AddLabel(name, value, one)) {
      file.LeaveOut(name, kWhyNoLabel, place);
    }
  }
  return one;
}

// Why a sample makes no case; empty where it does.
std::string WhyNone(const json& sample, const UploadedCase& one, bool keep_unjudged) {
  for (const std::string_view name : kSurroundings) {
    const auto found = sample.find(name);
    if (found != sample.end() && !found->is_null() && !found->empty()) {
      return fmt::format("it needs its '{}', which a suite does not bring", name);
    }
  }
  if (one.ideal_outputs().empty() && !keep_unjudged) return "it has no 'target'";
  if (!one.checks().empty() && one.ideal_outputs_size() > 1) {
    return "several of its choices are right together";
  }
  return "";
}

}  // namespace

SuiteFile ReadInspectCases(const std::string& text, const std::string& name, bool keep_unjudged) {
  SuiteFile file;
  bool texts = false, choices = false;
  EachRow(text, name, file, [&](const json& row, const std::string& place) -> absl::Status {
    ASSIGN_OR_RETURN(UploadedCase one, ReadInspectSample(row, place, file));
    if (const std::string why = WhyNone(row, one, keep_unjudged); !why.empty()) {
      file.LeaveTestOut(why, place);
      return absl::OkStatus();
    }
    texts = texts || (one.checks().empty() && !one.ideal_outputs().empty());
    choices = choices || !one.checks().empty();
    const auto id = MemberOf(row, place, "id");
    if (!id) {
      file.AddQuestion(std::move(one), place);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::string given, id->TextOrInteger());
    one.set_case_id(CaseIdOf(given));
    file.AddCase(std::move(one), place);
    return absl::OkStatus();
  });
  // A suite's evaluator looks at every case that has an ideal output, and a letter is none of
  // texts: where there are both, each case says by a check how it is judged.
  if (choices) file.evaluators.emplace_back().set_kind("checks");
  if (!texts) return file;
  if (!choices) {
    file.evaluators.emplace_back().set_kind("normalised");
    return file;
  }
  for (UploadedCase& one : file.cases) {
    if (one.checks().empty() && !one.ideal_outputs().empty()) {
      one.add_checks()->set_kind("normalised");
    }
  }
  return file;
}

}  // namespace flywheel::cli
