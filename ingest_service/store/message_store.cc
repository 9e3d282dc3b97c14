#include "ingest_service/store/message_store.h"

#include "shared/sql/text.h"
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

absl::Status MessageStore::Release(const PayloadPlace& place) {
  if (place.form != PayloadForm::kShared) return absl::OkStatus();
  return MessageTree::Release(place.place);
}

absl::StatusOr<int64_t> MessageStore::UnsharedBytes(int64_t last_message_id) {
  int64_t bytes = 0;
  for (int64_t message_id = last_message_id; message_id != 0;) {
    sql::Statement select = connection().Prepare(
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

absl::Status MessageStore::ReleaseOf(int64_t sequence) {
  sql::Statement select = connection().Prepare(
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
  RETURN_IF_ERROR(connection().Prepare(kDeleteSql).Run());
  return connection().Prepare(kCountSql).Run();
}

absl::StatusOr<int64_t> MessageStore::CountMiscounted() {
  static constexpr auto kSql = sql::Text("WITH counted AS (") + kCountedSql + R"sql()
      SELECT (SELECT COUNT(*) FROM messages
              LEFT JOIN counted ON counted.message_id = messages.message_id
              WHERE COALESCE(counted.uses, 0) <> messages.uses)
           + (SELECT COUNT(*) FROM counted
              LEFT JOIN messages ON messages.message_id = counted.message_id
              WHERE messages.message_id IS NULL))sql";
  sql::Statement select = connection().Prepare(kSql);
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

}  // namespace flywheel::ingest
