// Migration 11: keeps the first answer to a case, and errors of the infrastructure until it comes.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_11_ONE_ANSWER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_11_ONE_ANSWER_H_

namespace flywheel::evalgate {

// Of cases that were answered twice the first answer stands, as it does from now on; verdicts that
// were given on them keep their findings. An error of before is one of the candidate's.
inline constexpr char kOneAnswerSql[] = R"sql(
DROP TABLE other_outputs;

DROP INDEX outputs_by_case;
ALTER TABLE outputs RENAME TO old_outputs;
CREATE TABLE outputs (
  -- What a version answered to a case; the first answer stays.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  case_id TEXT NOT NULL,
  output TEXT NOT NULL,
  tool_calls TEXT NOT NULL,       -- JSON; empty for none
  error TEXT NOT NULL,            -- of the version's own; empty for none
  infrastructure_error TEXT NOT NULL,  -- not empty: no answer, the next output takes its place
  content_hash BLOB NOT NULL,     -- SHA-256 of the output: replay or another one
  create_time_us INTEGER NOT NULL,
  PRIMARY KEY (project, suite_id, model_version, case_id),
  FOREIGN KEY (project, suite_id, case_id) REFERENCES suite_cases (project, suite_id, case_id)
) STRICT;
INSERT INTO outputs (project, suite_id, model_version, case_id, output, tool_calls, error,
                     infrastructure_error, content_hash, create_time_us)
  SELECT project, suite_id, model_version, case_id, output, tool_calls, error, '', content_hash,
         create_time_us
  FROM old_outputs ORDER BY project, suite_id, model_version, case_id;
DROP TABLE old_outputs;
CREATE INDEX outputs_by_case
  -- What leaves with a case.
  ON outputs (project, suite_id, case_id);
)sql";

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATION_11_ONE_ANSWER_H_
