// Migration 7: makes the record's tables STRICT.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_07_STRICT_RECORD_TABLES_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_07_STRICT_RECORD_TABLES_H_

namespace flywheel::ingest {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, children with their parent;
// they are dropped before it, so that no row of the parent is looked for.
inline constexpr char kStrictRecordTablesSql[] = R"sql(
DROP INDEX interactions_by_id;
DROP INDEX interactions_by_session;
DROP INDEX interactions_by_project;
DROP INDEX interactions_by_user;
DROP INDEX signals_by_id;
DROP INDEX signals_by_interaction;
DROP INDEX signals_by_session;
DROP INDEX signals_by_project;
DROP INDEX signals_by_actor;
DROP INDEX signals_by_evaluation;
DROP INDEX signals_without_kind;

ALTER TABLE interactions RENAME TO old_interactions;
ALTER TABLE interaction_attributes RENAME TO old_interaction_attributes;
CREATE TABLE interactions (
  -- One row an interaction. Immutable, but that payloads grow old: see payload_form.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- its place in the feed, which it shares with signals
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,       -- HMAC of what was sent, before redaction: replay or conflict
  session_id TEXT NOT NULL,         -- empty where it has none
  user_pseudonym TEXT NOT NULL,     -- empty where nobody is known; never a clear id
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  start_time_us INTEGER NOT NULL,
  commit_time_us INTEGER NOT NULL,
  tool_calls INTEGER NOT NULL,      -- counted once, so that statistics need no payload
  payload BLOB NOT NULL,            -- flywheel.ingest.v1.Interaction, in the form that follows
  noise INTEGER NOT NULL,           -- bit n-1 is flywheel.ingest.v1.Noise n; 0 is real use
  -- With which probability a record like this was kept when old ones were thinned out.
  inclusion_probability REAL NOT NULL,
  -- How payload is kept (domain/payload_form.h): 0 as it is; 1 a zstd frame that needs the
  -- dictionary payload_place (0: none); 2 in the archive: in the frame payload_place, and payload
  -- is its number there and its size; 3 and 4 empty. A thinned row (3) keeps its id and hash, so
  -- that a resend is a replay, and nothing else.
  payload_form INTEGER NOT NULL,
  payload_place INTEGER NOT NULL
) STRICT;
INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id,
                          user_pseudonym, agent, model_version, start_time_us, commit_time_us,
                          tool_calls, payload, noise, inclusion_probability, payload_form,
                          payload_place)
  SELECT sequence, project, interaction_id, content_hash, session_id, user_pseudonym, agent,
         model_version, start_time, commit_time, tool_calls, payload, noise, inclusion_probability,
         payload_form, payload_place
  FROM old_interactions;
CREATE UNIQUE INDEX interactions_by_id
  -- The client's id decides what is new: every write looks here.
  ON interactions (project, interaction_id);
CREATE INDEX interactions_by_session
  -- Conversations are read whole.
  ON interactions (project, session_id, sequence) WHERE session_id <> '';
CREATE INDEX interactions_by_project
  -- Lists and the feed of one project read in commit order, without the other projects.
  ON interactions (project, sequence);
CREATE INDEX interactions_by_user
  -- Whose records are erased, held or filtered.
  ON interactions (project, user_pseudonym, sequence) WHERE user_pseudonym <> '';

CREATE TABLE interaction_attributes (
  -- What interactions are grouped and filtered by.
  sequence INTEGER NOT NULL REFERENCES interactions (sequence),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (sequence, name)
) STRICT;
INSERT INTO interaction_attributes (sequence, name, value)
  SELECT sequence, name, value
  FROM old_interaction_attributes;
DROP TABLE old_interaction_attributes;
DROP TABLE old_interactions;

ALTER TABLE signals RENAME TO old_signals;
CREATE TABLE signals (
  -- One row a revision of a signal, immutable. The highest revision counts.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- its place in the feed
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content_hash BLOB NOT NULL,       -- as that of interactions
  interaction_id TEXT NOT NULL,     -- empty where the signal is about a session
  session_id TEXT NOT NULL,         -- empty where it is about an interaction
  event_time_us INTEGER NOT NULL,
  commit_time_us INTEGER NOT NULL,
  evaluation_name TEXT NOT NULL,    -- empty where the signal is no evaluation
  evaluation_score REAL NOT NULL,
  payload BLOB NOT NULL,            -- flywheel.ingest.v1.Signal
  actor_pseudonym TEXT NOT NULL,    -- who gave it; empty where nobody is known
  -- Signal.kind's field number, which lists filter by; 0 in rows of an early version, until the
  -- service has filled it in at its start.
  kind INTEGER NOT NULL
) STRICT;
INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id,
                     session_id, event_time_us, commit_time_us, evaluation_name, evaluation_score,
                     payload, actor_pseudonym, kind)
  SELECT sequence, project, signal_id, revision, content_hash, interaction_id, session_id,
         event_time, commit_time, evaluation_name, evaluation_score, payload, actor_pseudonym, kind
  FROM old_signals;
DROP TABLE old_signals;
CREATE UNIQUE INDEX signals_by_id
  -- The client's id and revision decide what is new.
  ON signals (project, signal_id, revision);
CREATE INDEX signals_by_interaction
  -- An interaction is shown with its signals, which may have come before it.
  ON signals (project, interaction_id, sequence) WHERE interaction_id <> '';
CREATE INDEX signals_by_session
  -- The feedback of a session is read whole.
  ON signals (project, session_id, sequence) WHERE session_id <> '';
CREATE INDEX signals_by_project
  -- The feed of one project reads in commit order, without the other projects.
  ON signals (project, sequence);
CREATE INDEX signals_by_actor
  -- Whose records are erased.
  ON signals (project, actor_pseudonym, sequence) WHERE actor_pseudonym <> '';
CREATE INDEX signals_by_evaluation
  -- Means are over evaluations, which are few among signals.
  ON signals (project, evaluation_name) WHERE evaluation_name <> '';
CREATE INDEX signals_without_kind
  -- Rows whose columns are still to be filled in.
  ON signals (sequence) WHERE kind = 0;

ALTER TABLE project_totals RENAME TO old_project_totals;
CREATE TABLE project_totals (
  -- One row a project, kept by every write, so that counting needs no reading.
  project TEXT NOT NULL PRIMARY KEY,
  interactions INTEGER NOT NULL,
  signals INTEGER NOT NULL,         -- every revision
  tool_calls INTEGER NOT NULL       -- in the interactions
) STRICT;
INSERT INTO project_totals (project, interactions, signals, tool_calls)
  SELECT project, interactions, signals, tool_calls
  FROM old_project_totals;
DROP TABLE old_project_totals;

ALTER TABLE feed_head RENAME TO old_feed_head;
CREATE TABLE feed_head (
  -- One row: the newest sequence that was ever given out. What is deleted later keeps its number,
  -- so that a reader never meets another record under a number that it has passed.
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  last_sequence INTEGER NOT NULL
) STRICT;
INSERT INTO feed_head (id, last_sequence)
  SELECT id, last_sequence
  FROM old_feed_head;
DROP TABLE old_feed_head;
)sql";

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATION_07_STRICT_RECORD_TABLES_H_
