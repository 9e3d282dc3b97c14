// Migration 13: lists of suites, and of verdicts by agent and by suite.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_13_LISTS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_13_LISTS_H_

namespace flywheel::evalgate {

// Suites of before are listed in the order of their times.
inline constexpr char kListsSql[] = R"sql(
CREATE TABLE listed_suites (
  -- By what suites are listed: a row each, once it is complete. The rest of it stands in suites.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,       -- counts a project's suites from 1, as they were completed
  agent TEXT NOT NULL,            -- the suite's
  dataset_version_id TEXT NOT NULL,  -- the suite's
  PRIMARY KEY (project, suite_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;
INSERT INTO listed_suites (project, suite_id, ordinal, agent, dataset_version_id)
  SELECT project, suite_id,
         ROW_NUMBER() OVER (PARTITION BY project ORDER BY create_time_us, suite_id),
         agent, dataset_version_id
  FROM suites WHERE complete = 1;
CREATE UNIQUE INDEX listed_suites_by_ordinal
  -- The listing of a project; and no two suites in one place.
  ON listed_suites (project, ordinal);
CREATE INDEX listed_suites_by_agent
  -- The listing of one agent.
  ON listed_suites (project, agent, ordinal);
CREATE INDEX listed_suites_by_dataset_version
  -- The listing of one dataset version.
  ON listed_suites (project, dataset_version_id, ordinal);

ALTER TABLE verdicts RENAME COLUMN sequence TO ordinal;
DROP INDEX verdicts_by_sequence;
CREATE UNIQUE INDEX verdicts_by_ordinal
  -- The listing of a project; and no two verdicts in one place.
  ON verdicts (project, ordinal);
CREATE INDEX verdicts_by_agent
  -- The listing of one agent.
  ON verdicts (project, agent, ordinal);
CREATE INDEX verdicts_of_suite
  -- The listing of one suite.
  ON verdicts (project, suite_id, ordinal);
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_13_LISTS_H_
