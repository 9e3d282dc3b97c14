// Migration 6: makes the record's tables STRICT, in the words of SQLite.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_06_STRICT_RECORD_TABLES_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_06_STRICT_RECORD_TABLES_H_

namespace flywheel::curation {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, children with their parent;
// they are dropped before it, so that no row of the parent is looked for.
inline constexpr char kStrictRecordTablesSql[] = R"sql(
DROP INDEX interactions_by_session;
DROP INDEX interactions_by_sequence;
DROP INDEX signals_by_interaction;
DROP INDEX signals_by_session;
DROP INDEX signals_by_sequence;
DROP INDEX scores_by_agent;
DROP INDEX erasures_by_sequence;
DROP INDEX erasures_to_report;
DROP INDEX erasures_finished;

ALTER TABLE feed_cursors RENAME TO old_feed_cursors;
CREATE TABLE feed_cursors (
  -- How far each feed was read. Written in the transaction of what was read, so that a record takes
  -- effect exactly once.
  feed TEXT NOT NULL PRIMARY KEY,
  next_cursor INTEGER NOT NULL
) STRICT;
INSERT INTO feed_cursors (feed, next_cursor) SELECT feed, next_cursor FROM old_feed_cursors;
DROP TABLE old_feed_cursors;

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
  input TEXT NOT NULL,
  output TEXT NOT NULL,
  tool_calls TEXT NOT NULL,       -- JSON
  attributes TEXT NOT NULL,       -- JSON
  noise INTEGER NOT NULL,         -- 1: no real use; no dataset has it
  PRIMARY KEY (project, interaction_id)
) STRICT;
INSERT INTO interactions (project, interaction_id, sequence, session_id, user_id, agent,
                          model_version, input, output, tool_calls, attributes, noise)
  SELECT project, interaction_id, sequence, session_id, user_id, agent, model_version, input,
         output, tool_calls, attributes, noise
  FROM old_interactions ORDER BY rowid;
DROP TABLE old_interactions;
CREATE INDEX interactions_by_session
  -- A signal about a session concerns its interactions; scoring looks at the first of them.
  ON interactions (project, session_id, sequence);
CREATE INDEX interactions_by_sequence
  -- What left ingest is named by its place in the feed.
  ON interactions (sequence);

ALTER TABLE signals RENAME TO old_signals;
CREATE TABLE signals (
  -- What people did about it: the newest revision of each signal. The interaction may come later,
  -- so there is no foreign key.
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sequence INTEGER NOT NULL,      -- its place in the feed
  interaction_id TEXT NOT NULL,   -- of this and the next one is empty
  session_id TEXT NOT NULL,
  event_time_us INTEGER NOT NULL,
  actor INTEGER NOT NULL,         -- domain/record.h: Actor
  actor_id TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- SignalKind
  value REAL NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (project, signal_id)
) STRICT;
INSERT INTO signals (project, signal_id, revision, sequence, interaction_id, session_id,
                     event_time_us, actor, actor_id, kind, value, text)
  SELECT project, signal_id, revision, sequence, interaction_id, session_id, event_time_us, actor,
         actor_id, kind, value, text
  FROM old_signals ORDER BY rowid;
DROP TABLE old_signals;
CREATE INDEX signals_by_interaction
  -- Scoring reads the newest signals of an interaction, and stops after those.
  ON signals (project, interaction_id, sequence);
CREATE INDEX signals_by_session
  -- The same of its session.
  ON signals (project, session_id, sequence);
CREATE INDEX signals_by_sequence
  -- What left ingest is named by its place in the feed.
  ON signals (sequence);

ALTER TABLE scores RENAME TO old_scores;
CREATE TABLE scores (
  -- What the signals say: one row for each interaction that has a score, made anew whenever a
  -- signal comes. agent, sequence and noise repeat the interaction's.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  implicit_score REAL NOT NULL,
  combined_score REAL NOT NULL,
  tier INTEGER NOT NULL,              -- domain/tier.h: Tier
  staff_approved INTEGER NOT NULL,
  correction_actor INTEGER NOT NULL,  -- Actor; 0 where nobody corrected it
  correction_actor_id TEXT NOT NULL,
  correction TEXT NOT NULL,
  noise INTEGER NOT NULL,
  PRIMARY KEY (project, interaction_id)
) STRICT;
INSERT INTO scores (project, interaction_id, agent, sequence, implicit_score, combined_score, tier,
                    staff_approved, correction_actor, correction_actor_id, correction, noise)
  SELECT project, interaction_id, agent, sequence, implicit_score, combined_score, tier,
         staff_approved, correction_actor, correction_actor_id, correction, noise
  FROM old_scores ORDER BY rowid;
DROP TABLE old_scores;
CREATE INDEX scores_by_agent
  -- Building reads an agent's scores in feed order; the trigger counts those of real use after a
  -- place in the feed, in the index alone.
  ON scores (project, agent, sequence, combined_score, noise);

ALTER TABLE record_counts RENAME TO old_record_counts;
CREATE TABLE record_counts (
  -- How many interactions of a project were read (tier 0), and how many of them have a score of
  -- which tier. Kept in the transaction of what they count, so that telling the progress costs the
  -- same for ten interactions and ten million.
  project TEXT NOT NULL,
  tier INTEGER NOT NULL,
  interactions INTEGER NOT NULL,
  PRIMARY KEY (project, tier)
) STRICT;
INSERT INTO record_counts (project, tier, interactions)
  SELECT project, tier, interactions FROM old_record_counts;
DROP TABLE old_record_counts;

ALTER TABLE erasures RENAME TO old_erasures;
CREATE TABLE erasures (
  -- Erasures whose tombstones were read.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  erased_rows INTEGER NOT NULL,   -- that they took here
  last_sequence INTEGER NOT NULL, -- the place of the newest tombstone in the feed
  complete INTEGER NOT NULL,      -- 1: that was the last one
  reported INTEGER NOT NULL,      -- 1: ingest knows that this store is clean
  PRIMARY KEY (project, erasure_id)
) STRICT;
INSERT INTO erasures (project, erasure_id, erased_rows, last_sequence, complete, reported)
  SELECT project, erasure_id, erased_rows, last_sequence, complete, reported FROM old_erasures;
DROP TABLE old_erasures;
CREATE INDEX erasures_by_sequence
  -- A build asks whether somebody was erased since it began.
  ON erasures (project, last_sequence);
CREATE INDEX erasures_to_report
  -- What ingest is still to be told.
  ON erasures (project, erasure_id) WHERE complete = 1 AND reported = 0;
CREATE INDEX erasures_finished
  -- Erasures of all projects that are worked through, in the order in which they were: whoever
  -- keeps copies asks for them.
  ON erasures (last_sequence) WHERE complete = 1;

ALTER TABLE training_refusals RENAME TO old_training_refusals;
CREATE TABLE training_refusals (
  -- People whose records may not be trained on, or evaluated with.
  project TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (project, user_id)
) STRICT;
INSERT INTO training_refusals (project, user_id) SELECT project, user_id FROM old_training_refusals;
DROP TABLE old_training_refusals;
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_06_STRICT_RECORD_TABLES_H_
