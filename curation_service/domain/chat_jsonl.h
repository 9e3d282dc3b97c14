// JSON Lines for trainers: a dataset row as a line of OpenAI's chat format, of a prompt and its
// completion, or of a preference.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_

#include <string>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// All are of rows without a malformed call (DatasetRow::HasMalformedCall).

// One line of OpenAI's chat fine-tuning format, ended by a line feed:
//   {"messages":[...],"tools":[...]}
// The messages are those of a ChatLine's prompt and ideal. Assistant messages of the prompt have
// weight 0, so that only the ideal is taught. No `tools` where there are none. With metadata also
//   "metadata":{}
// which OpenAI's validator refuses.
std::string ChatJsonLine(const DatasetRow& row, bool with_metadata);

// One line of the conversational prompt-completion format of open trainers (TRL), as the chat
// templates of open models want their messages, ended by a line feed:
//   {"prompt":[...],"completion":[...],"tools":[...],"metadata":{}}
// It differs from ChatJsonLine in what these templates refuse or would write wrong:
//   - arguments of calls are objects;
//   - ids of calls have nine letters and digits, and results name their tool;
//   - neighbours of one role are one message, a blank line between their texts;
//   - a picture is {"type": "image", "url": ...};
//   - no weights: the completion is what is taught.
// With contexts, what was retrieved stands besides, null where nobody knows score or age:
//   "contexts":[{"document_id":"","text":"","score":0.5,"age_s":60.0}]
std::string PromptCompletionJsonLine(const DatasetRow& row, bool with_contexts);

// What the agent did in the place of a row's ideal, and whose it is.
struct RejectedAnswer {
  std::string interaction_id;
  Messages messages;
};

// One line of the conversational preference format (DPO of TRL), as PromptCompletionJsonLine writes
// messages, ended by a line feed:
//   {"prompt":[...],"chosen":[...],"rejected":[...],"tools":[...],"metadata":{}}
// The metadata is the row's, and rejected_interaction_id. `rejected` has no malformed call.
std::string PreferenceJsonLine(const DatasetRow& row, const RejectedAnswer& rejected);

// The same of the conversational unpaired preference format (KTO of TRL): whether the ideal of the
// row is what should be answered.
//   {"prompt":[...],"completion":[...],"label":true,"tools":[...],"metadata":{}}
std::string UnpairedPreferenceJsonLine(const DatasetRow& row, bool label);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
