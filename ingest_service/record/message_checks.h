// Validation of messages: whether the history and the turn of an interaction keep the contract.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_MESSAGE_CHECKS_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_MESSAGE_CHECKS_H_

#include <string>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::ingest {

// Adds to `checks` what is wrong with `history` and `messages`, each by its path:
// "messages[2].parts[0].tool_call.name".
void CheckMessages(const v1::Interaction& interaction, rpc::FieldChecks& checks);

// The same of `correction.ideal_messages`, which are work: calls, results and an answer at the end.
void CheckMessages(const v1::Correction& correction, rpc::FieldChecks& checks);

// Is it the name of a tool: some bytes, at most kMaxToolNameBytes, none that controls a terminal?
bool IsToolName(const std::string& name);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_MESSAGE_CHECKS_H_
