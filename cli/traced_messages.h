// Messages inside of a traced run: what tracing tools keep as inputs and outputs, in OpenAI's form.
#ifndef FLYWHEEL_CLI_TRACED_MESSAGES_H_
#define FLYWHEEL_CLI_TRACED_MESSAGES_H_

#include <nlohmann/json.hpp>

#include "flywheel/common/v1/message.pb.h"

namespace flywheel::cli {

// The messages that a run was given or gave, as ReadChatMessages reads them; an empty array where
// none is found. Understood are messages of OpenAI, Anthropic and LangChain (serialised by its
// constructors or as dictionaries), lists of them, answers of a model (`choices`, `generations`),
// JSON inside of a text, and a text that stands alone or under a usual name ("question",
// "answer"), which is of `speaker`. Anything else is a state of the program, and no text.
nlohmann::json TracedMessages(const nlohmann::json& value, common::v1::Role speaker);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_TRACED_MESSAGES_H_
