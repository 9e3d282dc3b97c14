-- Generated, never edit: FLYWHEEL_UPDATE_GOLDEN=1 build/release/bin/curation_store_test --gtest_filter='Schema*'

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

CREATE TABLE dataset_builds (
  -- Dataset versions that were asked for and are not there: what is being built, also after a
  -- restart, what failed, and what was cancelled. A version that is complete leaves this table for
  -- dataset_versions.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,           -- counts versions and builds of a project together, from 1
  request_hash BLOB NOT NULL,         -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  options TEXT NOT NULL,
  min_feed_sequence INTEGER NOT NULL,
  create_time_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,           -- the id of a key; empty where the service had none
  state INTEGER NOT NULL,             -- domain/dataset_build.h: DatasetVersionState
  failure_reason INTEGER NOT NULL,    -- shared/status/reason.h: Reason; 0 where it did not fail
  failure TEXT NOT NULL,              -- for people
  cancel_reason TEXT NOT NULL,        -- who cancelled it, and why; empty where nobody did
  cancelled_by TEXT NOT NULL,         -- the id of a key
  PRIMARY KEY (project, dataset_version_id)
) STRICT;

CREATE INDEX dataset_builds_by_agent
  -- The same of one agent.
  ON dataset_builds (project, agent, ordinal);

CREATE UNIQUE INDEX dataset_builds_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_builds (project, ordinal);

CREATE INDEX dataset_builds_under_way
  -- A start takes up what was being built; few may be at a time.
  ON dataset_builds (project, ordinal) WHERE state = 1;

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

CREATE INDEX dataset_rows_by_interaction
  -- The rows that an interaction is in, which leave with it.
  ON dataset_rows (project, interaction_id) WHERE interaction_id <> '';

CREATE INDEX dataset_rows_on_eval_side
  -- What any gate of the project may have asked.
  ON dataset_rows (project, interaction_id) WHERE split = 2 AND erased = 0;

CREATE TABLE dataset_versions (
  -- Dataset versions, immutable but for erasures. One is written in pieces, and is there for others
  -- once it is complete.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's versions from 1
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  options TEXT NOT NULL,
  create_time_us INTEGER NOT NULL,
  feed_sequence INTEGER NOT NULL, -- of the feed that was read
  content_hash BLOB NOT NULL,     -- SHA-256 of all rows
  train_rows INTEGER NOT NULL,
  eval_rows INTEGER NOT NULL,
  negative_rows INTEGER NOT NULL,
  rows_by_tier TEXT NOT NULL,     -- JSON
  removed_by_reason TEXT NOT NULL,
  candidate_rows INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  erased_rows INTEGER NOT NULL,   -- its rows that were erased since
  created_by TEXT NOT NULL, removed_by_tier TEXT NOT NULL DEFAULT '[]',       -- the id of a key; empty where the service had none
  PRIMARY KEY (project, dataset_version_id)
) STRICT;

CREATE INDEX dataset_versions_by_agent
  -- Lists of one agent's versions.
  ON dataset_versions (project, agent, ordinal);

CREATE UNIQUE INDEX dataset_versions_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_versions (project, ordinal);

CREATE INDEX dataset_versions_unfinished
  -- A start looks for the versions that are not complete.
  ON dataset_versions (project, dataset_version_id) WHERE complete = 0;

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

CREATE INDEX erasures_by_sequence
  -- A build asks whether somebody was erased since it began.
  ON erasures (project, last_sequence);

CREATE INDEX erasures_finished
  -- Erasures of all projects that are worked through, in the order in which they were: whoever
  -- keeps copies asks for them.
  ON erasures (last_sequence) WHERE complete = 1;

CREATE INDEX erasures_to_report
  -- What ingest is still to be told.
  ON erasures (project, erasure_id) WHERE complete = 1 AND reported = 0;

CREATE TABLE feed_cursors (
  -- How far each feed was read. Written in the transaction of what was read, so that a record takes
  -- effect exactly once.
  feed TEXT NOT NULL PRIMARY KEY,
  next_cursor INTEGER NOT NULL
) STRICT;

