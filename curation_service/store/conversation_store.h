// Store of conversations: messages that several turns and rows repeat, each stored once.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_CONVERSATION_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_CONVERSATION_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/message.h"
#include "shared/sql/message_tree.h"

namespace flywheel::curation {

// A turn's messages are a path in the tree, which the next turn's history goes on from and which
// the prompt of its row is the beginning of. In the caller's transaction.
class ConversationStore {
 public:
  // Messages that are shorter on average take more as places of the tree than in each row.
  static constexpr size_t kMinAverageBytes = 256;

  explicit ConversationStore(sql::Connection& connection)
      : connection_(connection), tree_(connection) {}

  // Counts one more row that ends with the last of these messages, and returns that one's id; 0
  // where they are too short to be shared, and for none.
  absl::StatusOr<int64_t> Use(const std::string& project, const Messages& messages);

  // From the first message to this one. STORE_CORRUPT where one is missing.
  absl::StatusOr<Messages> Read(int64_t last_message_id);

  // A row no longer ends with this message; 0 is none.
  absl::Status Release(int64_t last_message_id) { return tree_.Release(last_message_id); }

  // For tools: how many messages have a number of uses that is not theirs, or are used and missing.
  // Reads every row.
  absl::StatusOr<int64_t> CountMiscounted();

 private:
  sql::Connection& connection_;
  sql::MessageTree tree_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_CONVERSATION_STORE_H_
