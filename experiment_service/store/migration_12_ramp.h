// Migration 12: ramps, and what happened to them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_12_RAMP_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_12_RAMP_H_

namespace flywheel::experiment {

// Until now everybody took part in an experiment at once, and it did nothing by itself.
inline constexpr char kRampSql[] = R"sql(
-- domain/ramp.h: RampPhase; 0: without a ramp, and then the other four say nothing.
ALTER TABLE experiments ADD COLUMN ramp_phase INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN ramp_promote INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN ramp_step INTEGER NOT NULL DEFAULT 0;  -- ramp_steps.position
ALTER TABLE experiments ADD COLUMN ramp_step_time_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN ramp_message TEXT NOT NULL DEFAULT '';

CREATE TABLE ramp_steps (
  -- How much of the traffic an experiment takes, step by step; never changed.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  position INTEGER NOT NULL,        -- from 0
  coverage REAL NOT NULL,
  min_duration_us INTEGER NOT NULL,
  min_units INTEGER NOT NULL,
  PRIMARY KEY (experiment, position)
) STRICT;
CREATE TABLE ramp_events (
  -- Every change of a ramp, written with it; append-only.
  experiment INTEGER NOT NULL REFERENCES experiments (ordinal),
  sequence INTEGER NOT NULL,        -- from 1, of an experiment
  kind INTEGER NOT NULL,            -- domain/ramp.h: RampEventKind
  event_time_us INTEGER NOT NULL,
  from_step INTEGER NOT NULL,
  to_step INTEGER NOT NULL,
  decision INTEGER NOT NULL,        -- decisions.sequence that caused it; 0: none did
  reason INTEGER NOT NULL,          -- why a promotion was refused (shared/status/reason.h); else 0
  key_id TEXT NOT NULL,             -- 'ramp': it happened by itself
  owner TEXT NOT NULL,              -- who answers for it; else empty
  message TEXT NOT NULL,
  PRIMARY KEY (experiment, sequence)
) STRICT;
)sql";

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATION_12_RAMP_H_