CREATE TABLE firewall_keys (
  -- The sessions and inputs of an agent that ever stood on a side, and with which version they
  -- first did: they stay there for ever.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  firewall_key TEXT NOT NULL,     -- domain/firewall.h: SessionKey or InputKey
  split INTEGER NOT NULL,         -- domain/dataset.h: Split
  dataset_version_id TEXT NOT NULL,
  PRIMARY KEY (project, agent, firewall_key)
) STRICT;

CREATE INDEX firewall_keys_by_version
  -- A build that did not finish is taken back by its version.
  ON firewall_keys (project, dataset_version_id);

CREATE INDEX firewall_keys_in_clear
  -- Keys that still name a session in clear: a start replaces them by hashes.
  ON firewall_keys (firewall_key)
  WHERE firewall_key >= 'session:' AND firewall_key < 'session;';

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
  noise INTEGER NOT NULL, start_time_us INTEGER NOT NULL DEFAULT 0,         -- 1: no real use; no dataset has it
  PRIMARY KEY (project, interaction_id)
) STRICT;

CREATE INDEX interactions_by_sequence
  -- What left ingest is named by its place in the feed.
  ON interactions (sequence);

CREATE INDEX interactions_by_session
  -- A signal about a session concerns its interactions; scoring looks at the first of them.
  ON interactions (project, session_id, sequence);

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

CREATE TABLE model_versions (
  -- What answers for an agent: weights, prompt and retrieval under one name. Immutable.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  ordinal INTEGER NOT NULL,           -- counts a project's versions from 1
  base_model_version TEXT NOT NULL,   -- of the same agent; this and the others may be empty
  artifact_uri TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  retrieval_version TEXT NOT NULL,
  training_run_id TEXT NOT NULL,
  description TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  create_time_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,           -- the id of a key; empty where the service had none
  PRIMARY KEY (project, agent, model_version)
) STRICT;

CREATE INDEX model_versions_by_agent
  -- The same of one agent.
  ON model_versions (project, agent, ordinal);

CREATE INDEX model_versions_by_base
  -- Lineage leads from a version to those that were made from it.
  ON model_versions (project, agent, base_model_version, ordinal)
  WHERE base_model_version <> '';

CREATE UNIQUE INDEX model_versions_by_ordinal
  -- Lists go from the newest to the oldest.
  ON model_versions (project, ordinal);

CREATE UNIQUE INDEX model_versions_by_training_run
  -- One version alone comes of a run.
  ON model_versions (project, training_run_id) WHERE training_run_id <> '';

CREATE TABLE moved_signals (
  -- The interactions that a signal was about before a later revision named something else: their
  -- rows may hold what it said, and are to be found when it is erased.
  project TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  PRIMARY KEY (project, signal_id, interaction_id)
) STRICT;

CREATE INDEX moved_signals_by_interaction
  -- An interaction that is erased leaves here too.
  ON moved_signals (project, interaction_id);

CREATE TABLE record_counts (
  -- How many interactions of a project were read (tier 0), and how many of them have a score of
  -- which tier. Kept in the transaction of what they count, so that telling the progress costs the
  -- same for ten interactions and ten million.
  project TEXT NOT NULL,
  tier INTEGER NOT NULL,
  interactions INTEGER NOT NULL,
  PRIMARY KEY (project, tier)
) STRICT;

