// Migration 20: seals of cases and outputs, and runs in the release log.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_20_SEALS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_20_SEALS_H_

namespace flywheel::evalgate {

// What is there has no seals: nobody can say what it was when it was made. Runs that were finished
// get entries that say so, once and for all: what is put into the store by hand later is never
// taken for one of them. The next start fills in the hashes (ReleaseLog::FillIn).
inline constexpr char kSealsSql[] = R"sql(
CREATE TABLE seals (
  -- A hash over each case and each output, by which one that was edited is found.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- domain/release_log.h: ReleaseKind, of a suite or of a run
  resource_id TEXT NOT NULL,      -- the suite's or the run's
  case_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,       -- the output's; 0 of a case
  salt BLOB NOT NULL,             -- random; leaves with the row
  seal BLOB NOT NULL,             -- SHA-256 of salt and content
  PRIMARY KEY (project, kind, resource_id, case_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE erased_seals (
  -- Seals of cases and outputs that left with people, so that what is left can be verified. Without
  -- the salt they say nothing.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- this and the next as in seals
  resource_id TEXT NOT NULL,
  seal BLOB NOT NULL,
  PRIMARY KEY (project, kind, resource_id, seal)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_contents (
  -- What the seals came to when a suite was made or a run finished; the release log vouches for it.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- this and the next as in seals
  resource_id TEXT NOT NULL,
  items INTEGER NOT NULL,         -- cases or outputs
  seals_hash BLOB NOT NULL,       -- SHA-256 of all seals
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

CREATE TABLE erasing_cases (
  -- Cases that have left and whose outputs follow, some in a write; empty at most times.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  PRIMARY KEY (project, suite_id, case_id)
) STRICT;

INSERT INTO release_log (project, sequence, kind, agent, resource_id, of_before, content_hash,
                         previous_hash, entry_hash, create_time_us, created_by)
  SELECT r.project,
         COALESCE((SELECT MAX(l.sequence) FROM release_log AS l WHERE l.project = r.project), 0) +
           ROW_NUMBER() OVER (PARTITION BY r.project ORDER BY r.end_time_us, r.ordinal),
         6, r.agent, r.run_id, 1, x'', x'', x'', 0, r.created_by
  FROM runs AS r WHERE r.state = 2;
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_20_SEALS_H_
