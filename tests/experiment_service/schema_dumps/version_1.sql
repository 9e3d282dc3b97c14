PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE active_versions (
          project TEXT NOT NULL,
          agent TEXT NOT NULL,
          promotion_id TEXT NOT NULL,
          PRIMARY KEY (project, agent),
          FOREIGN KEY (project, promotion_id) REFERENCES promotions (project, promotion_id)
        );
CREATE TABLE experiment_arms (
          experiment INTEGER NOT NULL REFERENCES experiments (sequence),
          position INTEGER NOT NULL,      -- from 0
          arm_id TEXT NOT NULL,
          model_version TEXT NOT NULL,
          weight REAL NOT NULL,
          control INTEGER NOT NULL,
          PRIMARY KEY (experiment, position)
        );
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
CREATE UNIQUE INDEX experiments_by_id ON experiments (project, experiment_id);
CREATE INDEX experiments_by_project ON experiments (project, sequence);
CREATE UNIQUE INDEX experiments_running ON experiments (project, agent) WHERE state = 1;
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
CREATE TABLE schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      );
INSERT INTO active_versions (project, agent, promotion_id) VALUES ('p', 'helper', 'p1');
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control) VALUES (1, 0, 'control', 'v1', 0.5, 1);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control) VALUES (1, 1, 'new', 'v2', 0.5, 0);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control) VALUES (2, 0, 'control', 'v1', 0.5, 1);
INSERT INTO experiment_arms (experiment, position, arm_id, model_version, weight, control) VALUES (2, 1, 'new', 'v3', 0.5, 0);
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time, outcomes, value_sum, value_sum_rest) VALUES (1, '0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a', 0, 1700000000000004, 1, 0.0, 0.0);
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time, outcomes, value_sum, value_sum_rest) VALUES (1, '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', 0, 1700000000000005, 2, 1.0, 0.0);
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time, outcomes, value_sum, value_sum_rest) VALUES (1, '0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c', 0, 1700000000000006, 0, 0.0, 0.0);
INSERT INTO experiment_units (experiment, unit_hash, arm, expose_time, outcomes, value_sum, value_sum_rest) VALUES (1, '0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d', 1, 1700000000000007, 3, 3.0, 0.0);
INSERT INTO experiments (sequence, project, experiment_id, request_hash, agent, unit, metric, goal, min_lift, margin, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time, state, stop_time, stop_reason) VALUES (1, 'p', 'e1', X'31613161316131613161316131613161316131613161316131613161316131613161316131613161316131613161316131613161316131613161316131613161', 'helper', 1, 'solved', 1, 0.02, 0.05, 0.05, 5000, 30, '', '', 1700000000000001, 2, 1700000000000002, 'enough');
INSERT INTO experiments (sequence, project, experiment_id, request_hash, agent, unit, metric, goal, min_lift, margin, alpha, planned_units, min_units_per_arm, waiver_owner, waiver_reason, create_time, state, stop_time, stop_reason) VALUES (2, 'p', 'e2', X'32623262326232623262326232623262326232623262326232623262326232623262326232623262326232623262326232623262326232623262326232623262', 'helper', 1, 'solved', 1, 0.02, 0.05, 0.05, 5000, 30, 'ada', 'hotfix', 1700000000000003, 1, 0, '');
INSERT INTO outcomes (project, outcome_id, content_hash, experiment, unit_hash, metric, value, event_time, receive_time) VALUES ('p', 'o1', X'33633363336333633363336333633363336333633363336333633363336333633363336333633363336333633363336333633363336333633363336333633363', 1, '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', 'solved', 1.0, 1700000000000008, 1700000000000009);
INSERT INTO promotions (project, promotion_id, request_hash, agent, model_version, experiment_id, waiver_owner, waiver_reason, promote_time) VALUES ('p', 'p1', X'34643464346434643464346434643464346434643464346434643464346434643464346434643464346434643464346434643464346434643464346434643464', 'helper', 'v1', '', 'ada', 'first', 1700000000000010);
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'experiments, units, outcomes and promotions');
COMMIT;
PRAGMA foreign_keys = ON;
