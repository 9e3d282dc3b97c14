// JSON lines: messages of the contracts, one a line.
#ifndef FLYWHEEL_CLI_JSON_LINES_H_
#define FLYWHEEL_CLI_JSON_LINES_H_

#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/status/statusor.h"
#include "shared/status/errors.h"

namespace flywheel::cli {

// With the fields that are set, in the names of the contract. INTERNAL, where a text is no UTF-8.
template <typename Messages>
absl::StatusOr<std::string> JsonLines(const Messages& messages) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  for (const google::protobuf::Message& message : messages) {
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
      return errors::Internal(message.GetDescriptor()->name() + " that cannot be written as JSON");
    }
    text += json + '\n';
  }
  return text;
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_JSON_LINES_H_
