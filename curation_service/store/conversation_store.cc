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

absl::StatusOr<int64_t> ConversationStore::CountMiscounted() {
  // Uses as the rows say them: turns and rows that end with a message, and messages that follow it.
  sql::Statement select = connection_.Prepare(R"sql(
      WITH each (message_id, uses) AS (
        SELECT last_message_id, COUNT(*) FROM interactions
        WHERE last_message_id <> 0 GROUP BY last_message_id
        UNION ALL
        SELECT prompt_message_id, COUNT(*) FROM dataset_rows
        WHERE prompt_message_id <> 0 GROUP BY prompt_message_id
        UNION ALL
        SELECT parent_id, COUNT(*) FROM messages WHERE parent_id <> 0 GROUP BY parent_id
      ), counted (message_id, uses) AS (
        SELECT message_id, SUM(uses) FROM each GROUP BY message_id
      )
      SELECT (SELECT COUNT(*) FROM messages
              LEFT JOIN counted ON counted.message_id = messages.message_id
              WHERE COALESCE(counted.uses, 0) <> messages.uses)
           + (SELECT COUNT(*) FROM counted
              LEFT JOIN messages ON messages.message_id = counted.message_id
              WHERE messages.message_id IS NULL))sql");
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::curation
