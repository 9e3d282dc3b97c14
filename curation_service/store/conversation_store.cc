#include "curation_service/store/conversation_store.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>
#include <vector>

#include "curation_service/store/message_columns.h"
#include "shared/hashing/sha256.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<int64_t> ConversationStore::Use(const std::string& project,
                                               const Messages& messages) {
  if (TextBytes(messages) < messages.size() * kMinAverageBytes || messages.empty()) return 0;
  std::vector<SharedMessage> path;
  path.reserve(messages.size());
  std::string path_hash = Sha256(fmt::format("messages of {}", project));
  for (const Message& message : messages) {
    std::string body = MessagesToJson({message});
    path_hash = Sha256(path_hash.append(body));
    path.push_back({path_hash, std::move(body)});
  }
  return tree_.Use(path);
}

absl::StatusOr<Messages> ConversationStore::Read(int64_t last_message_id) {
  ASSIGN_OR_RETURN(const std::vector<std::string> bodies, tree_.Read(last_message_id));
  Messages messages;
  for (const std::string& body : bodies) {
    ASSIGN_OR_RETURN(Messages one, MessagesFromJson(body));
    messages.insert(messages.end(), std::make_move_iterator(one.begin()),
                    std::make_move_iterator(one.end()));
  }
  return messages;
}

}  // namespace flywheel::curation
