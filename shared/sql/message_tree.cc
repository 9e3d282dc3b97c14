#include "shared/sql/message_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {

absl::StatusOr<int64_t> MessageTree::Use(const std::vector<SharedMessage>& conversation) {
  // 1. The longest beginning that is there. Where a message is, all before it are: halving finds
  // the last one, and a conversation of thousands of messages costs a dozen looks.
  size_t known = 0;
  int64_t message_id = 0;
  for (size_t end = conversation.size(); known < end;) {
    const size_t middle = known + (end - known + 1) / 2;
    ASSIGN_OR_RETURN(const int64_t found, Find(conversation[middle - 1].path_hash));
    if (found != 0) {
      known = middle;
      message_id = found;
    } else {
      end = middle - 1;
    }
  }
  // 2. One more use of the last that is there: by the interaction, or by the message that follows.
  if (message_id != 0) {
    RETURN_IF_ERROR(connection_.Prepare("UPDATE messages SET uses = uses + 1 WHERE message_id = ?")
                        .Bind(message_id)
                        .Run());
  }
  // 3. The rest, each used by the next one, and the last by the interaction.
  for (size_t i = known; i < conversation.size(); ++i) {
    Statement insert = connection_.Prepare(
        "INSERT INTO messages (parent_id, path_hash, uses, body) VALUES (?, ?, 1, ?) "
        "RETURNING message_id");
    insert.Bind(message_id, Blob{conversation[i].path_hash}, Blob{conversation[i].body});
    message_id = insert.Next() ? insert.Int64(0) : 0;
    RETURN_IF_ERROR(insert.status());
  }
  return message_id;
}

absl::StatusOr<int64_t> MessageTree::Find(const std::string& path_hash) {
  Statement select = connection_.Prepare("SELECT message_id FROM messages WHERE path_hash = ?");
  const int64_t message_id = select.Bind(Blob{path_hash}).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return message_id;
}

absl::StatusOr<std::vector<std::string>> MessageTree::Read(int64_t last_message_id) {
  std::vector<std::string> bodies;
  for (int64_t message_id = last_message_id; message_id != 0;) {
    Statement select =
        connection_.Prepare("SELECT parent_id, body FROM messages WHERE message_id = ?");
    if (!select.Bind(message_id).Next()) {
      RETURN_IF_ERROR(select.status());
      return errors::StoreCorrupt("messages", fmt::format("message {} is missing", message_id));
    }
    // A message is older than those that follow it.
    if (select.Int64(0) >= message_id) {
      return errors::StoreCorrupt(
          "messages", fmt::format("message {} follows {}", message_id, select.Int64(0)));
    }
    message_id = select.Int64(0);
    bodies.push_back(select.Text(1));
  }
  std::reverse(bodies.begin(), bodies.end());
  return bodies;
}

absl::Status MessageTree::Release(int64_t last_message_id) {
  // Up to the first that something else uses.
  for (int64_t message_id = last_message_id; message_id != 0;) {
    Statement select =
        connection_.Prepare("SELECT parent_id, uses FROM messages WHERE message_id = ?");
    if (!select.Bind(message_id).Next()) return select.status();
    const int64_t parent_id = select.Int64(0);
    const bool last_use = select.Int64(1) <= 1;
    select.Reset();
    if (!last_use) {
      return connection_.Prepare("UPDATE messages SET uses = uses - 1 WHERE message_id = ?")
          .Bind(message_id)
          .Run();
    }
    RETURN_IF_ERROR(
        connection_.Prepare("DELETE FROM messages WHERE message_id = ?").Bind(message_id).Run());
    message_id = parent_id;
  }
  return absl::OkStatus();
}

}  // namespace flywheel::sql
