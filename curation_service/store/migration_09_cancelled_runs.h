// Migration 9: training runs can be cancelled, and are found by their agent.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_09_CANCELLED_RUNS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_09_CANCELLED_RUNS_H_

namespace flywheel::curation {

// The states under way are those of TrainingRunState: 1 open, 2 leased.
inline constexpr char kCancelledRunsSql[] = R"sql(
DROP INDEX training_runs_by_ordinal;
DROP INDEX training_runs_by_state;
DROP INDEX training_runs_by_model_version;
DROP INDEX training_runs_by_completion;
DROP INDEX training_runs_by_dataset;
ALTER TABLE training_runs RENAME TO old_training_runs;
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
  PRIMARY KEY (project, training_run_id),
  FOREIGN KEY (project, dataset_version_id)
    REFERENCES dataset_versions (project, dataset_version_id)
) STRICT;
INSERT INTO training_runs (project, training_run_id, ordinal, request_hash, dataset_version_id,
                           agent, state, trigger_reason, trigger_message, trigger_new_interactions,
                           trigger_high_quality_rate, create_time_us, trainer, lease_expire_time_us,
                           complete_time_us, completion_hash, model_version, artifact_uri, metrics,
                           failure, cancel_reason)
  SELECT project, training_run_id, ordinal, request_hash, dataset_version_id, agent, state,
         trigger_reason, trigger_message, trigger_new_interactions, trigger_high_quality_rate,
         create_time_us, trainer, lease_expire_time_us, complete_time_us, completion_hash,
         model_version, artifact_uri, metrics, failure, ''
  FROM old_training_runs;
DROP TABLE old_training_runs;

CREATE UNIQUE INDEX training_runs_by_ordinal
  -- Lists go from the newest to the oldest.
  ON training_runs (project, ordinal);
CREATE INDEX training_runs_by_agent
  -- The same of one agent.
  ON training_runs (project, agent, ordinal);
CREATE INDEX training_runs_under_way
  -- A trainer looks for the oldest run of its agents that waits.
  ON training_runs (project, agent, ordinal) WHERE state IN (1, 2);
CREATE UNIQUE INDEX training_runs_by_model_version
  -- A model version comes of one run alone, and leads back to it.
  ON training_runs (project, model_version) WHERE model_version <> '';
CREATE INDEX training_runs_by_completion
  -- The trigger looks for an agent's last successful run.
  ON training_runs (project, agent, state, complete_time_us);
CREATE INDEX training_runs_by_dataset
  -- The trigger asks whether a dataset version was trained on.
  ON training_runs (project, dataset_version_id, state);
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_09_CANCELLED_RUNS_H_
