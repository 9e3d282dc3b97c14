// Migration 10: compares cohorts with a baseline, and keeps the figures of it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_10_COHORT_COMPARISONS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_10_COHORT_COMPARISONS_H_

namespace flywheel::evalgate {

// A suite that was sealed before asks nothing of its cohorts: a margin of 1 is met by all. Findings
// of before have none of the three figures.
inline constexpr char kCohortComparisonsSql[] = R"sql(
CREATE TABLE suite_cohort_margins (
  -- What a bar asks of cohorts beside a baseline; one row a suite.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  cohort_margin REAL NOT NULL,
  cohort_margin_cases INTEGER NOT NULL,
  PRIMARY KEY (project, suite_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;
INSERT INTO suite_cohort_margins (project, suite_id, cohort_margin, cohort_margin_cases)
  SELECT project, suite_id, 1.0, 150 FROM suites ORDER BY project, suite_id;

ALTER TABLE findings RENAME TO old_findings;
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
  regressed INTEGER NOT NULL,     -- these three beside a baseline; else 0
  improved INTEGER NOT NULL,
  detectable_drop REAL NOT NULL,
  PRIMARY KEY (project, verdict_id, position),
  FOREIGN KEY (project, verdict_id) REFERENCES verdicts (project, verdict_id)
) STRICT;
INSERT INTO findings (project, verdict_id, position, kind, cohort, message, cases, passed, estimate,
                      lower_bound, upper_bound, bar, p_value, cases_needed, regressed, improved,
                      detectable_drop)
  SELECT project, verdict_id, position, kind, cohort, message, cases, passed, estimate,
         lower_bound, upper_bound, bar, p_value, cases_needed, 0, 0, 0.0
  FROM old_findings ORDER BY project, verdict_id, position;
DROP TABLE old_findings;
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_10_COHORT_COMPARISONS_H_
