// Stored interaction: parses a payload of any age into the message that readers get, and derives
// short forms from messages.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_STORED_INTERACTION_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_STORED_INTERACTION_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "flywheel/ingest/v1/interaction.pb.h"

namespace flywheel::ingest {

// What the user asked, as Interaction.input says of its messages; empty where there are none.
std::string InputOf(const v1::Interaction& interaction);
// What the agent answered, as Interaction.output says of its messages.
std::string OutputOf(const v1::Interaction& interaction);
// What should have been answered, as Correction.ideal_output says of its messages.
std::string IdealOutputOf(const v1::Correction& correction);

// Replaces `interaction` by what `payload` holds, input and output completed. What was stored as
// steps comes back as messages. INTERNAL where it is no interaction.
absl::Status ParseInteraction(const std::string& payload, v1::Interaction& interaction);

// The steps in a line of an archive of earlier form, as bytes to append to the payload that its
// other fields make; empty for none.
std::string EarlierStepsOf(std::string_view archive_line);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_STORED_INTERACTION_H_
