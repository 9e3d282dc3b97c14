// Shared message: one message of a conversation, stored once for all turns that repeat it.
#ifndef FLYWHEEL_SHARED_HASHING_SHARED_MESSAGE_H_
#define FLYWHEEL_SHARED_HASHING_SHARED_MESSAGE_H_

#include <string>

namespace flywheel {

// A conversation is a path in a tree: each message names the one before it. What an agent was told
// before a turn is then one place in the tree, which the turn before has ended at.
struct SharedMessage {
  // SHA-256 over the project and all messages from the first up to this one, 32 bytes: says the
  // place in the tree.
  std::string path_hash;
  // The message, redacted, in the store's canonical form.
  std::string body;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_HASHING_SHARED_MESSAGE_H_
