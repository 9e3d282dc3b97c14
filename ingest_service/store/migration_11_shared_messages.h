// Migration 11: messages that several turns repeat are stored once.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_11_SHARED_MESSAGES_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_11_SHARED_MESSAGES_H_

namespace flywheel::ingest {

// Interactions of before keep their messages in their payloads.
inline constexpr char kSharedMessagesSql[] = R"sql(
CREATE TABLE messages (
  -- A tree of what conversations said: a message once, however many turns repeat it. An interaction
  -- whose payload_form is 5 has in payload_place the last of its messages.
  message_id INTEGER NOT NULL PRIMARY KEY,  -- above that of the message before it
  parent_id INTEGER NOT NULL,       -- the message before it; 0 for the first
  path_hash BLOB NOT NULL,          -- of the project and all messages up to this one
  uses INTEGER NOT NULL,            -- interactions that end with it and messages that follow it
  body BLOB NOT NULL                -- flywheel.common.v1.Message, redacted
) STRICT;
CREATE UNIQUE INDEX messages_by_path
  -- What a conversation has in common with others is found from its end.
  ON messages (path_hash);
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_11_SHARED_MESSAGES_H_
