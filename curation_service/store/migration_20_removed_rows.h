// Migration 20: what a build took out is kept by row, and the eval side is found without the rest.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_20_REMOVED_ROWS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_20_REMOVED_ROWS_H_

namespace flywheel::curation {

// Of versions that are there already nobody knows which rows they left out.
inline constexpr char kRemovedRowsSql[] = R"sql(
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

CREATE INDEX dataset_rows_on_eval_side
  -- What any gate of the project may have asked.
  ON dataset_rows (project, interaction_id) WHERE split = 2 AND erased = 0;
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_20_REMOVED_ROWS_H_
