PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      );
CREATE TABLE active_versions (
  -- The promotion that counts now, one row an agent.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  promotion_id TEXT NOT NULL,
  PRIMARY KEY (project, agent),
  FOREIGN KEY (project, promotion_id) REFERENCES promotions (project, promotion_id)
) STRICT;

CREATE TABLE arm_tallies (
  -- What the units of an arm add up to, kept with every change of a unit, so that a start reads a
  -- row an arm and not a row a unit.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  exposed_units INTEGER NOT NULL,
  mixed_units INTEGER NOT NULL,     -- of them; in nothing below
  matured_units INTEGER NOT NULL,   -- whose outcomes should be there
  fallback_outcomes INTEGER NOT NULL,  -- of units that were served without an assignment
  PRIMARY KEY (experiment, arm)
) STRICT;

CREATE TABLE audit_events (
  -- One row a decision or refusal, append-only until it is too old. Names no person.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- in the order of their commits
  event_time_us INTEGER NOT NULL,
  project TEXT NOT NULL,
  key_id TEXT NOT NULL,           -- empty where the service had no keys
  method TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  reason INTEGER NOT NULL,        -- why it was refused (shared/status/reason.h); 0: done
  request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_events_by_project
  -- Lists of a project, the newest first.
  ON audit_events (project, sequence);

CREATE INDEX audit_events_by_time
  -- What is too old.
  ON audit_events (event_time_us);

CREATE TABLE decisions (
  -- Every change of what stands for a treatment, with what it was decided by; append-only.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  sequence INTEGER NOT NULL,        -- from 1, of an experiment
  arm INTEGER NOT NULL,             -- experiment_arms.position
  recommendation INTEGER NOT NULL,  -- domain/decision.h: Recommendation
  reason INTEGER NOT NULL,          -- RecommendationReason
  message TEXT NOT NULL,
  decide_time_us INTEGER NOT NULL,
  counts TEXT NOT NULL,             -- of all arms: domain/counts_text.h
  analysis_hash BLOB NOT NULL,      -- SHA-256 of domain/analysis_text.h
  PRIMARY KEY (experiment, sequence)
) STRICT;

CREATE INDEX decisions_by_arm
  -- What stands for an arm.
  ON decisions (experiment, arm, sequence);

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

CREATE TABLE experiment_arms (
  -- The arms, in the experiment's order, which assignment depends on.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  position INTEGER NOT NULL,      -- from 0
  arm_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  weight REAL NOT NULL,
  control INTEGER NOT NULL,
  waived INTEGER NOT NULL,        -- 1: the waiver stands in for a PASS of the version
  PRIMARY KEY (experiment, position)
) STRICT;

CREATE TABLE experiment_metrics (
  -- The metrics of a plan; the first one decides.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  position INTEGER NOT NULL,      -- from 0
  name TEXT NOT NULL,
  goal INTEGER NOT NULL,          -- domain/experiment.h: Goal
  min_lift REAL NOT NULL,
  margin REAL NOT NULL,
  value_without_outcome REAL, aggregation INTEGER NOT NULL DEFAULT 1, direction INTEGER NOT NULL DEFAULT 1, scale INTEGER NOT NULL DEFAULT 1, cap REAL, source INTEGER NOT NULL DEFAULT 0, source_signals INTEGER NOT NULL DEFAULT 0, source_every_interaction INTEGER NOT NULL DEFAULT 0, source_name TEXT NOT NULL DEFAULT '', source_number INTEGER NOT NULL DEFAULT 0, denominator TEXT NOT NULL DEFAULT '', secondary INTEGER NOT NULL DEFAULT 0, quantile REAL, cap_quantile REAL,     -- NULL: units without an outcome are left out
  PRIMARY KEY (experiment, position)
) STRICT;

CREATE TABLE experiment_segments (
  -- The segments of a plan, one row a value; what none names is value 0, "other".
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  segment INTEGER NOT NULL,       -- from 0
  name TEXT NOT NULL,             -- of the attribute
  value INTEGER NOT NULL,         -- from 1
  value_name TEXT NOT NULL,
  PRIMARY KEY (experiment, segment, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_units (
  -- One row a unit that was exposed, or of which a fallback is known: what the tallies could be
  -- rebuilt from.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- 16 bytes: of project and unit id; the id itself is never kept
  arm INTEGER NOT NULL,           -- experiment_arms.position
  expose_time_us INTEGER,         -- for the first time; NULL: never
  mixed_outcomes INTEGER NOT NULL,   -- that were served another version than the arm's
  mixed_fallbacks INTEGER NOT NULL,  -- the same of those without an assignment
  totals BLOB NOT NULL, segments BLOB NOT NULL DEFAULT x'',           -- of its outcomes: store/unit_totals_bytes.h
  PRIMARY KEY (experiment, unit_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX experiment_units_by_time
  -- Those that come of age.
  ON experiment_units (experiment, expose_time_us);

CREATE TABLE experiments (
  -- One row an experiment; only state, stop_time_us and stop_reason ever change, once.
  ordinal INTEGER NOT NULL PRIMARY KEY,  -- in the order of their making; stands for it elsewhere
  project TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  unit INTEGER NOT NULL,          -- domain/experiment.h: Unit
  alpha REAL NOT NULL,
  planned_units INTEGER NOT NULL,
  min_units_per_arm INTEGER NOT NULL,
  waiver_owner TEXT NOT NULL,     -- empty where nobody waived the gate
  waiver_reason TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  state INTEGER NOT NULL,         -- State
  stop_time_us INTEGER NOT NULL,  -- 0 while it runs
  stop_reason TEXT NOT NULL
, created_by TEXT NOT NULL DEFAULT '', stopped_by TEXT NOT NULL DEFAULT '', outcome_window_us INTEGER NOT NULL DEFAULT 0, matured_through_us INTEGER NOT NULL DEFAULT 0, min_units INTEGER NOT NULL DEFAULT 0, min_duration_us INTEGER NOT NULL DEFAULT 0, max_duration_us INTEGER NOT NULL DEFAULT 0, hold_untrusted_harm INTEGER NOT NULL DEFAULT 0, ramp_phase INTEGER NOT NULL DEFAULT 0, ramp_promote INTEGER NOT NULL DEFAULT 0, ramp_step INTEGER NOT NULL DEFAULT 0, ramp_step_time_us INTEGER NOT NULL DEFAULT 0, ramp_message TEXT NOT NULL DEFAULT '', assignment_salt BLOB NOT NULL DEFAULT x'') STRICT;

CREATE INDEX experiments_by_agent
  -- Lists of one agent.
  ON experiments (project, agent, ordinal);

CREATE UNIQUE INDEX experiments_by_id
  -- The client's id decides what is new.
  ON experiments (project, experiment_id);

CREATE INDEX experiments_by_project
  -- Lists, the newest first.
  ON experiments (project, ordinal);

CREATE UNIQUE INDEX experiments_running
  -- At most one running experiment (State::kRunning) an agent, whatever a program does; finds it.
  ON experiments (project, agent) WHERE state = 1;

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

CREATE INDEX feed_signals_by_experiment
  -- Nobody asks for them any more once it was stopped; and those that wait, by age.
  ON feed_signals (experiment, receive_time_us);

CREATE INDEX feed_signals_by_interaction
  -- The newest decides what an interaction's outcome is.
  ON feed_signals (project, interaction_id, sequence);

CREATE INDEX feed_signals_by_sequence
  -- Tombstones name places in the feed.
  ON feed_signals (project, sequence);

CREATE INDEX feed_signals_by_session
  -- Another interaction of the session may be the one that they count for.
  ON feed_signals (project, session_hash, sequence) WHERE session_hash <> x'';

CREATE TABLE "metric_tallies" (
  -- The same of the outcomes of a metric. Sums are bytes() of domain/exact_sum.h.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  metric INTEGER NOT NULL,          -- experiment_metrics.position
  units INTEGER NOT NULL,           -- with an outcome
  outcomes INTEGER NOT NULL,
  matured_units INTEGER NOT NULL,   -- of those units
  other_units INTEGER NOT NULL,     -- units whose value is neither 0 nor 1
  value_sum BLOB NOT NULL,          -- of the units' values
  square_sum BLOB NOT NULL,         -- of their squares
  denominator_sum BLOB NOT NULL DEFAULT x'',         -- of a ratio: of the units' denominators
  denominator_square_sum BLOB NOT NULL DEFAULT x'',  -- of their squares
  product_sum BLOB NOT NULL DEFAULT x'',             -- of value times denominator
  histogram BLOB NOT NULL DEFAULT x'',               -- of the units' values
  PRIMARY KEY (experiment, arm, metric)
) STRICT;

CREATE TABLE "outcomes" (
  -- One row an outcome, of any metric: tells a replay from a conflict, and is what an analysis can
  -- be audited with.
  project TEXT NOT NULL,
  outcome_id TEXT NOT NULL,
  content_hash BLOB NOT NULL,     -- SHA-256 of the columns below but receive_time_us
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  unit_hash BLOB NOT NULL,        -- as in experiment_units
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  event_time_us INTEGER NOT NULL,
  receive_time_us INTEGER NOT NULL,
  served_version TEXT NOT NULL,   -- empty: that of the unit's arm
  fallback INTEGER NOT NULL,      -- 1: without an assignment
  revision INTEGER NOT NULL,
  PRIMARY KEY (project, outcome_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outcomes_by_unit
  -- Those of a person who is erased, and of an experiment that ended long ago.
  ON outcomes (experiment, unit_hash);

CREATE TABLE promotions (
  -- Every promotion that ever was, immutable: who or what made a version the active one.
  project TEXT NOT NULL,
  promotion_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's promotions from 1
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  experiment_id TEXT NOT NULL,    -- empty with a waiver
  waiver_owner TEXT NOT NULL,     -- empty with an experiment
  waiver_reason TEXT NOT NULL,
  promote_time_us INTEGER NOT NULL,
  promoted_by TEXT NOT NULL, decision INTEGER NOT NULL DEFAULT 0,      -- the id of a key; empty where the service had none
  PRIMARY KEY (project, promotion_id)
) STRICT;

CREATE INDEX promotions_by_agent
  -- The listing of one agent.
  ON promotions (project, agent, ordinal);

CREATE INDEX promotions_by_model_version
  -- The listing of one version.
  ON promotions (project, model_version, ordinal);

CREATE UNIQUE INDEX promotions_by_ordinal
  -- The listing of a project; and no two promotions in one place.
  ON promotions (project, ordinal);

CREATE TABLE ramp_events (
  -- Every change of a ramp, written with it; append-only.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  sequence INTEGER NOT NULL,        -- from 1, of an experiment
  kind INTEGER NOT NULL,            -- domain/ramp.h: RampEventKind
  event_time_us INTEGER NOT NULL,
  from_step INTEGER NOT NULL,
  to_step INTEGER NOT NULL,
  decision INTEGER NOT NULL,        -- decisions.sequence that caused it; 0: none did
  reason INTEGER NOT NULL,          -- why a promotion was refused (shared/status/reason.h); else 0
  key_id TEXT NOT NULL,             -- 'ramp': it happened by itself
  owner TEXT NOT NULL,              -- who answers for it; else empty
  message TEXT NOT NULL,
  PRIMARY KEY (experiment, sequence)
) STRICT;

CREATE TABLE ramp_steps (
  -- How much of the traffic an experiment takes, step by step; never changed.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  position INTEGER NOT NULL,        -- from 0
  coverage REAL NOT NULL,
  min_duration_us INTEGER NOT NULL,
  min_units INTEGER NOT NULL,
  PRIMARY KEY (experiment, position)
) STRICT;

CREATE TABLE resource_labels (
  -- Words of whoever made a thing. What has none has no row.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- store/label_store.h: Labelled
  resource_id TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

CREATE TABLE running_intervals (
  -- What all looks together leave of a lift; an end may be infinite.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  metric INTEGER NOT NULL,          -- experiment_metrics.position
  absolute_lower REAL NOT NULL,
  absolute_upper REAL NOT NULL,
  relative_lower REAL NOT NULL,
  relative_upper REAL NOT NULL,
  PRIMARY KEY (experiment, arm, metric)
) STRICT;

CREATE TABLE segment_tallies (
  -- What the units of an arm with one value of a segment add up to, kept with every change of a
  -- unit, as arm_tallies and metric_tallies are; only where a plan has segments.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  segment INTEGER NOT NULL,       -- experiment_segments.segment
  value INTEGER NOT NULL,         -- experiment_segments.value; 0: other
  arm INTEGER NOT NULL,           -- experiment_arms.position
  counts TEXT NOT NULL,           -- domain/counts_text.h
  PRIMARY KEY (experiment, segment, value, arm)
) STRICT, WITHOUT ROWID;

CREATE TABLE untold_promotions (
  -- Promotions that the gate has not been told of: a row comes with its promotion, and leaves when
  -- the gate took it. They are told in the order of the key.
  project TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- promotions.ordinal
  PRIMARY KEY (project, ordinal),
  FOREIGN KEY (project, ordinal) REFERENCES promotions (project, ordinal)
) STRICT;

INSERT INTO active_versions (project, agent, promotion_id) VALUES ('p', 'helper', 'p1');
INSERT INTO arm_tallies (experiment, arm, exposed_units, mixed_units, matured_units, fallback_outcomes) VALUES (1, 0, 3, 0, 0, 0);
INSERT INTO arm_tallies (experiment, arm, exposed_units, mixed_units, matured_units, fallback_outcomes) VALUES (1, 1, 1, 0, 0, 0);
INSERT INTO audit_events (sequence, event_time_us, project, key_id, method, resource_kind, resource_id, detail, reason, request_id) VALUES (1, 1700000000000010, 'p', 'release', 'PromoteVersion', 'promotion', 'p1', 'agent ''helper'', version ''v1'', with a waiver', 0, 'r1');
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control, waived) VALUES (1, 0, 'control', 'v1', 0.5, 1, 0);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control, waived) VALUES (1, 1, 'new', 'v2', 0.5, 0, 0);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control, waived) VALUES (2, 0, 'control', 'v1', 0.5, 1, 0);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control, waived) VALUES (2, 1, 'new', 'v3', 0.5, 0, 1);
INSERT INTO experiment_metrics (experiment, position, name, goal, min_lift, margin, value_without_outcome, aggregation, direction, scale, cap, source, source_signals, source_every_interaction, source_name, source_number, denominator, secondary, quantile, cap_quantile) VALUES (1, 0, 'solved', 1, 0.02, 0.05, NULL, 1, 1, 1, NULL, 0, 0, 0, '', 0, '', 0, NULL, NULL);
INSERT INTO experiment_metrics (experiment, position, name, goal, min_lift, margin, value_without_outcome, aggregation, direction, scale, cap, source, source_signals, source_every_interaction, source_name, source_number, denominator, secondary, quantile, cap_quantile) VALUES (2, 0, 'solved', 1, 0.02, 0.05, NULL, 1, 1, 1, NULL, 0, 0, 0, '', 0, '', 0, NULL, NULL);
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments) VALUES (1, X'0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A', 0, 1700000000000004, 0, 0, X'00000000000000003FF0000000000000400000000000000000000000000000000000000000000000', X'');
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments) VALUES (1, X'0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B', 0, 1700000000000005, 0, 0, X'0000000000000000400000000000000040000000000000003FF00000000000000000000000000000', X'');
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments) VALUES (1, X'0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C0C', 0, 1700000000000006, 0, 0, X'', X'');
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time_us, mixed_outcomes, mixed_fallbacks, totals, segments) VALUES (1, X'0D0D0D0D0D0D0D0D0D0D0D0D0D0D0D0D', 1, 1700000000000007, 0, 0, X'00000000000000004008000000000000400000000000000040080000000000000000000000000000', X'');
INSERT INTO experiments (ordinal, project, experiment_id, request_hash, agent, unit, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time_us, state, stop_time_us, stop_reason, created_by, stopped_by, outcome_window_us, matured_through_us, min_units, min_duration_us, max_duration_us, hold_untrusted_harm, ramp_phase, ramp_promote, ramp_step, ramp_step_time_us, ramp_message, assignment_salt) VALUES (1, 'p', 'e1', X'1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A', 'helper', 1, 0.05, 5000, 30, '', '', 1700000000000001, 2, 1700000000000002, 'enough', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', X'');
INSERT INTO experiments (ordinal, project, experiment_id, request_hash, agent, unit, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time_us, state, stop_time_us, stop_reason, created_by, stopped_by, outcome_window_us, matured_through_us, min_units, min_duration_us, max_duration_us, hold_untrusted_harm, ramp_phase, ramp_promote, ramp_step, ramp_step_time_us, ramp_message, assignment_salt) VALUES (2, 'p', 'e2', X'2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B', 'helper', 1, 0.05, 5000, 30, 'ada', 'hotfix', 1700000000000003, 1, 0, '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', X'');
INSERT INTO metric_tallies (experiment, arm, metric, units, outcomes, matured_units, other_units, value_sum, square_sum, denominator_sum, denominator_square_sum, product_sum, histogram) VALUES (1, 0, 0, 2, 3, 0, 1, X'3FE00000000000000000000000000000', X'3FD00000000000000000000000000000', X'', X'', X'', X'');
INSERT INTO metric_tallies (experiment, arm, metric, units, outcomes, matured_units, other_units, value_sum, square_sum, denominator_sum, denominator_square_sum, product_sum, histogram) VALUES (1, 1, 0, 1, 3, 0, 0, X'3FF00000000000000000000000000000', X'3FF00000000000000000000000000000', X'', X'', X'', X'');
INSERT INTO outcomes (project, outcome_id, content_hash, experiment, unit_hash, metric, value, event_time_us, receive_time_us, served_version, fallback, revision) VALUES ('p', 'o1', X'3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C', 1, X'0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B', 'solved', 1.0, 1700000000000008, 1700000000000009, '', 0, 0);
INSERT INTO promotions (project, promotion_id, ordinal, request_hash, agent, model_version, experiment_id, waiver_owner, waiver_reason, promote_time_us, promoted_by, decision) VALUES ('p', 'p1', 2, X'4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D', 'helper', 'v1', '', 'ada', 'first', 1700000000000010, '', 0);
INSERT INTO promotions (project, promotion_id, ordinal, request_hash, agent, model_version, experiment_id, waiver_owner, waiver_reason, promote_time_us, promoted_by, decision) VALUES ('p', 'p2', 1, X'4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D4D', 'router', 'v1', '', 'ada', 'first', 1700000000000009, '', 0);
INSERT INTO resource_labels (project, kind, resource_id, labels) VALUES ('p', 1, 'e1', '{"branch":"main"}');
INSERT INTO resource_labels (project, kind, resource_id, labels) VALUES ('p', 2, 'p1', '{"sha":"0a1b"}');
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'experiments, units, outcomes and promotions');
INSERT INTO schema_migrations (version, purpose) VALUES (2, 'a waiver covers arms by name');
INSERT INTO schema_migrations (version, purpose) VALUES (3, 'tallies of arms');
INSERT INTO schema_migrations (version, purpose) VALUES (4, 'STRICT tables, hashes as bytes');
INSERT INTO schema_migrations (version, purpose) VALUES (5, 'who did it');
INSERT INTO schema_migrations (version, purpose) VALUES (6, 'the audit log');
INSERT INTO schema_migrations (version, purpose) VALUES (7, 'labels of experiments and promotions');
INSERT INTO schema_migrations (version, purpose) VALUES (8, 'lists of experiments and promotions');
INSERT INTO schema_migrations (version, purpose) VALUES (9, 'promotions that the gate is to be told of');
INSERT INTO schema_migrations (version, purpose) VALUES (10, 'metrics, exposed units and their totals');
INSERT INTO schema_migrations (version, purpose) VALUES (11, 'guardrails and decisions');
INSERT INTO schema_migrations (version, purpose) VALUES (12, 'ramps');
INSERT INTO schema_migrations (version, purpose) VALUES (13, 'exact sums');
INSERT INTO schema_migrations (version, purpose) VALUES (14, 'salts of assignments');
INSERT INTO schema_migrations (version, purpose) VALUES (15, 'outcomes from ingest''s feed');
INSERT INTO schema_migrations (version, purpose) VALUES (16, 'segments');
INSERT INTO schema_migrations (version, purpose) VALUES (17, 'ratios and metrics that decide nothing');
INSERT INTO schema_migrations (version, purpose) VALUES (18, 'metrics that are a quantile');
INSERT INTO untold_promotions (project, ordinal) VALUES ('p', 2);
COMMIT;
PRAGMA foreign_keys = ON;
