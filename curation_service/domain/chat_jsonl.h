// JSON Lines for trainers: a dataset row as a line of OpenAI's chat format, or of a prompt and its
// completion.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_

#include <string>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// One line of OpenAI's chat fine-tuning format, ended by a line feed:
//   {"messages":[...],"tools":[...],"metadata":{}}
// The messages are those of a ChatLine's prompt and ideal. Assistant messages of the prompt have
// weight 0, so that only the ideal is taught. No `tools` where there are none.
std::string ChatJsonLine(const DatasetRow& row);

// One line of the conversational prompt-completion format of open trainers (TRL), as the chat
// templates of open models want their messages, ended by a line feed:
//   {"prompt":[...],"completion":[...],"tools":[...],"metadata":{}}
// It differs from ChatJsonLine in what these templates refuse or would write wrong:
//   - arguments of calls are objects (what is none is the value of a key "arguments");
//   - ids of calls have nine letters and digits, and results name their tool;
//   - neighbours of one role are one message, a blank line between their texts;
//   - a picture is {"type": "image", "url": ...};
//   - no weights: the completion is what is taught.
std::string PromptCompletionJsonLine(const DatasetRow& row);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
