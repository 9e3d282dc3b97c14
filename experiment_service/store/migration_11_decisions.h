// Migration 11: guardrails, what a plan says of time and size, and the decisions.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_11_DECISIONS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_11_DECISIONS_H_

namespace flywheel::experiment {

// Until now a recommendation was that of the look alone, and nothing was kept of it.
inline constexpr char kDecisionsSql[] = R"sql(
-- Numbers of domain/experiment.h: Aggregation, Direction, Scale.
ALTER TABLE experiment_metrics ADD COLUMN aggregation INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiment_metrics ADD COLUMN direction INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiment_metrics ADD COLUMN scale INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiment_metrics ADD COLUMN cap REAL;  -- NULL: none
ALTER TABLE experiments ADD COLUMN min_units INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN min_duration_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN max_duration_us INTEGER NOT NULL DEFAULT 0;  -- 0: no end
ALTER TABLE experiments ADD COLUMN hold_untrusted_harm INTEGER NOT NULL DEFAULT 0;

CREATE TABLE decisions (
  -- Every change of what stands for a treatment, with what it was decided by; append-only.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  sequence INTEGER NOT NULL,        -- from 1, of an experiment
  arm INTEGER NOT NULL,             -- experiment_arms.position
  recommendation INTEGER NOT NULL,  -- domain/decision.h: Recommendation
  reason INTEGER NOT NULL,          -- RecommendationReason
  message TEXT NOT NULL,
  decide_time_us INTEGER NOT NULL,
  counts TEXT NOT NULL,             -- of all arms: domain/counts_text.h
  analysis_hash BLOB NOT NULL,      -- SHA-256 of domain/analysis_text.h
  PRIMARY KEY (experiment, sequence)
) STRICT;
CREATE INDEX decisions_by_arm
  -- What stands for an arm.
  ON decisions (experiment, arm, sequence);
CREATE TABLE running_intervals (
  -- What all looks together leave of a lift; an end may be infinite.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  arm INTEGER NOT NULL,             -- experiment_arms.position
  metric INTEGER NOT NULL,          -- experiment_metrics.position
  absolute_lower REAL NOT NULL,
  absolute_upper REAL NOT NULL,
  relative_lower REAL NOT NULL,
  relative_upper REAL NOT NULL,
  PRIMARY KEY (experiment, arm, metric)
) STRICT;
-- The decision that was SHIP; 0 with a waiver, and before there were any.
ALTER TABLE promotions ADD COLUMN decision INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_11_DECISIONS_H_
