#include "ingest_service/store/message_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Uses as the rows say them: interactions that end with a message, and messages that follow it.
constexpr auto kCountedSql = sql::Text(R"sql(
    SELECT message_id, SUM(uses) AS uses
    FROM (SELECT payload_place AS message_id, COUNT(*) AS uses FROM interactions
          WHERE payload_form = )sql") +
                             sql::kLiteral<PayloadForm::kShared> +
                             R"sql( GROUP BY payload_place
          UNION ALL
          SELECT parent_id, COUNT(*) FROM messages WHERE parent_id <> 0 GROUP BY parent_id) AS each
    GROUP BY message_id)sql";

}  // namespace

absl::StatusOr<int64_t> MessageStore::Use(const std::vector<SharedMessage>& conversation) {
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
    sql::Statement insert = connection_.Prepare(
        "INSERT INTO messages (parent_id, path_hash, uses, body) VALUES (?, ?, 1, ?) "
        "RETURNING message_id");
    insert.Bind(message_id, sql::Blob{conversation[i].path_hash}, sql::Blob{conversation[i].body});
    message_id = insert.Next() ? insert.Int64(0) : 0;
    RETURN_IF_ERROR(insert.status());
  }
  return message_id;
}

absl::StatusOr<int64_t> MessageStore::Find(const std::string& path_hash) {
  sql::Statement select =
      connection_.Prepare("SELECT message_id FROM messages WHERE path_hash = ?");
  const int64_t message_id = select.Bind(sql::Blob{path_hash}).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return message_id;
}

absl::StatusOr<int64_t> MessageStore::UnsharedBytes(int64_t last_message_id) {
  int64_t bytes = 0;
  for (int64_t message_id = last_message_id; message_id != 0;) {
    sql::Statement select = connection_.Prepare(
        "SELECT parent_id, uses, LENGTH(body) FROM messages WHERE message_id = ?");
    if (!select.Bind(message_id).Next()) {
      RETURN_IF_ERROR(select.status());
      break;
    }
    if (select.Int64(1) > 1) break;
    bytes += select.Int64(2);
    message_id = select.Int64(0);
  }
  return bytes;
}

absl::StatusOr<std::vector<std::string>> MessageStore::Read(int64_t last_message_id) {
  std::vector<std::string> bodies;
  for (int64_t message_id = last_message_id; message_id != 0;) {
    sql::Statement select =
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

absl::Status MessageStore::Release(const PayloadPlace& place) {
  if (place.form != PayloadForm::kShared) return absl::OkStatus();
  // Up to the first that something else uses.
  for (int64_t message_id = place.place; message_id != 0;) {
    sql::Statement select =
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

absl::Status MessageStore::ReleaseOf(int64_t sequence) {
  sql::Statement select = connection_.Prepare(
      "SELECT payload_form, payload_place FROM interactions WHERE sequence = ?");
  if (!select.Bind(sequence).Next()) return select.status();
  const PayloadPlace place = {static_cast<PayloadForm>(select.Int64(0)), select.Int64(1)};
  select.Reset();
  return Release(place);
}

absl::Status MessageStore::CountUsesAnew() {
  static constexpr auto kDeleteSql = sql::Text(R"sql(
      WITH RECURSIVE used (message_id) AS (
        SELECT payload_place FROM interactions WHERE payload_form = )sql") +
                                     sql::kLiteral<PayloadForm::kShared> + R"sql(
        UNION
        SELECT messages.parent_id FROM messages
        JOIN used ON messages.message_id = used.message_id)
      DELETE FROM messages WHERE message_id NOT IN (SELECT message_id FROM used))sql";
  static constexpr auto kCountSql = sql::Text("UPDATE messages SET uses = counted.uses FROM (") +
                                    kCountedSql +
                                    ") AS counted WHERE counted.message_id = messages.message_id";
  RETURN_IF_ERROR(connection_.Prepare(kDeleteSql).Run());
  return connection_.Prepare(kCountSql).Run();
}

absl::StatusOr<int64_t> MessageStore::CountMiscounted() {
  static constexpr auto kSql = sql::Text("WITH counted AS (") + kCountedSql + R"sql()
      SELECT (SELECT COUNT(*) FROM messages
              LEFT JOIN counted ON counted.message_id = messages.message_id
              WHERE COALESCE(counted.uses, 0) <> messages.uses)
           + (SELECT COUNT(*) FROM counted
              LEFT JOIN messages ON messages.message_id = counted.message_id
              WHERE messages.message_id IS NULL))sql";
  sql::Statement select = connection_.Prepare(kSql);
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::ingest
