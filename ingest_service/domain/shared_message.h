// Shared message: one message of a conversation, stored once for all turns that repeat it.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_SHARED_MESSAGE_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_SHARED_MESSAGE_H_

#include <string>

namespace flywheel::ingest {

// A conversation is a path in a tree: each message names the one before it. What an agent was told
// before a turn is then one place in the tree, which the turn before has ended at.
struct SharedMessage {
  // SHA-256 over the project and all messages from the first up to this one, 32 bytes: says the
  // place in the tree.
  std::string path_hash;
  // flywheel.common.v1.Message, redacted, in its canonical bytes.
  std::string body;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_SHARED_MESSAGE_H_
