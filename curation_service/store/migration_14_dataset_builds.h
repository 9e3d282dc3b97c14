// Migration 14: builds of dataset versions that go on when their caller has left.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_14_DATASET_BUILDS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_14_DATASET_BUILDS_H_

namespace flywheel::curation {

inline constexpr char kDatasetBuildsSql[] = R"sql(
CREATE TABLE dataset_builds (
  -- Dataset versions that were asked for and are not there: what is being built, also after a
  -- restart, and what failed. A version that is complete leaves this table for dataset_versions.
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
  failure_reason INTEGER NOT NULL,    -- shared/status/reason.h: Reason; 0 while it is being built
  failure TEXT NOT NULL,              -- for people
  PRIMARY KEY (project, dataset_version_id)
) STRICT;

CREATE UNIQUE INDEX dataset_builds_by_ordinal
  -- Lists go from the newest to the oldest.
  ON dataset_builds (project, ordinal);
CREATE INDEX dataset_builds_under_way
  -- A start takes up what was being built; few may be at a time.
  ON dataset_builds (project, ordinal) WHERE failure_reason = 0;
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_14_DATASET_BUILDS_H_
