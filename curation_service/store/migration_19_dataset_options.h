// Migration 19: the options of dataset versions are one column, so that a new one needs none.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_19_DATASET_OPTIONS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_19_DATASET_OPTIONS_H_

namespace flywheel::curation {

// As store/dataset_options_column.h reads them; 17 digits are every double. The column of one of
// them becomes that of all, because a table with children cannot be made anew without them.
inline constexpr char kDatasetOptionsSql[] = R"sql(
UPDATE dataset_builds SET cohort_attribute = json_patch(
  json_patch('{"eval_share":' || printf('%!.17g', eval_share) || '}',
             CASE cohort_attribute WHEN '' THEN '{}'
             ELSE json_object('cohort_attribute', cohort_attribute) END),
  CASE skip_label_review WHEN 0 THEN '{}' ELSE '{"skip_label_review":true}' END);
ALTER TABLE dataset_builds RENAME COLUMN cohort_attribute TO options;
ALTER TABLE dataset_builds DROP COLUMN eval_share;
ALTER TABLE dataset_builds DROP COLUMN skip_label_review;

UPDATE dataset_versions SET cohort_attribute = json_patch(
  json_patch('{"eval_share":' || printf('%!.17g', eval_share) || '}',
             CASE cohort_attribute WHEN '' THEN '{}'
             ELSE json_object('cohort_attribute', cohort_attribute) END),
  CASE skip_label_review WHEN 0 THEN '{}' ELSE '{"skip_label_review":true}' END);
ALTER TABLE dataset_versions RENAME COLUMN cohort_attribute TO options;
ALTER TABLE dataset_versions DROP COLUMN eval_share;
ALTER TABLE dataset_versions DROP COLUMN skip_label_review;
)sql";

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATION_19_DATASET_OPTIONS_H_
