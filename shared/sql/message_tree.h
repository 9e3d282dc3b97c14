// Message tree: conversations that begin alike share their messages, each of which is stored once.
#ifndef FLYWHEEL_SHARED_SQL_MESSAGE_TREE_H_
#define FLYWHEEL_SHARED_SQL_MESSAGE_TREE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/hashing/shared_message.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// All SQL over the table `messages` of a store, in the caller's transaction:
//   message_id  INTEGER PRIMARY KEY, above that of the message before it
//   parent_id   the message before it; 0 for the first
//   path_hash   BLOB, unique: SharedMessage::path_hash
//   uses        rows that end with it, and messages that follow it
//   body        SharedMessage::body
// A message stays for as long as a row ends with it or another message follows it.
class MessageTree {
 public:
  explicit MessageTree(Connection& connection) : connection_(connection) {}

  // Stores what is not there of a conversation, which is not empty, and counts one more row that
  // ends with its last message. Returns that one's id, above 0.
  absl::StatusOr<int64_t> Use(const std::vector<SharedMessage>& conversation);

  // The bodies from the first message to this one. STORE_CORRUPT where one of them is missing.
  absl::StatusOr<std::vector<std::string>> Read(int64_t last_message_id);

  // A row no longer ends with this message: those that nobody else has are deleted. 0 is none.
  absl::Status Release(int64_t last_message_id);

 protected:
  Connection& connection() { return connection_; }

 private:
  // The message at the end of a path; 0 where it is not there.
  absl::StatusOr<int64_t> Find(const std::string& path_hash);

  Connection& connection_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_MESSAGE_TREE_H_
