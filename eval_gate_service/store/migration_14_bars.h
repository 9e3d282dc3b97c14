// Migration 14: takes the bar out of the suite, whose name has versions now.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_14_BARS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_14_BARS_H_

namespace flywheel::evalgate {

// A suite of before is the only version of one of its own name. The bar that it had goes to the
// verdicts that were given for it, which no policy asked for: they are explorations. The key of
// such a bar is its suite's seal. A hash of a suite of before is over its bar too. Of two spellings
// of a version the first answers stay; a name of letters beyond ASCII may keep a key that is not
// found again.
inline constexpr char kBarsSql[] = R"sql(
CREATE TABLE bars (
  -- What had to be shown, once for all that have it.
  project TEXT NOT NULL,
  bar_key BLOB NOT NULL,          -- SHA-256 of the text
  bar TEXT NOT NULL,              -- JSON
  PRIMARY KEY (project, bar_key)
) STRICT;
INSERT INTO bars (project, bar_key, bar)
  SELECT s.project, s.bar_hash,
         json_object('pass_rate_floor', s.pass_rate_floor,
                     'cohort_floors', (
                       SELECT json_group_object(f.cohort, f.pass_rate_floor)
                       FROM suite_cohort_floors AS f
                       WHERE f.project = s.project AND f.suite_id = s.suite_id),
                     'non_inferiority_margin', s.non_inferiority_margin,
                     'cohort_margin', m.cohort_margin,
                     'cohort_margin_cases', m.cohort_margin_cases,
                     'alpha', s.alpha,
                     'min_cohort_cases', s.min_cohort_cases)
  FROM suites AS s JOIN suite_cohort_margins AS m
    ON m.project = s.project AND m.suite_id = s.suite_id
  WHERE 1
  ON CONFLICT (project, bar_key) DO NOTHING;
DROP TABLE suite_cohort_floors;
DROP TABLE suite_cohort_margins;
ALTER TABLE suites DROP COLUMN pass_rate_floor;
ALTER TABLE suites DROP COLUMN non_inferiority_margin;
ALTER TABLE suites DROP COLUMN alpha;
ALTER TABLE suites DROP COLUMN min_cohort_cases;
ALTER TABLE suites RENAME COLUMN bar_hash TO content_hash;

DROP INDEX listed_suites_by_ordinal;
DROP INDEX listed_suites_by_agent;
DROP INDEX listed_suites_by_dataset_version;
ALTER TABLE listed_suites RENAME TO old_listed_suites;
CREATE TABLE listed_suites (
  -- By what suites are listed and named: a row each, once it is complete. The rest of it stands in
  -- suites.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's suites from 1, as they were completed
  agent TEXT NOT NULL,            -- the suite's
  dataset_version_id TEXT NOT NULL,  -- the suite's
  suite_name TEXT NOT NULL,       -- those of an agent with one name are versions of one suite
  suite_version INTEGER NOT NULL, -- from 1
  evaluators TEXT NOT NULL,       -- JSON
  PRIMARY KEY (project, suite_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;
INSERT INTO listed_suites (project, suite_id, ordinal, agent, dataset_version_id, suite_name,
                           suite_version, evaluators)
  SELECT l.project, l.suite_id, l.ordinal, l.agent, l.dataset_version_id, l.suite_id, 1,
         CASE s.evaluator
           WHEN 2 THEN '[{"id":"tool_calls","kind":"tool_calls","version":1,"threshold":1.0}]'
           ELSE '[{"id":"normalised","kind":"normalised","version":1,"threshold":1.0}]' END
  FROM old_listed_suites AS l JOIN suites AS s
    ON s.project = l.project AND s.suite_id = l.suite_id
  ORDER BY l.project, l.suite_id;
DROP TABLE old_listed_suites;
ALTER TABLE suites DROP COLUMN evaluator;
CREATE UNIQUE INDEX listed_suites_by_ordinal
  -- The listing of a project; and no two suites in one place.
  ON listed_suites (project, ordinal);
CREATE INDEX listed_suites_by_agent
  -- The listing of one agent.
  ON listed_suites (project, agent, ordinal);
CREATE INDEX listed_suites_by_dataset_version
  -- The listing of one dataset version.
  ON listed_suites (project, dataset_version_id, ordinal);
CREATE UNIQUE INDEX listed_suites_by_name
  -- The versions of a suite, and which is the newest.
  ON listed_suites (project, agent, suite_name, suite_version);

DROP INDEX verdicts_by_model_version;
DROP INDEX verdicts_by_ordinal;
DROP INDEX verdicts_by_suite;
DROP INDEX verdicts_by_agent;
DROP INDEX verdicts_of_suite;
ALTER TABLE verdicts RENAME TO old_verdicts;
ALTER TABLE findings RENAME TO old_findings;
CREATE TABLE verdicts (
  -- What was decided, once.
  project TEXT NOT NULL,
  verdict_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's verdicts from 1; says which is newer
  suite_id TEXT NOT NULL,
  agent TEXT NOT NULL,            -- the suite's
  policy_version INTEGER NOT NULL,  -- of the agent's policy that asked for it; 0: an exploration
  look INTEGER NOT NULL,          -- from 1; 0: an exploration
  bar_key BLOB NOT NULL,
  bar_hash BLOB NOT NULL,         -- SHA-256 of bar and suite
  model_version TEXT NOT NULL,
  version_key TEXT NOT NULL,      -- what model versions are compared by
  baseline_model_version TEXT NOT NULL,   -- empty without
  reference_model_version TEXT NOT NULL,  -- empty without, and where it is the baseline
  decision INTEGER NOT NULL,      -- domain/verdict.h: Decision
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  erased_cases INTEGER NOT NULL,  -- the suite's when it was given
  created_by TEXT NOT NULL,       -- id of a key; empty without
  PRIMARY KEY (project, verdict_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id),
  FOREIGN KEY (project, bar_key) REFERENCES bars (project, bar_key)
) STRICT;
INSERT INTO verdicts (project, verdict_id, ordinal, suite_id, agent, policy_version, look, bar_key,
                      bar_hash, model_version, version_key, baseline_model_version,
                      reference_model_version, decision, request_hash, create_time_us, erased_cases,
                      created_by)
  SELECT project, verdict_id, ordinal, suite_id, agent, 0, 0, bar_hash, bar_hash, model_version,
         lower(trim(model_version)), baseline_model_version, '', decision, request_hash,
         create_time_us, erased_cases, created_by
  FROM old_verdicts ORDER BY project, verdict_id;
CREATE INDEX verdicts_by_version
  -- The listing of one version.
  ON verdicts (project, version_key, ordinal);
CREATE UNIQUE INDEX verdicts_by_ordinal
  -- The listing of a project; and no two verdicts in one place.
  ON verdicts (project, ordinal);
CREATE INDEX verdicts_by_agent
  -- The listing of one agent.
  ON verdicts (project, agent, ordinal);
CREATE INDEX verdicts_of_suite
  -- The listing of one suite.
  ON verdicts (project, suite_id, ordinal);
CREATE INDEX verdicts_by_suite
  -- Whether a version was judged on a suite, which closes it to further outputs.
  ON verdicts (project, suite_id, version_key);
CREATE INDEX verdicts_of_policies
  -- What decides whether a version may ship.
  ON verdicts (project, agent, version_key, ordinal) WHERE policy_version > 0;

CREATE TABLE findings (
  -- The reasons of a verdict, in the order in which they are told.
  project TEXT NOT NULL,
  verdict_id TEXT NOT NULL,
  position INTEGER NOT NULL,      -- from 0
  kind INTEGER NOT NULL,          -- domain/verdict.h: FindingKind
  cohort TEXT NOT NULL,
  message TEXT NOT NULL,
  cases INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  estimate REAL NOT NULL,
  lower_bound REAL NOT NULL,
  upper_bound REAL NOT NULL,
  bar REAL NOT NULL,
  p_value REAL NOT NULL,
  cases_needed INTEGER NOT NULL,
  baseline_model_version TEXT NOT NULL,  -- these four beside a version; else empty and 0
  regressed INTEGER NOT NULL,
  improved INTEGER NOT NULL,
  detectable_drop REAL NOT NULL,
  PRIMARY KEY (project, verdict_id, position),
  FOREIGN KEY (project, verdict_id) REFERENCES verdicts (project, verdict_id)
) STRICT;
INSERT INTO findings (project, verdict_id, position, kind, cohort, message, cases, passed, estimate,
                      lower_bound, upper_bound, bar, p_value, cases_needed, baseline_model_version,
                      regressed, improved, detectable_drop)
  SELECT f.project, f.verdict_id, f.position, f.kind, f.cohort, f.message, f.cases, f.passed,
         f.estimate, f.lower_bound, f.upper_bound, f.bar, f.p_value, f.cases_needed,
         CASE WHEN f.kind IN (4, 5, 6, 12) THEN v.baseline_model_version ELSE '' END,
         f.regressed, f.improved, f.detectable_drop
  FROM old_findings AS f JOIN old_verdicts AS v
    ON v.project = f.project AND v.verdict_id = f.verdict_id
  ORDER BY f.project, f.verdict_id, f.position;
DROP TABLE old_findings;
DROP TABLE old_verdicts;

DROP INDEX outputs_by_case;
ALTER TABLE outputs RENAME TO old_outputs;
CREATE TABLE outputs (
  -- What a version answered to a case; the first answer stays.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  version_key TEXT NOT NULL,      -- what model versions are compared by
  case_id TEXT NOT NULL,
  output TEXT NOT NULL,
  tool_calls TEXT NOT NULL,       -- JSON; empty for none
  error TEXT NOT NULL,            -- of the version's own; empty for none
  infrastructure_error TEXT NOT NULL,  -- not empty: no answer, the next output takes its place
  content_hash BLOB NOT NULL,     -- SHA-256 of the output: replay or another one
  create_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, suite_id, version_key, case_id),
  FOREIGN KEY (project, suite_id, case_id) REFERENCES suite_cases (project, suite_id, case_id)
) STRICT;
INSERT INTO outputs (project, suite_id, version_key, case_id, output, tool_calls, error,
                     infrastructure_error, content_hash, create_time_us)
  SELECT project, suite_id, lower(trim(model_version)), case_id, output, tool_calls, error,
         infrastructure_error, content_hash, create_time_us
  FROM old_outputs WHERE 1
  ORDER BY project, suite_id, model_version, case_id
  ON CONFLICT (project, suite_id, version_key, case_id) DO NOTHING;
DROP TABLE old_outputs;
CREATE INDEX outputs_by_case
  -- What leaves with a case.
  ON outputs (project, suite_id, case_id);
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_14_BARS_H_