CREATE TABLE removed_rows (
  -- What a build took out of a dataset version, changed or doubts. It holds no text; an entry
  -- leaves with the interaction that it is about.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  place INTEGER NOT NULL,             -- from 0, in the order of the steps
  interaction_id TEXT NOT NULL,
  reason INTEGER NOT NULL,            -- domain/dataset.h: RemovalReason
  score REAL NOT NULL,                -- domain/removals.h
  other_interaction_id TEXT NOT NULL, -- in whose favour; empty where there is none
  PRIMARY KEY (project, dataset_version_id, place),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;

CREATE INDEX removed_rows_by_interaction
  -- What leaves with an interaction.
  ON removed_rows (project, interaction_id);

CREATE INDEX removed_rows_by_other_interaction
  -- Where it stands beside another one.
  ON removed_rows (project, other_interaction_id) WHERE other_interaction_id <> '';

CREATE TABLE resource_labels (
  -- Words of whoever made a thing. What has none has no row.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- store/label_store.h: Labelled
  resource_id TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

CREATE TABLE scores (
  -- What the signals say: one row for each interaction that has a score, made anew whenever a
  -- signal comes. agent, sequence and noise repeat the interaction's.
  project TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  evidence_sequence INTEGER NOT NULL, -- the place in the feed of the newest record it is made of
  implicit_score REAL NOT NULL,
  combined_score REAL NOT NULL,
  tier INTEGER NOT NULL,              -- domain/tier.h: Tier
  approval INTEGER NOT NULL,          -- domain/score.h: Approval
  correction_actor INTEGER NOT NULL,  -- Actor; 0 where nobody corrected it
  correction_actor_id TEXT NOT NULL,
  correction TEXT NOT NULL,
  correction_messages TEXT NOT NULL,  -- JSON: store/message_columns.h
  failure_mode TEXT NOT NULL,         -- by the newest signal that says it
  signal_ids TEXT NOT NULL,           -- JSON: the correction, else the newest reactions
  noise INTEGER NOT NULL,
  PRIMARY KEY (project, interaction_id)
) STRICT;

CREATE INDEX scores_by_agent
  -- Building reads an agent's scores in feed order.
  ON scores (project, agent, sequence);

CREATE INDEX scores_by_evidence
  -- The trigger looks at an agent's scores whose evidence came after a place in the feed.
  ON scores (project, agent, evidence_sequence);

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
  messages TEXT NOT NULL,         -- JSON: store/message_columns.h
  failure_mode TEXT NOT NULL,     -- what went wrong; empty where it does not say
  PRIMARY KEY (project, signal_id)
) STRICT;

CREATE INDEX signals_by_interaction
  -- Scoring reads the newest signals of an interaction, and stops after those.
  ON signals (project, interaction_id, sequence);

CREATE INDEX signals_by_sequence
  -- What left ingest is named by its place in the feed.
  ON signals (sequence);

CREATE INDEX signals_by_session
  -- The same of its session.
  ON signals (project, session_id, sequence);

CREATE TABLE training_refusals (
  -- People whose records may not be trained on, or evaluated with.
  project TEXT NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (project, user_id)
) STRICT;

CREATE TABLE training_runs (
  -- Training runs. agent repeats the dataset's.
  project TEXT NOT NULL,
  training_run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,         -- counts a project's runs from 1
  request_hash BLOB NOT NULL,       -- SHA-256 of what was asked for: replay or conflict
  dataset_version_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  state INTEGER NOT NULL,           -- domain/training_run.h: TrainingRunState
  trigger_reason INTEGER NOT NULL,  -- domain/trigger.h: TriggerReason
  trigger_message TEXT NOT NULL,
  trigger_new_interactions INTEGER NOT NULL,
  trigger_high_quality_rate REAL NOT NULL,
  create_time_us INTEGER NOT NULL,
  trainer TEXT NOT NULL,            -- empty before the first lease
  lease_expire_time_us INTEGER NOT NULL,  -- 0 where there is none
  complete_time_us INTEGER NOT NULL,      -- or when it was cancelled; 0 where there is none
  completion_hash BLOB NOT NULL,    -- SHA-256 of the report; empty until it came
  model_version TEXT NOT NULL,
  artifact_uri TEXT NOT NULL,
  metrics TEXT NOT NULL,            -- JSON
  failure TEXT NOT NULL,
  cancel_reason TEXT NOT NULL,      -- who cancelled it, and why
  created_by TEXT NOT NULL,         -- ids of keys; empty where the service had none
  leased_by TEXT NOT NULL,          -- with trainer who holds the lease
  completed_by TEXT NOT NULL,
  PRIMARY KEY (project, training_run_id),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;

CREATE INDEX training_runs_by_agent
  -- The same of one agent.
  ON training_runs (project, agent, ordinal);

CREATE INDEX training_runs_by_completion
  -- The trigger looks for an agent's last successful run.
  ON training_runs (project, agent, state, complete_time_us);

CREATE INDEX training_runs_by_dataset
  -- The trigger asks whether a dataset version was trained on.
  ON training_runs (project, dataset_version_id, state);

CREATE UNIQUE INDEX training_runs_by_ordinal
  -- Lists go from the newest to the oldest.
  ON training_runs (project, ordinal);

CREATE INDEX training_runs_under_way
  -- A trainer looks for the oldest run of its agents that waits.
  ON training_runs (project, agent, ordinal) WHERE state IN (1, 2);

