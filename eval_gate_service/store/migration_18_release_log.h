// Migration 18: the release log.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_18_RELEASE_LOG_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_18_RELEASE_LOG_H_

namespace flywheel::evalgate {

// Says of everything that is there that it is of before, in the order of its making, once and for
// all: what is put into the store by hand later is never taken for it. SQL cannot hash, so that the
// next start fills in the hashes (ReleaseLog::FillIn).
inline constexpr char kReleaseLogSql[] = R"sql(
CREATE TABLE release_log (
  -- What decides what may ship, in the order of its commits; a chain of hashes, append-only.
  project TEXT NOT NULL,
  sequence INTEGER NOT NULL,        -- counts a project's from 1, without a gap
  kind INTEGER NOT NULL,            -- domain/release_log.h: ReleaseKind
  agent TEXT NOT NULL,              -- the thing's
  resource_id TEXT NOT NULL,        -- the thing's; of a policy its policy_version
  of_before INTEGER NOT NULL,       -- 1: the thing was there before the log
  content_hash BLOB NOT NULL,       -- SHA-256 over the thing's rows
  previous_hash BLOB NOT NULL,      -- entry_hash of the entry before; empty for the first
  entry_hash BLOB NOT NULL,         -- SHA-256 over all others; empty until the next start fills in
  create_time_us INTEGER NOT NULL,  -- of the entry; 0 until then
  created_by TEXT NOT NULL,         -- who made the thing: id of a key; empty without
  PRIMARY KEY (project, sequence)
) STRICT;
CREATE UNIQUE INDEX release_log_by_thing
  -- Whether a thing has its entry; and no thing has two.
  ON release_log (project, kind, agent, resource_id);
CREATE INDEX release_log_by_agent
  -- The listing of one agent.
  ON release_log (project, agent, sequence);
CREATE INDEX release_log_without_hash
  -- What a start fills in.
  ON release_log (project, sequence) WHERE entry_hash = x'';

INSERT INTO release_log (project, sequence, kind, agent, resource_id, of_before, content_hash,
                         previous_hash, entry_hash, create_time_us, created_by)
  SELECT project,
         ROW_NUMBER() OVER (PARTITION BY project ORDER BY create_time_us, kind, ordinal),
         kind, agent, resource_id, 1, x'', x'', x'', 0, created_by
  FROM (
    SELECT project, 1 AS kind, agent, CAST(policy_version AS TEXT) AS resource_id, ordinal,
           create_time_us, created_by
      FROM release_policies
    UNION ALL
    SELECT project, 2, agent, approval_id, ordinal, create_time_us, created_by
      FROM baseline_approvals
    UNION ALL
    SELECT l.project, 3, l.agent, l.suite_id, l.ordinal, s.create_time_us, s.created_by
      FROM listed_suites AS l JOIN suites AS s
        ON s.project = l.project AND s.suite_id = l.suite_id
    UNION ALL
    SELECT project, 4, agent, verdict_id, ordinal, create_time_us, created_by FROM verdicts
    UNION ALL
    SELECT project, 5, agent, waiver_id, ordinal, create_time_us, created_by FROM verdict_waivers
  );

-- What became of the cases that it was decided on, and by which code; empty in those of before.
ALTER TABLE verdicts ADD COLUMN evidence_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE verdicts ADD COLUMN code_version TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_18_RELEASE_LOG_H_
