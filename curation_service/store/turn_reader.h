// Reads what was said and done in one interaction, as it was recorded.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_TURN_READER_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_TURN_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Moves all but the first messages of the history, which is stored with the turn behind it, to the
// turn.
void SplitTurn(int64_t history_messages, Interaction& interaction);

// The interaction with its id, its short form, history and messages, and nothing else; nothing
// where it is not here. Inside the caller's transaction.
absl::StatusOr<std::optional<Interaction>> ReadTurn(sql::Connection& connection,
                                                    const std::string& project,
                                                    const std::string& interaction_id);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_TURN_READER_H_
