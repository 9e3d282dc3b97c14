// Migration 17: messages that several turns and rows repeat are stored once.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_17_SHARED_MESSAGES_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_17_SHARED_MESSAGES_H_

namespace flywheel::curation {

// Turns and rows of before keep their messages.
inline constexpr char kSharedMessagesSql[] = R"sql(
CREATE TABLE messages (
  -- A tree of what conversations said: a message once, however many turns and rows repeat it.
  message_id INTEGER NOT NULL PRIMARY KEY,  -- above that of the message before it
  parent_id INTEGER NOT NULL,       -- the message before it; 0 for the first
  path_hash BLOB NOT NULL,          -- of the project and all messages up to this one
  uses INTEGER NOT NULL,            -- turns and rows that end with it, and messages that follow it
  body BLOB NOT NULL                -- JSON: store/message_columns.h
) STRICT;
CREATE UNIQUE INDEX messages_by_path
  -- What a conversation has in common with others is found from its end.
  ON messages (path_hash);

DROP INDEX interactions_by_sequence;
DROP INDEX interactions_by_session;
ALTER TABLE interactions RENAME TO old_interactions;
CREATE TABLE interactions (
  -- What agents did, as ingest keeps it, without what curation has no use for. Immutable.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,      -- its place in the feed
  session_id TEXT NOT NULL,       -- empty where it has none
  user_id TEXT NOT NULL,          -- a pseudonym; empty where nobody is known
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,    -- empty where unknown
  prompt_version TEXT NOT NULL,   -- the same
  input TEXT NOT NULL,            -- the short form of the messages
  output TEXT NOT NULL,
  last_message_id INTEGER NOT NULL,    -- of history and messages in the tree; 0: they stand here
  history_messages INTEGER NOT NULL,   -- how many of those are history
  history TEXT NOT NULL,          -- JSON: store/message_columns.h
  messages TEXT NOT NULL,         -- JSON; [] where the short form is all
  tools TEXT NOT NULL,            -- JSON
  contexts TEXT NOT NULL,         -- JSON
  attributes TEXT NOT NULL,       -- JSON
  failure_kind TEXT NOT NULL,     -- of what the agent reported; empty where it answered
  noise INTEGER NOT NULL,         -- 1: no real use; no dataset has it
  PRIMARY KEY (project, interaction_id)
) STRICT;
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent,
                          model_version, prompt_version, input, output, last_message_id,
                          history_messages, history, messages, tools, contexts, attributes,
                          failure_kind, noise)
  SELECT o.project, o.interaction_id, o.sequence, o.session_id, o.user_id, o.agent, o.model_version,
         o.prompt_version, o.input, o.output, 0, 0, o.history, o.messages, o.tools, o.contexts,
         o.attributes, o.failure_kind, o.noise
  FROM old_interactions AS o ORDER BY o.rowid;
DROP TABLE old_interactions;

CREATE INDEX interactions_by_sequence
  -- What left ingest is named by its place in the feed.
  ON interactions (sequence);
CREATE INDEX interactions_by_session
  -- A signal about a session concerns its interactions; scoring looks at the first of them.
  ON interactions (project, session_id, sequence);

DROP INDEX dataset_rows_by_interaction;
ALTER TABLE dataset_rows RENAME TO old_dataset_rows;
CREATE TABLE dataset_rows (
  -- Their rows, whole, so that a version stays what it was. A row that was erased stays as an empty
  -- place, so that the others keep theirs.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,     -- from 0, in feed order
  interaction_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  split INTEGER NOT NULL,         -- domain/dataset.h: Split
  prompt_message_id INTEGER NOT NULL,  -- the last one of prompt in the tree; 0: it stands here
  prompt TEXT NOT NULL,           -- JSON: store/message_columns.h; [] where input is all
  ideal TEXT NOT NULL,            -- JSON; [] where ideal_output is all
  input TEXT NOT NULL,            -- the short form of prompt and ideal
  ideal_output TEXT NOT NULL,
  tools TEXT NOT NULL,            -- JSON
  contexts TEXT NOT NULL,         -- JSON
  tier INTEGER NOT NULL,          -- domain/tier.h: Tier
  score REAL NOT NULL,
  source INTEGER NOT NULL,        -- RowSource
  provenance INTEGER NOT NULL,    -- Provenance
  cohort TEXT NOT NULL,
  labels TEXT NOT NULL,           -- JSON: the attributes of the interaction
  failure_mode TEXT NOT NULL,     -- empty where nobody said what went wrong
  signal_ids TEXT NOT NULL,       -- JSON: those that made the row
  reported_output TEXT NOT NULL,
  model_version TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (project, dataset_version_id, row_index),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split,
                          prompt_message_id, prompt, ideal, input, ideal_output, tools, contexts,
                          tier, score, source, provenance, cohort, labels, failure_mode, signal_ids,
                          reported_output, model_version, prompt_version, erased)
  SELECT o.project, o.dataset_version_id, o.row_index, o.interaction_id, o.session_id, o.split, 0,
         o.prompt, o.ideal, o.input, o.ideal_output, o.tools, o.contexts, o.tier, o.score, o.source,
         o.provenance, o.cohort, o.labels, o.failure_mode, o.signal_ids, o.reported_output,
         o.model_version, o.prompt_version, o.erased
  FROM old_dataset_rows AS o ORDER BY o.rowid;
DROP TABLE old_dataset_rows;

CREATE INDEX dataset_rows_by_interaction
  -- The rows that an interaction is in, which leave with it.
  ON dataset_rows (project, interaction_id) WHERE interaction_id <> '';
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_17_SHARED_MESSAGES_H_
