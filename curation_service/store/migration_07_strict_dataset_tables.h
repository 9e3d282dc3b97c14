// Migration 7: makes the tables of datasets and runs STRICT, in the words of SQLite.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_07_STRICT_DATASET_TABLES_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_07_STRICT_DATASET_TABLES_H_

namespace flywheel::curation {

// Comments stand inside the statements, so that the store keeps them: `.schema` shows them, and
// schema.sql is made of them. Old tables step aside under another name, children with their parent;
// they are dropped before it, so that no row of the parent is looked for.
inline constexpr char kStrictDatasetTablesSql[] = R"sql(
DROP INDEX dataset_versions_by_ordinal;
DROP INDEX dataset_versions_unfinished;
DROP INDEX dataset_rows_by_interaction;
DROP INDEX firewall_keys_by_version;
DROP INDEX firewall_keys_in_clear;
DROP INDEX training_runs_by_ordinal;
DROP INDEX training_runs_by_state;
DROP INDEX training_runs_by_model_version;
DROP INDEX training_runs_by_completion;

ALTER TABLE dataset_versions RENAME TO old_dataset_versions;
ALTER TABLE dataset_rows RENAME TO old_dataset_rows;
ALTER TABLE training_runs RENAME TO old_training_runs;
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
  PRIMARY KEY (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_versions (project, dataset_version_id, ordinal, request_hash, agent, eval_share,
                              cohort_attribute, skip_label_review, create_time_us, feed_sequence,
                              content_hash, train_rows, eval_rows, negative_rows, rows_by_tier,
                              removed_by_reason, candidate_rows, complete, erased_rows)
  SELECT project, dataset_version_id, ordinal, unhex(request_hash), agent, eval_share,
         cohort_attribute, skip_label_review, create_time_us, feed_sequence, unhex(content_hash),
         train_rows, eval_rows, negative_rows, rows_by_tier, removed_by_reason, candidate_rows,
         complete, erased_rows
  FROM old_dataset_versions;
CREATE UNIQUE INDEX dataset_versions_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_versions (project, ordinal);
CREATE INDEX dataset_versions_unfinished
  -- A start looks for the versions that are not complete.
  ON dataset_versions (project, dataset_version_id) WHERE complete = 0;

CREATE TABLE dataset_rows (
  -- Their rows, whole, so that a version stays what it was. A row that was erased stays as an empty
  -- place, so that the others keep theirs.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,     -- from 0, in feed order
  interaction_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  split INTEGER NOT NULL,         -- domain/dataset.h: Split
  input TEXT NOT NULL,
  ideal_output TEXT NOT NULL,
  expected_tool_calls TEXT NOT NULL,  -- JSON
  tier INTEGER NOT NULL,          -- domain/tier.h: Tier
  score REAL NOT NULL,
  source INTEGER NOT NULL,        -- RowSource
  cohort TEXT NOT NULL,
  reported_output TEXT NOT NULL,
  model_version TEXT NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (project, dataset_version_id, row_index),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO dataset_rows (project, dataset_version_id, row_index, interaction_id, session_id, split,
                          input, ideal_output, expected_tool_calls, tier, score, source, cohort,
                          reported_output, model_version, erased)
  SELECT project, dataset_version_id, row_index, interaction_id, session_id, split, input,
         ideal_output, expected_tool_calls, tier, score, source, cohort, reported_output,
         model_version, erased
  FROM old_dataset_rows ORDER BY rowid;
DROP TABLE old_dataset_rows;
CREATE INDEX dataset_rows_by_interaction
  -- The rows that an interaction is in, which leave with it.
  ON dataset_rows (project, interaction_id) WHERE interaction_id <> '';

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
  complete_time_us INTEGER NOT NULL,      -- 0 where there is none
  completion_hash BLOB NOT NULL,    -- SHA-256 of the report; empty until it came
  model_version TEXT NOT NULL,
  artifact_uri TEXT NOT NULL,
  metrics TEXT NOT NULL,            -- JSON
  failure TEXT NOT NULL,
  PRIMARY KEY (project, training_run_id),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO training_runs (project, training_run_id, ordinal, request_hash, dataset_version_id,
                           agent, state, trigger_reason, trigger_message, trigger_new_interactions,
                           trigger_high_quality_rate, create_time_us, trainer, lease_expire_time_us,
                           complete_time_us, completion_hash, model_version, artifact_uri, metrics,
                           failure)
  SELECT project, training_run_id, ordinal, unhex(request_hash), dataset_version_id, agent, state,
         trigger_reason, trigger_message, trigger_new_interactions, trigger_high_quality_rate,
         create_time_us, trainer, lease_expire_time_us, complete_time_us, unhex(completion_hash),
         model_version, artifact_uri, metrics, failure
  FROM old_training_runs;
DROP TABLE old_training_runs;
DROP TABLE old_dataset_versions;
CREATE UNIQUE INDEX training_runs_by_ordinal
  -- Lists go from the newest to the oldest.
  ON training_runs (project, ordinal);
CREATE INDEX training_runs_by_state
  -- A trainer looks for the oldest run that waits.
  ON training_runs (project, state, ordinal);
CREATE UNIQUE INDEX training_runs_by_model_version
  -- A model version comes of one run alone, and leads back to it.
  ON training_runs (project, model_version) WHERE model_version <> '';
CREATE INDEX training_runs_by_completion
  -- The trigger looks for an agent's last successful run.
  ON training_runs (project, agent, state, complete_time_us);

ALTER TABLE firewall_keys RENAME TO old_firewall_keys;
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
INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
  SELECT project, agent, firewall_key, split, dataset_version_id FROM old_firewall_keys
  ORDER BY rowid;
DROP TABLE old_firewall_keys;
CREATE INDEX firewall_keys_by_version
  -- A build that did not finish is taken back by its version.
  ON firewall_keys (project, dataset_version_id);
CREATE INDEX firewall_keys_in_clear
  -- Keys that still name a session in clear: a start replaces them by hashes.
  ON firewall_keys (firewall_key)
  WHERE firewall_key >= 'session:' AND firewall_key < 'session;';
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_07_STRICT_DATASET_TABLES_H_
