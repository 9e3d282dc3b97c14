#include "cli/suite_files/template_cases.h"

#include <utility>

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/prompt_template.h"
#include "cli/suite_files/rows.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::UploadedCase;
using nlohmann::json;

// Messages where the template is JSON, else the text.
json AskedBy(const std::string& ask) {
  json messages = json::parse(ask, /*cb=*/nullptr, /*allow_exceptions=*/false);
  return messages.is_array() ? messages : json(ask);
}

absl::Status Misread(const std::string& place, const absl::Status& status) {
  return WrongInFile(place, errors::MessageOf(status), "what the templates name");
}

absl::StatusOr<UploadedCase> ReadTemplateRow(const json& row, const std::string& place,
                                             const json& ask, const std::string& ideal) {
  if (!row.is_object()) return JsonView(row, place).Wrong("an object");
  UploadedCase one;
  const absl::StatusOr<json> asked = RenderTexts(ask, row);
  if (!asked.ok()) return Misread(place, asked.status());
  RETURN_IF_ERROR(ReadQuestion(JsonView(*asked, place), one));
  if (ideal.empty()) return one;
  const absl::StatusOr<std::string> right = RenderTemplate(ideal, row);
  if (!right.ok()) return Misread(place, right.status());
  if (!right->empty()) one.add_ideal_outputs(*right);
  return one;
}

// What no template names is a word about the case.
void TakeWords(const json& row, const std::string& place, const std::string& named,
               UploadedCase& one, SuiteFile& file) {
  for (const auto& [name, value] : row.items()) {
    if (name == "item" && value.is_object()) {
      TakeWords(value, place, named, one, file);
    } else if (named.find(name) == std::string::npos && !AddLabel(name, value, one)) {
      file.LeaveOut(name, kWhyNoLabel, place);
    }
  }
}

}  // namespace

SuiteFile ReadTemplateCases(const std::string& text, const std::string& name,
                            const CaseTemplates& templates) {
  SuiteFile file;
  const json ask = AskedBy(templates.ask);
  EachRow(text, name, file, [&](const json& row, const std::string& place) -> absl::Status {
    ASSIGN_OR_RETURN(UploadedCase one, ReadTemplateRow(row, place, ask, templates.ideal));
    TakeWords(row, place, templates.ask + templates.ideal, one, file);
    file.AddQuestion(std::move(one), place);
    return absl::OkStatus();
  });
  return file;
}

}  // namespace flywheel::cli
