// Fields that cases of several formats have in one form.
#ifndef FLYWHEEL_CLI_SUITE_FILES_CASE_FIELDS_H_
#define FLYWHEEL_CLI_SUITE_FILES_CASE_FIELDS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/json_view.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::cli {

// A member of an object, named by its place and its name alone: "cases.jsonl:12: ideal". Nothing
// where it is missing or null.
std::optional<JsonView> MemberOf(const nlohmann::json& object, const std::string& place,
                                 const char* name);

// Each reads one value; INVALID_ARGUMENT with place, got and want.
//
// A text becomes the input, messages in OpenAI's form the prompt.
absl::Status ReadQuestion(const JsonView& value, evalgate::v1::UploadedCase& one);
// A text, or a list of texts; empty ones are left out.
absl::Status ReadIdeals(const JsonView& value, evalgate::v1::UploadedCase& one);
// A list of {"name", "arguments", "any_of"}; arguments are an object, or a text that is one.
absl::Status ReadExpectedCalls(const JsonView& value, evalgate::v1::UploadedCase& one);
// A list of definitions, bare or as OpenAI's requests have them.
absl::Status ReadToolDefinitions(const JsonView& value, evalgate::v1::UploadedCase& one);
// A list of texts, or of objects with "text" and optionally "document_id" and "score"; or one text.
absl::Status ReadContexts(const JsonView& value, evalgate::v1::UploadedCase& one);
// {"kind", "parameters", "threshold", "id", "informative"}; parameters are an object.
absl::StatusOr<evalgate::v1::EvaluatorSpec> ReadEvaluator(const JsonView& value);
// A list of evaluators.
absl::Status ReadChecks(const JsonView& value, evalgate::v1::UploadedCase& one);
// An object of texts; numbers and truth values become texts.
absl::Status ReadLabels(const JsonView& value, evalgate::v1::UploadedCase& one);

// Why a value makes no label.
inline constexpr char kWhyNoLabel[] =
    "it makes no label: it is no text, too long, of several lines, or what would be right";
// A label, where name and value fit one; false where they do not, and for an ideal output of the
// case, since whoever answers sees the labels. Nothing for an empty text.
bool AddLabel(const std::string& name, const nlohmann::json& value,
              evalgate::v1::UploadedCase& one);

// A value as the text of an answer: a text as it is, else its JSON.
std::string AnswerTextOf(const nlohmann::json& value);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_CASE_FIELDS_H_
