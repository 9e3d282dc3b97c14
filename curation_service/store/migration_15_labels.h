// Migration 15: labels of dataset versions and training runs, and lists of one agent's versions.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_15_LABELS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_15_LABELS_H_

namespace flywheel::curation {

inline constexpr char kLabelsSql[] = R"sql(
CREATE TABLE resource_labels (
  -- Words of whoever made a thing. What has none has no row.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- store/label_store.h: Labelled
  resource_id TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

CREATE INDEX dataset_versions_by_agent
  -- Lists of one agent's versions.
  ON dataset_versions (project, agent, ordinal);
CREATE INDEX dataset_builds_by_agent
  -- The same of those that are not ready.
  ON dataset_builds (project, agent, ordinal);
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_15_LABELS_H_
