// The SQL of messages that several turns share.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/domain/shared_message.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The tree of messages. A message stays for as long as an interaction ends with it or another
// message follows it. In the caller's transaction.
class MessageStore {
 public:
  explicit MessageStore(sql::Connection& connection) : connection_(connection) {}

  // Stores what is not there of a conversation, which is not empty, and counts one more interaction
  // that ends with its last message. Returns that one's id, above 0.
  absl::StatusOr<int64_t> Use(const std::vector<SharedMessage>& conversation);

  // The bodies from the first message to this one. STORE_CORRUPT where one of them is missing.
  absl::StatusOr<std::vector<std::string>> Read(int64_t last_message_id);

  // The bytes of the messages that one interaction alone uses, which ends with this one.
  absl::StatusOr<int64_t> UnsharedBytes(int64_t last_message_id);

  // An interaction lets go of its payload: where that shares messages, those that nobody else has
  // are deleted.
  absl::Status Release(const PayloadPlace& place);
  // That of the interaction at `sequence`, if there is one.
  absl::Status ReleaseOf(int64_t sequence);

  // For tools that delete rows in bulk: deletes what nothing uses, and counts the uses of the rest.
  absl::Status CountUsesAnew();
  // How many messages have a number of uses that is not theirs, or are used and missing. Reads
  // every row.
  absl::StatusOr<int64_t> CountMiscounted();

 private:
  // The message at the end of a path; 0 where it is not there.
  absl::StatusOr<int64_t> Find(const std::string& path_hash);

  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_
