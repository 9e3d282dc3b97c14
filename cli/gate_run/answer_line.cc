#include "cli/gate_run/answer_line.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cli/chat_messages.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::CaseOutput;

constexpr double kMostMs = 1e12;
constexpr double kMostTokens = 1e15;

// A text, or anything else as JSON: programs answer numbers and objects too.
std::string TextOrJson(const JsonView& view) {
  const nlohmann::json& value = view.value();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

absl::StatusOr<double> NumberWithin(const JsonView& view, double low, double high) {
  ASSIGN_OR_RETURN(const double number, view.Number());
  if (!(number >= low && number <= high)) {
    return view.Wrong(high == 1 ? "a number from 0 to 1" : "a number of 0 or more");
  }
  return number;
}

google::protobuf::Duration OfSeconds(double seconds) {
  const int64_t us = std::llround(seconds * 1e6);
  google::protobuf::Duration duration;
  duration.set_seconds(us / 1'000'000);
  duration.set_nanos(static_cast<int32_t>(us % 1'000'000 * 1'000));
  return duration;
}

absl::Status ReadCall(const JsonView& item, evalgate::v1::OutputToolCall& call) {
  // OpenAI's form has it one level deeper.
  const JsonView function = item.OptionalField("function").value_or(item);
  ASSIGN_OR_RETURN(const JsonView name, function.Field("name"));
  ASSIGN_OR_RETURN(*call.mutable_name(), name.Text());
  const auto arguments = function.OptionalField("arguments");
  if (arguments) call.set_arguments_json(TextOrJson(*arguments));
  return absl::OkStatus();
}

// What was answered: exactly one of the kinds, but that calls may stand beside an output.
absl::Status ReadKind(const JsonView& line, CaseOutput& output) {
  const auto text = line.OptionalField("output");
  const auto messages = line.OptionalField("messages");
  const auto calls = line.OptionalField("tool_calls");
  const auto error = line.OptionalField("error");
  const auto infrastructure = line.OptionalField("infrastructure_error");
  const int kinds =
      (text || calls ? 1 : 0) + (messages ? 1 : 0) + (error ? 1 : 0) + (infrastructure ? 1 : 0);
  if (kinds != 1) {
    return line.Wrong("one of output, messages, tool_calls, error and infrastructure_error");
  }
  if (text) output.set_output(TextOrJson(*text));
  if (calls) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> items, calls->Items());
    for (const JsonView& item : items) RETURN_IF_ERROR(ReadCall(item, *output.add_tool_calls()));
  }
  if (messages) {
    ASSIGN_OR_RETURN(const std::vector<common::v1::Message> read, ReadChatMessages(*messages));
    for (const common::v1::Message& message : read) *output.add_messages() = message;
  }
  if (error) output.set_error(TextOrJson(*error));
  if (infrastructure) output.set_infrastructure_error(TextOrJson(*infrastructure));
  // An empty error would be an empty answer.
  if (error && output.error().empty()) return error->Wrong("what went wrong");
  if (infrastructure && output.infrastructure_error().empty()) {
    return infrastructure->Wrong("what went wrong");
  }
  return absl::OkStatus();
}

absl::Status ReadMeasures(const JsonView& line, CaseOutput& output) {
  if (const auto latency = line.OptionalField("latency_ms")) {
    ASSIGN_OR_RETURN(const double ms, NumberWithin(*latency, 0, kMostMs));
    *output.mutable_latency() = OfSeconds(ms / 1000);
  }
  if (const auto tokens = line.OptionalField("input_tokens")) {
    ASSIGN_OR_RETURN(const double number, NumberWithin(*tokens, 0, kMostTokens));
    output.set_input_tokens(static_cast<int64_t>(number));
  }
  if (const auto tokens = line.OptionalField("output_tokens")) {
    ASSIGN_OR_RETURN(const double number, NumberWithin(*tokens, 0, kMostTokens));
    output.set_output_tokens(static_cast<int64_t>(number));
  }
  if (const auto cost = line.OptionalField("cost_usd")) {
    ASSIGN_OR_RETURN(const double usd, NumberWithin(*cost, 0, std::numeric_limits<double>::max()));
    output.set_cost_usd(usd);
  }
  return absl::OkStatus();
}

absl::Status ReadContext(const JsonView& item, common::v1::RetrievedContext& context) {
  ASSIGN_OR_RETURN(const JsonView text, item.Field("text"));
  ASSIGN_OR_RETURN(*context.mutable_text(), text.Text());
  if (const auto id = item.OptionalField("document_id")) {
    ASSIGN_OR_RETURN(*context.mutable_document_id(), id->TextOrInteger());
  }
  if (const auto score = item.OptionalField("score")) {
    ASSIGN_OR_RETURN(const double number, score->Number());
    context.set_score(number);
  }
  if (const auto age = item.OptionalField("age_s")) {
    ASSIGN_OR_RETURN(const double seconds, NumberWithin(*age, 0, kMostMs));
    *context.mutable_age() = OfSeconds(seconds);
  }
  return absl::OkStatus();
}

absl::Status ReadGrade(const JsonView& item, evalgate::v1::ExternalGrade& grade) {
  ASSIGN_OR_RETURN(const JsonView name, item.Field("name"));
  ASSIGN_OR_RETURN(*grade.mutable_name(), name.Text());
  ASSIGN_OR_RETURN(const JsonView score, item.Field("score"));
  ASSIGN_OR_RETURN(const double number, NumberWithin(score, 0, 1));
  grade.set_score(number);
  if (const auto version = item.OptionalField("version")) {
    ASSIGN_OR_RETURN(*grade.mutable_version(), version->TextOrInteger());
  }
  if (const auto explanation = item.OptionalField("explanation")) {
    ASSIGN_OR_RETURN(*grade.mutable_explanation(), explanation->Text());
  }
  return absl::OkStatus();
}

absl::Status ReadPlace(const JsonView& line, CaseOutput& output) {
  if (const auto id = line.OptionalField("case_id")) {
    ASSIGN_OR_RETURN(*output.mutable_case_id(), id->TextOrInteger());
  }
  if (const auto attempt = line.OptionalField("attempt")) {
    ASSIGN_OR_RETURN(const double number, attempt->Number());
    if (!(number >= 1 && number <= 32)) return attempt->Wrong("1 to 32");
    output.set_attempt(static_cast<int>(number));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CaseOutput> ReadAnswer(const JsonView& line) {
  if (!line.value().is_object()) return line.Wrong("an object");
  CaseOutput output;
  RETURN_IF_ERROR(ReadPlace(line, output));
  RETURN_IF_ERROR(ReadKind(line, output));
  RETURN_IF_ERROR(ReadMeasures(line, output));
  if (const auto contexts = line.OptionalField("contexts")) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> items, contexts->Items());
    for (const JsonView& item : items) RETURN_IF_ERROR(ReadContext(item, *output.add_contexts()));
  }
  if (const auto grades = line.OptionalField("external_grades")) {
    ASSIGN_OR_RETURN(const std::vector<JsonView> items, grades->Items());
    for (const JsonView& item : items) {
      RETURN_IF_ERROR(ReadGrade(item, *output.add_external_grades()));
    }
  }
  return output;
}

}  // namespace flywheel::cli
