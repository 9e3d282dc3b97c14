// Chat line: a dataset row as the messages, tools and metadata that OpenAI's chat format knows.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_LINE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_LINE_H_

#include <nlohmann/json.hpp>

#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// What the formats of an export share. Keys stand in the order in which people expect to read them.
struct ChatLine {
  // Messages, each an object with role and content. Each call is followed by a message of role
  // "tool" with its id (empty content where nobody recorded the result). Results of no call and
  // what the model thought are left out; a picture of the user's that can be fetched is an
  // image_url, other media are named in words.
  nlohmann::ordered_json prompt = nlohmann::ordered_json::array();
  // The same of the ideal. The last is the assistant's: where nothing is known of what a message's
  // calls gave, it ends with these calls, because its answer would teach to answer before the tool
  // has spoken.
  nlohmann::ordered_json ideal = nlohmann::ordered_json::array();
  // Those of the row, and any that was called besides. Each has a description and parameters, empty
  // ones where the row has none: some chat templates ask for them.
  nlohmann::ordered_json tools = nlohmann::ordered_json::array();
  // interaction_id, tier, weight (a number), source and provenance.
  nlohmann::ordered_json metadata;
};

// Of a row without a malformed call.
ChatLine MakeChatLine(const DatasetRow& row);

// What was retrieved, each with document_id, text, score and age_s (seconds); null where nobody
// knows score or age. All with the same keys: whoever loads the lines as a table wants columns.
nlohmann::ordered_json ContextsOf(const DatasetRow& row);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_CHAT_LINE_H_
