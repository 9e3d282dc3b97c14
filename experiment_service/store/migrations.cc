#include "experiment_service/store/migrations.h"

#include "experiment_service/store/migration_04_strict_tables.h"
#include "experiment_service/store/migration_08_lists.h"
#include "experiment_service/store/migration_09_untold_promotions.h"
#include "experiment_service/store/migration_10_exposed_units.h"
#include "experiment_service/store/migration_11_decisions.h"
#include "experiment_service/store/migration_12_ramp.h"
#include "experiment_service/store/migration_13_exact_sums.h"
#include "experiment_service/store/migration_14_assignment_salt.h"
#include "experiment_service/store/migration_15_feed.h"
#include "experiment_service/store/migration_16_segments.h"
#include "experiment_service/store/migration_17_metric_kinds.h"
#include "experiment_service/store/migration_18_quantiles.h"
#include "experiment_service/store/migration_19_epsilon.h"
#include "shared/audit/audit_events_sql.h"
#include "shared/sql/label_store.h"

namespace flywheel::experiment {
namespace {

constexpr sql::Migration kMigrations[] = {
    {"experiments, units, outcomes and promotions", R"sql(
        -- One row an experiment; only state, stop_time and stop_reason ever change, once.
        -- `sequence` numbers them in the order of their making and stands for them elsewhere.
        CREATE TABLE experiments (
          sequence INTEGER NOT NULL PRIMARY KEY,
          project TEXT NOT NULL,
          experiment_id TEXT NOT NULL,
          request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
          agent TEXT NOT NULL,
          unit INTEGER NOT NULL,          -- domain/experiment.h: Unit
          metric TEXT NOT NULL,
          goal INTEGER NOT NULL,          -- Goal
          min_lift REAL NOT NULL,
          margin REAL NOT NULL,
          alpha REAL NOT NULL,
          planned_units INTEGER NOT NULL,
          min_units_per_arm INTEGER NOT NULL,
          waiver_owner TEXT NOT NULL,     -- empty where nobody waived the gate
          waiver_reason TEXT NOT NULL,
          create_time INTEGER NOT NULL,   -- microseconds since 1970, UTC
          state INTEGER NOT NULL,         -- State
          stop_time INTEGER NOT NULL,     -- 0 while it runs
          stop_reason TEXT NOT NULL
        );
        -- The client's id decides what is new.
        CREATE UNIQUE INDEX experiments_by_id ON experiments (project, experiment_id);
        -- At most one running experiment an agent, whatever a program does; and finds it.
        CREATE UNIQUE INDEX experiments_running ON experiments (project, agent) WHERE state = 1;
        -- Lists, the newest first.
        CREATE INDEX experiments_by_project ON experiments (project, sequence);

        -- The arms, in the experiment's order, which assignment depends on.
        CREATE TABLE experiment_arms (
          experiment INTEGER NOT NULL REFERENCES experiments (sequence),
          position INTEGER NOT NULL,      -- from 0
          arm_id TEXT NOT NULL,
          model_version TEXT NOT NULL,
          weight REAL NOT NULL,
          control INTEGER NOT NULL,
          PRIMARY KEY (experiment, position)
        );

        -- One row a unit that was assigned or had an outcome: what the tallies are rebuilt from.
        CREATE TABLE experiment_units (
          experiment INTEGER NOT NULL REFERENCES experiments (sequence),
          unit_hash TEXT NOT NULL,        -- of project and unit id; the id itself is never kept
          arm INTEGER NOT NULL,           -- experiment_arms.position
          expose_time INTEGER NOT NULL,   -- when it was first seen
          outcomes INTEGER NOT NULL,      -- of the plan's metric
          value_sum REAL NOT NULL,        -- of those outcomes, rounded to a double
          value_sum_rest REAL NOT NULL,   -- what the rounding left over
          PRIMARY KEY (experiment, unit_hash)
        );

        -- One row an outcome, immutable, of any metric: tells a replay from a conflict, and is
        -- what an analysis can be audited with.
        CREATE TABLE outcomes (
          project TEXT NOT NULL,
          outcome_id TEXT NOT NULL,
          content_hash BLOB NOT NULL,     -- SHA-256 of the columns below but receive_time
          experiment INTEGER NOT NULL REFERENCES experiments (sequence),
          unit_hash TEXT NOT NULL,
          metric TEXT NOT NULL,
          value REAL NOT NULL,
          event_time INTEGER NOT NULL,
          receive_time INTEGER NOT NULL,
          PRIMARY KEY (project, outcome_id)
        );

        -- Every promotion that ever was, immutable: who or what made a version the active one.
        CREATE TABLE promotions (
          project TEXT NOT NULL,
          promotion_id TEXT NOT NULL,
          request_hash BLOB NOT NULL,
          agent TEXT NOT NULL,
          model_version TEXT NOT NULL,
          experiment_id TEXT NOT NULL,    -- empty with a waiver
          waiver_owner TEXT NOT NULL,     -- empty with an experiment
          waiver_reason TEXT NOT NULL,
          promote_time INTEGER NOT NULL,
          PRIMARY KEY (project, promotion_id)
        );

        -- The promotion that counts now, one row an agent.
        CREATE TABLE active_versions (
          project TEXT NOT NULL,
          agent TEXT NOT NULL,
          promotion_id TEXT NOT NULL,
          PRIMARY KEY (project, agent),
          FOREIGN KEY (project, promotion_id) REFERENCES promotions (project, promotion_id)
        );
    )sql"},
    {"a waiver covers arms by name", R"sql(
        -- 1 where the experiment's waiver stands in for a PASS of the arm's version. Until now a
        -- waiver covered every treatment.
        ALTER TABLE experiment_arms ADD COLUMN waived INTEGER NOT NULL DEFAULT 0;
        UPDATE experiment_arms SET waived = 1
        WHERE control = 0
          AND experiment IN (SELECT sequence FROM experiments WHERE waiver_owner <> '');
    )sql"},
    {"tallies of arms", R"sql(
        -- What the units of an arm add up to, kept with every change of a unit, so that a start
        -- reads a row an arm and not a row a unit.
        CREATE TABLE experiment_tallies (
          experiment INTEGER NOT NULL REFERENCES experiments (sequence),
          arm INTEGER NOT NULL,             -- experiment_arms.position
          exposed_units INTEGER NOT NULL,
          units INTEGER NOT NULL,           -- with an outcome of the plan's metric
          outcomes INTEGER NOT NULL,
          other_units INTEGER NOT NULL,     -- units whose value is neither 0 nor 1
          value_sum REAL NOT NULL,          -- of the units' values, rounded to a double
          value_sum_rest REAL NOT NULL,     -- what the rounding left over
          square_sum REAL NOT NULL,         -- of their squares
          square_sum_rest REAL NOT NULL,
          PRIMARY KEY (experiment, arm)
        );
        INSERT INTO experiment_tallies (
          experiment, arm, exposed_units, units, outcomes, other_units, value_sum, value_sum_rest,
          square_sum, square_sum_rest)
        SELECT experiment, arm, COUNT(*), COUNT(mean), SUM(outcomes),
               COALESCE(SUM(mean NOT IN (0, 1)), 0), COALESCE(SUM(mean), 0), 0,
               COALESCE(SUM(mean * mean), 0), 0
        FROM (SELECT experiment, arm, outcomes,
                     CASE WHEN outcomes > 0 THEN (value_sum + value_sum_rest) / outcomes END AS mean
              FROM experiment_units)
        GROUP BY experiment, arm;
    )sql"},
    {"STRICT tables, hashes as bytes", kStrictTablesSql},
    {"who did it", R"sql(
        -- Ids of keys; empty where the service had none, and before it kept them.
        ALTER TABLE experiments ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE experiments ADD COLUMN stopped_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE promotions ADD COLUMN promoted_by TEXT NOT NULL DEFAULT '';
    )sql"},
    {"the audit log", audit::kAuditEventsSql},
    {"labels of experiments and promotions", sql::kResourceLabelsSql},
    {"lists of experiments and promotions", kListsSql},
    {"promotions that the gate is to be told of", kUntoldPromotionsSql},
    {"metrics, exposed units and their totals", kExposedUnitsSql},
    {"guardrails and decisions", kDecisionsSql},
    {"ramps", kRampSql},
    {"exact sums", kExactSumsSql},
    {"salts of assignments", kAssignmentSaltSql},
    {"outcomes from ingest's feed", kFeedSql},
    {"segments", kSegmentsSql},
    {"ratios and metrics that decide nothing", kMetricKindsSql},
    {"metrics that are a quantile", kQuantilesSql},
    {"what noise was spent on", kEpsilonSql},
};

}  // namespace

absl::Span<const sql::Migration> Migrations() { return kMigrations; }

}  // namespace flywheel::experiment
