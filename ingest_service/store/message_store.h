// The SQL of messages that several turns share.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/domain/payload_form.h"
#include "shared/sql/message_tree.h"

namespace flywheel::ingest {

// The tree of what conversations said: its rows are interactions whose payload has the form
// kShared.
class MessageStore : public sql::MessageTree {
 public:
  using sql::MessageTree::MessageTree;

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
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MESSAGE_STORE_H_
