// OpenAI chat JSONL, the format of fine-tuning jobs: a dataset row as a line.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_

#include <string>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// One line of OpenAI's chat fine-tuning format, ended by a line feed:
//   {"messages":[...],"tools":[...],"metadata":{}}
// The messages are prompt and ideal: each call is followed by a message of role "tool" with its id
// (empty content where nobody recorded the result), and the last one is the assistant's. Assistant
// messages of the prompt have weight 0. Where nothing is known of what a message's calls gave, an
// ideal ends with these calls: its answer would teach to answer before the tool has spoken. Results
// of no call and what the model thought are left out; a picture of the user's that can be fetched
// is an image_url, other media are named in words. `tools` are those of the row, and any that was
// called besides; left out for none. The metadata are interaction_id, tier, weight (a number) and
// source.
std::string ChatJsonLine(const DatasetRow& row);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
