#include "eval_gate_service/store/migrations.h"

#include <array>

#include "eval_gate_service/store/migration_06_strict_tables.h"
#include "eval_gate_service/store/migration_10_cohort_comparisons.h"
#include "eval_gate_service/store/migration_11_one_answer.h"
#include "eval_gate_service/store/migration_13_lists.h"
#include "eval_gate_service/store/migration_14_bars.h"
#include "eval_gate_service/store/migration_15_release_policies.h"
#include "eval_gate_service/store/migration_16_runs.h"
#include "eval_gate_service/store/migration_18_release_log.h"
#include "eval_gate_service/store/migration_20_seals.h"
#include "shared/audit/audit_events_sql.h"
#include "shared/sql/label_store.h"

namespace flywheel::evalgate {
namespace {

constexpr std::array<sql::Migration, 21> kMigrations = {{
    {"suites, outputs and verdicts", R"sql(
-- A sealed bar. request_hash tells a resent CreateSuite from another one.
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
  create_time BIGINT NOT NULL,
  PRIMARY KEY (project, suite_id)
);

-- The floors of a bar that differ from its pass_rate_floor.
CREATE TABLE suite_cohort_floors (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  cohort TEXT NOT NULL,
  pass_rate_floor DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (project, suite_id, cohort),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
);

-- The cases, copied from curation, so that the gate judges whether curation is up or not. The key
-- is also the order in which they are read.
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

-- The first answer of a version to a case; is_duplicate is 1 once another one came.
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

-- The hashes of every further answer to a case: by them a resent answer is told from a new one.
CREATE TABLE other_outputs (
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  case_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (project, suite_id, model_version, case_id, content_hash)
);

-- What was decided, once. sequence counts a project's verdicts from 1 and says which is newer.
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
  create_time BIGINT NOT NULL,
  PRIMARY KEY (project, verdict_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
);

-- The listing of a project, the newest first; and no two verdicts in one place.
CREATE UNIQUE INDEX verdicts_by_sequence ON verdicts (project, sequence);

-- The newest verdict on a version, and the listing of one version.
CREATE INDEX verdicts_by_model_version ON verdicts (project, model_version, sequence);

-- Whether a version was judged on a suite, which closes it to further outputs.
CREATE INDEX verdicts_by_suite ON verdicts (project, suite_id, model_version);

-- The reasons of a verdict, in the order in which they are told.
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
)sql"},
    {"suites and verdicts belong to an agent", R"sql(
-- Whose interactions the cases are; empty where the suite is older than this column, which then
-- counts for no agent by name.
ALTER TABLE suites ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE verdicts ADD COLUMN agent TEXT NOT NULL DEFAULT '';
)sql"},
    {"suites are written in pieces", R"sql(
-- A suite is there for others once it is complete.
ALTER TABLE suites ADD COLUMN complete BIGINT NOT NULL DEFAULT 1;

-- A start looks for the suites that are not.
CREATE INDEX suites_unfinished ON suites (project, suite_id) WHERE complete = 0;
)sql"},
    {"cases leave with the people that they came from", R"sql(
-- Cases that were erased since, of those that `cases` counts; and how many rows the dataset version
-- had lost when the suite was last compared with it.
ALTER TABLE suites ADD COLUMN erased_cases BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suites ADD COLUMN compared_erased_rows BIGINT NOT NULL DEFAULT 0;
-- The suite's erased_cases when the verdict was given.
ALTER TABLE verdicts ADD COLUMN erased_cases BIGINT NOT NULL DEFAULT 0;

-- What leaves with a case.
CREATE INDEX outputs_by_case ON outputs (project, suite_id, case_id);
CREATE INDEX other_outputs_by_case ON other_outputs (project, suite_id, case_id);

-- One row: up to where curation's list of erasures was worked through.
CREATE TABLE erasure_cursor (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  next_cursor BIGINT NOT NULL
);
INSERT INTO erasure_cursor (id, next_cursor) VALUES (1, 0);

-- Rows of a project that were erased, and stand in no report yet.
CREATE TABLE erased_rows (
  project TEXT NOT NULL PRIMARY KEY,
  erased_rows BIGINT NOT NULL
);

-- Erasures that were worked through, and that ingest does not know of yet.
CREATE TABLE erasures_to_report (
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  erased_rows BIGINT NOT NULL,
  PRIMARY KEY (project, erasure_id)
);
)sql"},
    {"projects are compared one by one", R"sql(
-- How often erasures came. A suite has the number that stood when its rows were read: what is not
-- complete and has an older one may hold people who were erased, and is never completed.
ALTER TABLE erasure_cursor ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suites ADD COLUMN erasure_round BIGINT NOT NULL DEFAULT 0;

-- 0 until the suites of the project were compared: only then it is reported.
ALTER TABLE erasures_to_report ADD COLUMN compared BIGINT NOT NULL DEFAULT 1;
)sql"},
    {"STRICT tables, hashes as bytes", kStrictTablesSql},
    {"what a case asks beside its input", R"sql(
-- Prompt, tools and contexts as the contract encodes them; empty where the input is all.
ALTER TABLE suite_cases ADD COLUMN question BLOB NOT NULL DEFAULT x'';
)sql"},
    {"who did it", R"sql(
-- Ids of keys; empty where the service had none, and before it kept them.
ALTER TABLE suites ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE verdicts ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
)sql"},
    {"the audit log", audit::kAuditEventsSql},
    {"cohorts beside a baseline", kCohortComparisonsSql},
    {"one answer a case", kOneAnswerSql},
    {"labels of suites and verdicts", sql::kResourceLabelsSql},
    {"lists of suites and verdicts", kListsSql},
    {"the bar leaves the suite", kBarsSql},
    {"release policies", kReleasePoliciesSql},
    {"runs", kRunsSql},
    {"what uploaded cases say of themselves", R"sql(
-- JSON: ideal outputs that are as right as ideal_output; empty for none.
ALTER TABLE suite_cases ADD COLUMN other_ideals TEXT NOT NULL DEFAULT '';
-- Cases of one group are not independent of one another; empty: the case stands alone.
ALTER TABLE suite_cases ADD COLUMN case_group TEXT NOT NULL DEFAULT '';
-- 1: it must not fail.
ALTER TABLE suite_cases ADD COLUMN critical INTEGER NOT NULL DEFAULT 0;
-- JSON: words of whoever uploaded it; empty for none.
ALTER TABLE suite_cases ADD COLUMN labels TEXT NOT NULL DEFAULT '';
-- JSON: evaluators for this case in particular; empty for none.
ALTER TABLE suite_cases ADD COLUMN checks TEXT NOT NULL DEFAULT '';
)sql"},
    {"the release log", kReleaseLogSql},
    {"what a version may have learned of its cases", R"sql(
-- Cases that it may have been trained on, when the run finished; and JSON: the first ten of them,
-- empty for none.
ALTER TABLE runs ADD COLUMN contaminated_cases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN contaminated_case_ids TEXT NOT NULL DEFAULT '';
)sql"},
    {"seals of cases and outputs", kSealsSql},
    {"errors of the infrastructure are counted", R"sql(
-- Of an attempt, as a policy allows them.
ALTER TABLE release_policy_suites
  ADD COLUMN most_infrastructure_errors INTEGER NOT NULL DEFAULT 10;
-- Errors of the infrastructure that came, those that were replaced included: of an attempt, and of
-- a run. Of what came before, those that are left.
ALTER TABLE outputs ADD COLUMN infrastructure_errors INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN infrastructure_errors INTEGER NOT NULL DEFAULT 0;
UPDATE outputs SET infrastructure_errors = 1 WHERE infrastructure_error <> '';
UPDATE runs SET infrastructure_errors = unavailable;

CREATE TABLE release_log_to_fill_in (
  -- One row while entries of before are without a hash: a migration leaves it, and whoever fills in
  -- the last one takes it (ReleaseLog::FillIn). No entry without a hash is given one after that.
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1)
) STRICT;
INSERT INTO release_log_to_fill_in (id)
  SELECT 1 WHERE EXISTS (SELECT 1 FROM release_log WHERE entry_hash = x'' AND of_before = 1);
)sql"},
}};

}  // namespace

absl::Span<const sql::Migration> Migrations() { return kMigrations; }

}  // namespace flywheel::evalgate
