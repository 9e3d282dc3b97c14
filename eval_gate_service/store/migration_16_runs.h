// Migration 16: outputs belong to runs, and are judged as they come.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_16_RUNS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_16_RUNS_H_

namespace flywheel::evalgate {

// Outputs of before become a run for each version and suite; it is finished where every case that
// is left has an answer, as where a verdict was given. They were not judged as they came: their
// outcome is 0 until the next start has judged them (outputs_of_before.h).
inline constexpr char kRunsSql[] = R"sql(
CREATE TABLE runs (
  -- What a version answers to a suite, in one go.
  project TEXT NOT NULL,
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's runs from 1, as they were started
  suite_id TEXT NOT NULL,
  agent TEXT NOT NULL,            -- the suite's
  model_version TEXT NOT NULL,
  version_key TEXT NOT NULL,      -- what model versions are compared by
  state INTEGER NOT NULL,         -- domain/run.h: RunState
  attempts_per_case INTEGER NOT NULL,
  answered INTEGER NOT NULL,      -- attempts with an answer
  unavailable INTEGER NOT NULL,   -- attempts whose last output is an error of the infrastructure
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  end_time_us INTEGER NOT NULL,   -- when it was finished or aborted; 0 before
  created_by TEXT NOT NULL,       -- id of a key; empty without
  abort_reason TEXT NOT NULL,     -- empty where it was not
  PRIMARY KEY (project, run_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;
CREATE UNIQUE INDEX runs_by_ordinal
  -- The listing of a project; and no two runs in one place.
  ON runs (project, ordinal);
CREATE INDEX runs_by_agent
  -- The listing of one agent.
  ON runs (project, agent, ordinal);
CREATE INDEX runs_by_version
  -- The listing of one version.
  ON runs (project, version_key, ordinal);
CREATE INDEX runs_of_suite
  -- The listing of one suite.
  ON runs (project, suite_id, ordinal);
CREATE INDEX runs_of_version
  -- The runs of a version on a suite; and what leaves with a case.
  ON runs (project, suite_id, version_key, ordinal);
CREATE UNIQUE INDEX runs_finished
  -- The one that counts.
  ON runs (project, suite_id, version_key) WHERE state = 2;

INSERT INTO runs (project, run_id, ordinal, suite_id, agent, model_version, version_key, state,
                  attempts_per_case, answered, unavailable, request_hash, create_time_us,
                  end_time_us, created_by, abort_reason)
  SELECT o.project, 'before-runs-' || o.ordinal, o.ordinal, o.suite_id, s.agent,
         COALESCE((SELECT v.model_version FROM verdicts AS v
                   WHERE v.project = o.project AND v.suite_id = o.suite_id
                     AND v.version_key = o.version_key LIMIT 1), o.version_key),
         o.version_key, IIF(o.answered >= s.cases - s.erased_cases, 2, 1), 1, o.answered,
         o.unavailable, x'', o.first_time_us,
         IIF(o.answered >= s.cases - s.erased_cases, o.last_time_us, 0), '', ''
  FROM (
    SELECT project, suite_id, version_key, MIN(create_time_us) AS first_time_us,
           MAX(create_time_us) AS last_time_us,
           SUM(infrastructure_error = '') AS answered,
           SUM(infrastructure_error <> '') AS unavailable,
           ROW_NUMBER() OVER (PARTITION BY project
                              ORDER BY MIN(create_time_us), suite_id, version_key) AS ordinal
    FROM outputs GROUP BY project, suite_id, version_key
  ) AS o JOIN suites AS s ON s.project = o.project AND s.suite_id = o.suite_id
  ORDER BY o.project, o.ordinal;

DROP INDEX outputs_by_case;
ALTER TABLE outputs RENAME TO old_outputs;
CREATE TABLE outputs (
  -- What a version answered to an attempt at a case, and what became of it; the first answer stays.
  project TEXT NOT NULL,
  run_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,       -- from 1
  outcome INTEGER NOT NULL,       -- domain/case_outcome.h: CaseOutcome; 0: to be judged at a start
  failed_by INTEGER NOT NULL,     -- place of the suite's evaluator that says so, from 0; else -1
  answer_key INTEGER NOT NULL,    -- equal for equal answers; 0 for none
  content_hash BLOB NOT NULL,     -- SHA-256 of the output: replay or another one
  create_time_us INTEGER NOT NULL,
  output TEXT NOT NULL,
  tool_calls TEXT NOT NULL,       -- JSON; empty for none
  error TEXT NOT NULL,            -- of the version's own; empty for none
  infrastructure_error TEXT NOT NULL,  -- not empty: no answer, the next output takes its place
  details BLOB NOT NULL,          -- the rest of it as the contract encodes it; empty for none
  PRIMARY KEY (project, run_id, case_id, attempt),
  FOREIGN KEY (project, run_id) REFERENCES runs (project, run_id)
) STRICT;
INSERT INTO outputs (project, run_id, case_id, attempt, outcome, failed_by, answer_key,
                     content_hash, create_time_us, output, tool_calls, error, infrastructure_error,
                     details)
  SELECT o.project, r.run_id, o.case_id, 1, 0, -1, 0, o.content_hash, o.create_time_us, o.output,
         o.tool_calls, o.error, o.infrastructure_error, x''
  FROM old_outputs AS o JOIN runs AS r
    ON r.project = o.project AND r.suite_id = o.suite_id AND r.version_key = o.version_key
  ORDER BY o.project, r.run_id, o.case_id;
DROP TABLE old_outputs;
CREATE INDEX outputs_to_judge
  -- Those of before.
  ON outputs (project, run_id, case_id, attempt) WHERE outcome = 0;

-- The run that it is about; empty and 0 before there were any. JSON; empty without.
ALTER TABLE verdicts ADD COLUMN run_id TEXT NOT NULL DEFAULT '';
ALTER TABLE verdicts ADD COLUMN attempts_per_case INTEGER NOT NULL DEFAULT 0;
ALTER TABLE verdicts ADD COLUMN pass_all_of TEXT NOT NULL DEFAULT '';
ALTER TABLE verdicts ADD COLUMN pass_any_of TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_16_RUNS_H_
