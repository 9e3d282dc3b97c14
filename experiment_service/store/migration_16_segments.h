// Migration 16: segments of a plan, the values of units, and what they add up to.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_16_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_16_SEGMENTS_H_

namespace flywheel::experiment {

// Until now units were told apart by their arm alone.
inline constexpr char kSegmentsSql[] = R"sql(
CREATE TABLE experiment_segments (
  -- The segments of a plan, one row a value; what none names is value 0, "other".
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  segment INTEGER NOT NULL,       -- from 0
  name TEXT NOT NULL,             -- of the attribute
  value INTEGER NOT NULL,         -- from 1
  value_name TEXT NOT NULL,
  PRIMARY KEY (experiment, segment, value)
) STRICT, WITHOUT ROWID;

-- One byte a segment: the value that the unit had at its first exposure. A unit of before, or
-- without segments, has none.
ALTER TABLE experiment_units ADD COLUMN segments BLOB NOT NULL DEFAULT x'';

CREATE TABLE segment_tallies (
  -- What the units of an arm with one value of a segment add up to, kept with every change of a
  -- unit, as arm_tallies and metric_tallies are; only where a plan has segments.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  segment INTEGER NOT NULL,       -- experiment_segments.segment
  value INTEGER NOT NULL,         -- experiment_segments.value; 0: other
  arm INTEGER NOT NULL,           -- experiment_arms.position
  counts TEXT NOT NULL,           -- domain/counts_text.h
  PRIMARY KEY (experiment, segment, value, arm)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_16_SEGMENTS_H_
