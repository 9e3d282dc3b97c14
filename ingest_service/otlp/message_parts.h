// Completes messages that were recorded without some of their parts.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_PARTS_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_PARTS_H_

#include <vector>

#include "ingest_service/otlp/trace_span.h"

namespace flywheel::ingest {

// Whether any of them has a part: words, a thought, a call, a tool's answer, media.
bool SaysAnything(const std::vector<ChatMessage>& messages);

// Whether one of them has none, or is the answer of a tool without a result.
bool LacksParts(const std::vector<ChatMessage>& messages);

// Puts into `messages` what they lack of the same messages in `request`: where both lists are
// equally long, the whole of one that says nothing; media beside the same words of the same role.
void FillFromRequest(const std::vector<ChatMessage>& request, std::vector<ChatMessage>& messages);

// A person's message that shows media only, right behind one with words, is part of that.
std::vector<ChatMessage> JoinPictures(std::vector<ChatMessage> messages);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_MESSAGE_PARTS_H_
