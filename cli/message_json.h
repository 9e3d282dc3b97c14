// Formats a message of the contracts as JSON for programs.
#ifndef FLYWHEEL_CLI_MESSAGE_JSON_H_
#define FLYWHEEL_CLI_MESSAGE_JSON_H_

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

// One line without its end, with the field names of the contract. `what` names it where it cannot
// be written, such as "a case".
inline absl::StatusOr<std::string> MessageJson(
    const google::protobuf::Message& message, std::string_view what,
    google::protobuf::util::JsonPrintOptions options = {}) {
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
    return errors::Internal(fmt::format("{} that cannot be written as JSON", what));
  }
  return json;
}

// Messages, one a line.
template <typename Messages>
absl::StatusOr<std::string> JsonLines(const Messages& messages) {
  std::string text;
  for (const google::protobuf::Message& message : messages) {
    ASSIGN_OR_RETURN(const std::string json, MessageJson(message, message.GetDescriptor()->name()));
    text += json + '\n';
  }
  return text;
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_MESSAGE_JSON_H_
