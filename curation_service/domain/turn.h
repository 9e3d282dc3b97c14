// Turn of a conversation, cut where the agent takes over: what was asked, and the agent's work.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TURN_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TURN_H_

#include "curation_service/domain/message.h"
#include "curation_service/domain/record.h"

namespace flywheel::curation {

// One turn without its history.
struct Turn {
  // Up to the last word of anybody else.
  Messages asked;
  // What the agent called and said after it, and what tools answered.
  Messages work;
};

// Takes the turn out of `interaction`: its messages, or what its short form says.
Turn TakeTurn(Interaction& interaction);

// Leaves out each call that failed and whose tool was called again later with success, with its
// result, and the message that held nothing but such calls. A call failed where its result says so.
Messages WithoutRepairedCalls(Messages work);

// Up to the last word of the agent: results that it said nothing about show nothing to learn.
Messages UpToLastWord(Messages work);

// What led to the final answer: `work` without what the agent said after the last result.
Messages WithoutFinalAnswer(Messages work);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TURN_H_
