// Migration 18: dataset builds can be cancelled; signals are known by what they were about before.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_18_CANCELLED_BUILDS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_18_CANCELLED_BUILDS_H_

namespace flywheel::curation {

// The states are those of DatasetVersionState: 1 is being built, 3 failed.
inline constexpr char kCancelledBuildsSql[] = R"sql(
DROP INDEX dataset_builds_by_ordinal;
DROP INDEX dataset_builds_under_way;
DROP INDEX dataset_builds_by_agent;
ALTER TABLE dataset_builds RENAME TO old_dataset_builds;
CREATE TABLE dataset_builds (
  -- Dataset versions that were asked for and are not there: what is being built, also after a
  -- restart, what failed, and what was cancelled. A version that is complete leaves this table for
  -- dataset_versions.
  project TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,           -- counts versions and builds of a project together, from 1
  request_hash BLOB NOT NULL,         -- SHA-256 of what was asked for: replay or conflict
  agent TEXT NOT NULL,
  eval_share REAL NOT NULL,
  cohort_attribute TEXT NOT NULL,
  skip_label_review INTEGER NOT NULL,
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
INSERT INTO dataset_builds (project, dataset_version_id, ordinal, request_hash, agent, eval_share,
                            cohort_attribute, skip_label_review, min_feed_sequence, create_time_us,
                            created_by, state, failure_reason, failure, cancel_reason, cancelled_by)
  SELECT project, dataset_version_id, ordinal, request_hash, agent, eval_share, cohort_attribute,
         skip_label_review, min_feed_sequence, create_time_us, created_by,
         CASE WHEN failure_reason = 0 THEN 1 ELSE 3 END, failure_reason, failure, '', ''
  FROM old_dataset_builds ORDER BY rowid;
DROP TABLE old_dataset_builds;

CREATE UNIQUE INDEX dataset_builds_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_builds (project, ordinal);
CREATE INDEX dataset_builds_by_agent
  -- The same of one agent.
  ON dataset_builds (project, agent, ordinal);
CREATE INDEX dataset_builds_under_way
  -- A start takes up what was being built; few may be at a time.
  ON dataset_builds (project, ordinal) WHERE state = 1;

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
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_18_CANCELLED_BUILDS_H_
