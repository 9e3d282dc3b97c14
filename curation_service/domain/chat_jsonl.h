// OpenAI chat JSONL, the format of fine-tuning jobs: a dataset row as a line.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_

#include <string>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// One line of OpenAI's chat fine-tuning format, ended by a line feed:
//   {"messages":[{"role":"user","content":""},{"role":"assistant","content":""}],"metadata":{}}
// with "tool_calls" in the assistant's message where the row expects some. The metadata are
// interaction_id, tier, weight (a number) and source.
std::string ChatJsonLine(const DatasetRow& row);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_JSONL_H_
