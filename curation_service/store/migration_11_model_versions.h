// Migration 11: versions of agents, whether a run made them or not.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_11_MODEL_VERSIONS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_11_MODEL_VERSIONS_H_

namespace flywheel::curation {

// What runs made so far is registered; 3 is TrainingRunState's for a success. The index of runs by
// their model version kept a name unique in the project, which is now the agent's.
inline constexpr char kModelVersionsSql[] = R"sql(
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
  PRIMARY KEY (project, agent, model_version)
) STRICT;
INSERT INTO model_versions (project, agent, model_version, ordinal, base_model_version,
                            artifact_uri, prompt_version, retrieval_version, training_run_id,
                            description, labels, create_time_us)
  SELECT project, agent, model_version,
         ROW_NUMBER() OVER (PARTITION BY project ORDER BY complete_time_us, ordinal), '',
         artifact_uri, '', '', training_run_id, '', '{}', complete_time_us
  FROM training_runs WHERE state = 3;

CREATE UNIQUE INDEX model_versions_by_ordinal
  -- Lists go from the newest to the oldest.
  ON model_versions (project, ordinal);
CREATE INDEX model_versions_by_agent
  -- The same of one agent.
  ON model_versions (project, agent, ordinal);
CREATE UNIQUE INDEX model_versions_by_training_run
  -- One version alone comes of a run.
  ON model_versions (project, training_run_id) WHERE training_run_id <> '';
CREATE INDEX model_versions_by_base
  -- Lineage leads from a version to those that were made from it.
  ON model_versions (project, agent, base_model_version, ordinal)
  WHERE base_model_version <> '';
DROP INDEX training_runs_by_model_version;
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_11_MODEL_VERSIONS_H_
