// Migration 12: says by the ids of their keys who made, leased and completed things.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_12_WHO_DID_IT_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_12_WHO_DID_IT_H_

namespace flywheel::curation {

// Nobody knows of what was made before. Children step aside with their parent, as in migration 7.
inline constexpr char kWhoDidItSql[] = R"sql(
DROP INDEX dataset_versions_by_ordinal;
DROP INDEX dataset_versions_unfinished;
DROP INDEX dataset_rows_by_interaction;
DROP INDEX training_runs_by_agent;
DROP INDEX training_runs_by_completion;
DROP INDEX training_runs_by_dataset;
DROP INDEX training_runs_by_ordinal;
DROP INDEX training_runs_under_way;
DROP INDEX model_versions_by_agent;
DROP INDEX model_versions_by_base;
DROP INDEX model_versions_by_ordinal;
DROP INDEX model_versions_by_training_run;

ALTER TABLE dataset_versions RENAME TO old_dataset_versions;
ALTER TABLE dataset_rows RENAME TO old_dataset_rows;
ALTER TABLE training_runs RENAME TO old_training_runs;
ALTER TABLE model_versions RENAME TO old_model_versions;
CREATE TABLE dataset_versions (
  -- Dataset versions, immutable but for erasures. One is written in pieces, and is there for others
  -- once it is complete.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's versions from 1
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  eval_share REAL NOT NULL,
  cohort_attribute TEXT NOT NULL,
  skip_label_review INTEGER NOT NULL,
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
  created_by TEXT NOT NULL,       -- the id of a key; empty where the service had none
  PRIMARY KEY (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_versions (project, dataset_version_id, ordinal, request_hash, agent,
                              eval_share, cohort_attribute, skip_label_review, create_time_us,
                              feed_sequence, content_hash, train_rows, eval_rows, negative_rows,
                              rows_by_tier, removed_by_reason, candidate_rows, complete,
                              erased_rows, created_by)
  SELECT project, dataset_version_id, ordinal, request_hash, agent, eval_share, cohort_attribute,
         skip_label_review, create_time_us, feed_sequence, content_hash, train_rows, eval_rows,
         negative_rows, rows_by_tier, removed_by_reason, candidate_rows, complete, erased_rows, ''
  FROM old_dataset_versions ORDER BY rowid;
CREATE TABLE dataset_rows (
  -- Their rows, whole, so that a version stays what it was. A row that was erased stays as an empty
  -- place, so that the others keep theirs.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,     -- from 0, in feed order
  interaction_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  split INTEGER NOT NULL,         -- domain/dataset.h: Split
  prompt TEXT NOT NULL,           -- JSON: store/message_columns.h; [] where input is all
  ideal TEXT NOT NULL,            -- JSON; [] where ideal_output is all
  input TEXT NOT NULL,            -- the short form of prompt and ideal
  ideal_output TEXT NOT NULL,
  tools TEXT NOT NULL,            -- JSON
  contexts TEXT NOT NULL,         -- JSON
  tier INTEGER NOT NULL,          -- domain/tier.h: Tier
  score REAL NOT NULL,
  source INTEGER NOT NULL,        -- RowSource
  cohort TEXT NOT NULL,
  reported_output TEXT NOT NULL,
  model_version TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (project, dataset_version_id, row_index),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id,
                          split, prompt, ideal, input, ideal_output, tools, contexts, tier, score,
                          source, cohort, reported_output, model_version, prompt_version, erased)
  SELECT project, dataset_version_id, row_index, interaction_id, session_id, split, prompt, ideal,
         input, ideal_output, tools, contexts, tier, score, source, cohort, reported_output,
         model_version, prompt_version, erased
  FROM old_dataset_rows ORDER BY rowid;
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
INSERT INTO training_runs (project, training_run_id, ordinal, request_hash, dataset_version_id,
                           agent, state, trigger_reason, trigger_message, trigger_new_interactions,
                           trigger_high_quality_rate, create_time_us, trainer,
                           lease_expire_time_us, complete_time_us, completion_hash, model_version,
                           artifact_uri, metrics, failure, cancel_reason, created_by, leased_by,
                           completed_by)
  SELECT project, training_run_id, ordinal, request_hash, dataset_version_id, agent, state,
         trigger_reason, trigger_message, trigger_new_interactions, trigger_high_quality_rate,
         create_time_us, trainer, lease_expire_time_us, complete_time_us, completion_hash,
         model_version, artifact_uri, metrics, failure, cancel_reason, '', '', ''
  FROM old_training_runs ORDER BY rowid;
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
INSERT INTO model_versions (project, agent, model_version, ordinal, base_model_version,
                            artifact_uri, prompt_version, retrieval_version, training_run_id,
                            description, labels, create_time_us, created_by)
  SELECT project, agent, model_version, ordinal, base_model_version, artifact_uri, prompt_version,
         retrieval_version, training_run_id, description, labels, create_time_us, ''
  FROM old_model_versions ORDER BY rowid;
DROP TABLE old_dataset_rows;
DROP TABLE old_training_runs;
DROP TABLE old_dataset_versions;
DROP TABLE old_model_versions;

CREATE UNIQUE INDEX dataset_versions_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_versions (project, ordinal);
CREATE INDEX dataset_versions_unfinished
  -- A start looks for the versions that are not complete.
  ON dataset_versions (project, dataset_version_id) WHERE complete = 0;
CREATE INDEX dataset_rows_by_interaction
  -- The rows that an interaction is in, which leave with it.
  ON dataset_rows (project, interaction_id) WHERE interaction_id <> '';
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
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_12_WHO_DID_IT_H_
