// Migration 8: lists of promotions, and of experiments by agent.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_08_LISTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_08_LISTS_H_

namespace flywheel::experiment {

// Promotions of before are counted in the order of their times. What refers to them steps aside
// with them.
inline constexpr char kListsSql[] = R"sql(
ALTER TABLE experiments RENAME COLUMN sequence TO ordinal;
CREATE INDEX experiments_by_agent
  -- Lists of one agent.
  ON experiments (project, agent, ordinal);

ALTER TABLE promotions RENAME TO old_promotions;
ALTER TABLE active_versions RENAME TO old_active_versions;

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
  promoted_by TEXT NOT NULL,      -- the id of a key; empty where the service had none
  PRIMARY KEY (project, promotion_id)
) STRICT;
INSERT INTO promotions (project, promotion_id, ordinal, request_hash, agent, model_version,
                        experiment_id, waiver_owner, waiver_reason, promote_time_us, promoted_by)
  SELECT project, promotion_id,
         ROW_NUMBER() OVER (PARTITION BY project ORDER BY promote_time_us, promotion_id),
         request_hash, agent, model_version, experiment_id, waiver_owner, waiver_reason,
         promote_time_us, promoted_by
  FROM old_promotions;
CREATE UNIQUE INDEX promotions_by_ordinal
  -- The listing of a project; and no two promotions in one place.
  ON promotions (project, ordinal);
CREATE INDEX promotions_by_agent
  -- The listing of one agent.
  ON promotions (project, agent, ordinal);
CREATE INDEX promotions_by_model_version
  -- The listing of one version.
  ON promotions (project, model_version, ordinal);

CREATE TABLE active_versions (
  -- The promotion that counts now, one row an agent.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  promotion_id TEXT NOT NULL,
  PRIMARY KEY (project, agent),
  FOREIGN KEY (project, promotion_id) REFERENCES promotions (project, promotion_id)
) STRICT;
INSERT INTO active_versions (project, agent, promotion_id)
  SELECT project, agent, promotion_id FROM old_active_versions;

DROP TABLE old_active_versions;
DROP TABLE old_promotions;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_08_LISTS_H_
