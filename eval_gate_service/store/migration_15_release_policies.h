// Migration 15: release policies, what they compare with, and waivers.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_15_RELEASE_POLICIES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_15_RELEASE_POLICIES_H_

namespace flywheel::evalgate {

inline constexpr char kReleasePoliciesSql[] = R"sql(
CREATE TABLE release_policies (
  -- Which suites decide whether a version of an agent may ship; append-only, the newest counts.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  policy_version INTEGER NOT NULL,  -- counts an agent's from 1
  ordinal INTEGER NOT NULL,         -- counts a project's from 1
  judges TEXT NOT NULL,             -- JSON: ids of keys; empty: all operators
  baseline_model_version TEXT NOT NULL,   -- empty: what was approved last
  reference_model_version TEXT NOT NULL,  -- empty: the best that was approved
  reason TEXT NOT NULL,
  labels TEXT NOT NULL,             -- JSON
  request_hash BLOB NOT NULL,       -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (project, agent, policy_version)
) STRICT;
CREATE UNIQUE INDEX release_policies_by_ordinal
  -- Lists of a project.
  ON release_policies (project, ordinal);
CREATE INDEX release_policies_by_agent
  -- Lists of one agent's.
  ON release_policies (project, agent, ordinal);

CREATE TABLE release_policy_suites (
  -- The suites of a policy, in its order.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  position INTEGER NOT NULL,        -- from 0
  suite_name TEXT NOT NULL,
  bar_key BLOB NOT NULL,
  PRIMARY KEY (project, agent, policy_version, position),
  FOREIGN KEY (project, agent, policy_version)
    REFERENCES release_policies (project, agent, policy_version),
  FOREIGN KEY (project, bar_key) REFERENCES bars (project, bar_key)
) STRICT;

CREATE TABLE baseline_approvals (
  -- What serves an agent from then on; append-only, the newest counts.
  project TEXT NOT NULL,
  approval_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,         -- counts a project's from 1
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  reference_model_version TEXT NOT NULL,  -- the best approved one from then on
  reason TEXT NOT NULL,
  labels TEXT NOT NULL,             -- JSON
  request_hash BLOB NOT NULL,       -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (project, approval_id)
) STRICT;
CREATE UNIQUE INDEX baseline_approvals_by_ordinal
  -- Lists of a project.
  ON baseline_approvals (project, ordinal);
CREATE INDEX baseline_approvals_by_agent
  -- The newest one of an agent, and lists of one agent's.
  ON baseline_approvals (project, agent, ordinal);

CREATE TABLE verdict_waivers (
  -- Words of people in place of verdicts; append-only, and they end by themselves.
  project TEXT NOT NULL,
  waiver_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,         -- counts a project's from 1
  agent TEXT NOT NULL,
  model_version TEXT NOT NULL,
  version_key TEXT NOT NULL,        -- what versions are compared by
  suite_names TEXT NOT NULL,        -- JSON; empty: all of the policy
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  labels TEXT NOT NULL,             -- JSON
  expire_time_us INTEGER NOT NULL,
  request_hash BLOB NOT NULL,       -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (project, waiver_id)
) STRICT;
CREATE UNIQUE INDEX verdict_waivers_by_ordinal
  -- Lists of a project.
  ON verdict_waivers (project, ordinal);
CREATE INDEX verdict_waivers_by_agent
  -- Lists of one agent's.
  ON verdict_waivers (project, agent, ordinal);
CREATE INDEX verdict_waivers_by_version
  -- Those for a version.
  ON verdict_waivers (project, agent, version_key, ordinal);
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_15_RELEASE_POLICIES_H_
