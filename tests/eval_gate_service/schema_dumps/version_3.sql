PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE findings (
  project TEXT NOT NULL,
  verdict_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  cohort TEXT NOT NULL,
  message TEXT NOT NULL,
  cases BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  estimate DOUBLE PRECISION NOT NULL,
  lower_bound DOUBLE PRECISION NOT NULL,
  upper_bound DOUBLE PRECISION NOT NULL,
  bar DOUBLE PRECISION NOT NULL,
  p_value DOUBLE PRECISION NOT NULL,
  cases_needed BIGINT NOT NULL,
  PRIMARY KEY (project, verdict_id, position),
  FOREIGN KEY (project, verdict_id) REFERENCES verdicts (project, verdict_id)
);
CREATE TABLE other_outputs (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  case_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (project, suite_id, model_version, case_id, content_hash)
);
CREATE TABLE outputs (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  case_id TEXT NOT NULL,
  output TEXT NOT NULL,
  tool_calls TEXT NOT NULL,
  error TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  is_duplicate BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (project, suite_id, model_version, case_id),
  FOREIGN KEY (project, suite_id, case_id) REFERENCES suite_cases (project, suite_id, case_id)
);
CREATE TABLE schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      );
CREATE TABLE suite_cases (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  input TEXT NOT NULL,
  ideal_output TEXT NOT NULL,
  expected_tool_calls TEXT NOT NULL,
  cohort TEXT NOT NULL,
  PRIMARY KEY (project, suite_id, case_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
);
CREATE TABLE suite_cohort_floors (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  cohort TEXT NOT NULL,
  pass_rate_floor DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (project, suite_id, cohort),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
);
CREATE TABLE suites (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  dataset_version_id TEXT NOT NULL,
  evaluator BIGINT NOT NULL,
  pass_rate_floor DOUBLE PRECISION NOT NULL,
  non_inferiority_margin DOUBLE PRECISION NOT NULL,
  alpha DOUBLE PRECISION NOT NULL,
  min_cohort_cases BIGINT NOT NULL,
  cases BIGINT NOT NULL,
  bar_hash TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  create_time BIGINT NOT NULL, agent TEXT NOT NULL DEFAULT '', complete BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (project, suite_id)
);
CREATE INDEX suites_unfinished ON suites (project, suite_id) WHERE complete = 0;
CREATE TABLE verdicts (
  project TEXT NOT NULL,
  verdict_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  suite_id TEXT NOT NULL,
  bar_hash TEXT NOT NULL,
  model_version TEXT NOT NULL,
  baseline_model_version TEXT NOT NULL,
  decision BIGINT NOT NULL,
  request_hash TEXT NOT NULL,
  create_time BIGINT NOT NULL, agent TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, verdict_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
);
CREATE INDEX verdicts_by_model_version ON verdicts (project, model_version, sequence);
CREATE UNIQUE INDEX verdicts_by_sequence ON verdicts (project, sequence);
CREATE INDEX verdicts_by_suite ON verdicts (project, suite_id, model_version);
INSERT INTO findings (project, verdict_id, position, kind, cohort, message, cases, passed, estimate, lower_bound, upper_bound, bar, p_value, cases_needed) VALUES ('p', 'v1', 0, 1, 'app', 'passed', 2, 2, 1.0, 0.9, 1.0, 0.92, 0.01, 0);
INSERT INTO other_outputs (project, suite_id, model_version, case_id, content_hash, create_time) VALUES ('p', 's1', 'm1', 'c1', '5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e', 1700000000000004);
INSERT INTO outputs (project, suite_id, model_version, case_id, output, tool_calls, error, content_hash, is_duplicate, create_time) VALUES ('p', 's1', 'm1', 'c1', 'o', '', '', '3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c', 1, 1700000000000002);
INSERT INTO outputs (project, suite_id, model_version, case_id, output, tool_calls, error, content_hash, is_duplicate, create_time) VALUES ('p', 's1', 'm1', 'c2', '', '', 'timeout', '4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d', 0, 1700000000000003);
INSERT INTO schema_migrations (version, purpose) VALUES (1, 'suites, outputs and verdicts');
INSERT INTO schema_migrations (version, purpose) VALUES (2, 'suites and verdicts belong to an agent');
INSERT INTO schema_migrations (version, purpose) VALUES (3, 'suites are written in pieces');
INSERT INTO suite_cases (project, suite_id, case_id, input, ideal_output, expected_tool_calls, cohort) VALUES ('p', 's1', 'c1', 'i', 'o', '', 'app');
INSERT INTO suite_cases (project, suite_id, case_id, input, ideal_output, expected_tool_calls, cohort) VALUES ('p', 's1', 'c2', 'j', 'o', '[["search","{}"]]', 'web');
INSERT INTO suite_cohort_floors (project, suite_id, cohort, pass_rate_floor) VALUES ('p', 's1', 'app', 0.8);
INSERT INTO suites (project, suite_id, dataset_version_id, evaluator, pass_rate_floor, non_inferiority_margin, alpha, min_cohort_cases, cases, bar_hash, request_hash, create_time, agent, complete) VALUES ('p', 'begun', 'd1', 1, 0.92, 0.03, 0.05, 1, 2, '7070707070707070707070707070707070707070707070707070707070707070', '8181818181818181818181818181818181818181818181818181818181818181', 1700000000000006, 'helper', 0);
INSERT INTO suites (project, suite_id, dataset_version_id, evaluator, pass_rate_floor, non_inferiority_margin, alpha, min_cohort_cases, cases, bar_hash, request_hash, create_time, agent, complete) VALUES ('p', 's1', 'd1', 1, 0.92, 0.03, 0.05, 1, 2, '1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a', '2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b', 1700000000000001, 'helper', 1);
INSERT INTO verdicts (project, verdict_id, sequence, suite_id, bar_hash, model_version, baseline_model_version, decision, request_hash, create_time, agent) VALUES ('p', 'v1', 1, 's1', '1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a', 'm1', 'm0', 1, '6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f', 1700000000000005, 'helper');
COMMIT;
PRAGMA foreign_keys = ON;
