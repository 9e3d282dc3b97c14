// Migration 15: outcomes that come from ingest's feed, and the erasure of people.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_15_FEED_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_15_FEED_H_

namespace flywheel::experiment {

// Until now every outcome was sent by a client.
inline constexpr char kFeedSql[] = R"sql(
-- domain/outcome_source.h: SourceKind; 0: outcomes are sent, and then the other four say nothing.
ALTER TABLE experiment_metrics ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment_metrics ADD COLUMN source_signals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment_metrics ADD COLUMN source_every_interaction INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiment_metrics ADD COLUMN source_name TEXT NOT NULL DEFAULT '';
ALTER TABLE experiment_metrics ADD COLUMN source_number INTEGER NOT NULL DEFAULT 0;

CREATE INDEX outcomes_by_unit
  -- Those of a person who is erased, and of an experiment that ended long ago.
  ON outcomes (experiment, unit_hash);

CREATE TABLE feed_cursor (
  -- One row: how far ingest's feed was read. It moves in the write of what was read.
  id INTEGER NOT NULL PRIMARY KEY,  -- 1
  sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE feed_interactions (
  -- Interactions that were served under an experiment: whose outcomes theirs are, and whom to
  -- forget when they are erased. As long as the outcomes of their experiment.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,        -- the place in the feed
  session_hash BLOB NOT NULL,       -- as unit_hash, of the session's id; empty where there is none
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,          -- as in experiment_units
  arm INTEGER NOT NULL,             -- experiment_arms.position
  expose_time_us INTEGER NOT NULL,  -- of the assignment that served it
  event_time_us INTEGER NOT NULL,   -- when the answer was there
  served_version TEXT NOT NULL,     -- empty: that of the arm
  PRIMARY KEY (project, interaction_id)
) STRICT;
CREATE INDEX feed_interactions_by_sequence
  -- Tombstones name places in the feed.
  ON feed_interactions (project, sequence);
CREATE INDEX feed_interactions_by_session
  -- What a signal about a session counts for.
  ON feed_interactions (project, session_hash, event_time_us, sequence)
  WHERE session_hash <> x'';
CREATE INDEX feed_interactions_by_unit
  -- Whether a unit has others; and those of an experiment.
  ON feed_interactions (experiment, unit_hash);

CREATE TABLE feed_signals (
  -- The newest revision of each signal that a metric of a running experiment asks for.
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,        -- the place of the revision in the feed
  revision INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- domain/feed_record.h: FeedSignalKind
  name TEXT NOT NULL,               -- of an evaluation; else empty
  value REAL NOT NULL,
  event_time_us INTEGER NOT NULL,
  session_hash BLOB NOT NULL,       -- of the session that it is about; empty: about an interaction
  interaction_id TEXT NOT NULL,     -- that it counts for; empty: none of the session is known yet
  experiment INTEGER NOT NULL,      -- that of the interaction; 0: the signal waits for it
  receive_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, signal_id)
) STRICT;
CREATE INDEX feed_signals_by_sequence
  -- Tombstones name places in the feed.
  ON feed_signals (project, sequence);
CREATE INDEX feed_signals_by_interaction
  -- The newest decides what an interaction's outcome is.
  ON feed_signals (project, interaction_id, sequence);
CREATE INDEX feed_signals_by_session
  -- Another interaction of the session may be the one that they count for.
  ON feed_signals (project, session_hash, sequence) WHERE session_hash <> x'';
CREATE INDEX feed_signals_by_experiment
  -- Nobody asks for them any more once it was stopped; and those that wait, by age.
  ON feed_signals (experiment, receive_time_us);

CREATE TABLE erased_units (
  -- That an assignment from before the erasure of its unit brings nothing back.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  erasure_key BLOB NOT NULL,        -- a hash of experiment_units.unit_hash
  erase_time_us INTEGER NOT NULL,
  PRIMARY KEY (experiment, erasure_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
  -- Erasures whose tombstones were read.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  erased_rows INTEGER NOT NULL,     -- that they took here
  last_sequence INTEGER NOT NULL,   -- the place of the newest tombstone in the feed
  complete INTEGER NOT NULL,        -- 1: that was the last one
  reported INTEGER NOT NULL,        -- 1: ingest knows that this store is clean
  PRIMARY KEY (project, erasure_id)
) STRICT;
CREATE INDEX erasures_to_report
  -- What is done here, and not known to ingest.
  ON erasures (project, erasure_id) WHERE complete = 1 AND reported = 0;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_15_FEED_H_
