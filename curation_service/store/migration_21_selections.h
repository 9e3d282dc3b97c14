// Migration 21: what versions left out by tier, and when interactions began.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_21_SELECTIONS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_21_SELECTIONS_H_

namespace flywheel::curation {

// start_time_us is 0 for what was read before: nobody kept it. Columns are added in place, which
// takes no time: a new table would copy every interaction.
inline constexpr char kSelectionsSql[] = R"sql(
ALTER TABLE interactions ADD COLUMN start_time_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dataset_versions ADD COLUMN removed_by_tier TEXT NOT NULL DEFAULT '[]';
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_21_SELECTIONS_H_
