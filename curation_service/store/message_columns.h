// Message columns: messages, tools and contexts that are stored as JSON text inside a row.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MESSAGE_COLUMNS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MESSAGE_COLUMNS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/message.h"

namespace flywheel::curation {

// Encoders and decoders, each for a list; "[]" for none. Decoding is INTERNAL for a text that no
// encoder wrote. Bytes that are not UTF-8 become U+FFFD.
//
//   [{"role":3,"name":"NAME","id":"ID","parts":[{"text":"TEXT"},{"thought":"TEXT"},
//     {"call":["ID","TOOL","ARGUMENTS"]},{"result":["ID","CONTENT",true]},
//     {"media":["URI","SHA256","TYPE","WORDS",12],"cut":true}]}]
std::string MessagesToJson(const Messages& messages);
absl::StatusOr<Messages> MessagesFromJson(std::string_view json);

std::string ToolsToJson(const std::vector<ToolDefinition>& tools);
absl::StatusOr<std::vector<ToolDefinition>> ToolsFromJson(std::string_view json);

std::string ContextsToJson(const std::vector<RetrievedContext>& contexts);
absl::StatusOr<std::vector<RetrievedContext>> ContextsFromJson(std::string_view json);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MESSAGE_COLUMNS_H_
