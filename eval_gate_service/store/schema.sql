-- Generated, never edit: FLYWHEEL_UPDATE_GOLDEN=1 build/release/bin/eval_gate_store_test --gtest_filter='Schema*'

CREATE TABLE audit_events (
  -- One row a decision or refusal, append-only until it is too old. Names no person.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- in the order of their commits
  event_time_us INTEGER NOT NULL,
  project TEXT NOT NULL,
  key_id TEXT NOT NULL,           -- empty where the service had no keys
  method TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  reason INTEGER NOT NULL,        -- why it was refused (shared/status/reason.h); 0: done
  request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_events_by_project
  -- Lists of a project, the newest first.
  ON audit_events (project, sequence);

CREATE INDEX audit_events_by_time
  -- What is too old.
  ON audit_events (event_time_us);

CREATE TABLE bars (
  -- What had to be shown, once for all that have it.
  project TEXT NOT NULL,
  bar_key BLOB NOT NULL,          -- SHA-256 of the text
  bar TEXT NOT NULL,              -- JSON
  PRIMARY KEY (project, bar_key)
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

CREATE INDEX baseline_approvals_by_agent
  -- The newest one of an agent, and lists of one agent's.
  ON baseline_approvals (project, agent, ordinal);

CREATE UNIQUE INDEX baseline_approvals_by_ordinal
  -- Lists of a project.
  ON baseline_approvals (project, ordinal);

CREATE TABLE erased_rows (
  -- Rows of a project that were erased, and stand in no report yet.
  project TEXT NOT NULL PRIMARY KEY,
  erased_rows INTEGER NOT NULL
) STRICT;

CREATE TABLE erased_seals (
  -- Seals of cases and outputs that left with people, so that what is left can be verified. Without
  -- the salt they say nothing.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- this and the next as in seals
  resource_id TEXT NOT NULL,
  seal BLOB NOT NULL,
  PRIMARY KEY (project, kind, resource_id, seal)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasing_cases (
  -- Cases that have left and whose outputs follow, some in a write; empty at most times.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  PRIMARY KEY (project, suite_id, case_id)
) STRICT;

CREATE TABLE erasure_cursor (
  -- One row: up to where curation's list of erasures was worked through.
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  next_cursor INTEGER NOT NULL,
  -- How often erasures came. A suite has the number that stood when its rows were read: what is not
  -- complete and has an older one may hold people who were erased, and is never completed.
  round INTEGER NOT NULL
) STRICT;

CREATE TABLE erasures_to_report (
  -- Erasures that were taken in, and that ingest does not know of yet.
  project TEXT NOT NULL,
  erasure_id TEXT NOT NULL,
  erased_rows INTEGER NOT NULL,
  compared INTEGER NOT NULL,      -- 0 until the project's suites were compared; then it is reported
  PRIMARY KEY (project, erasure_id)
) STRICT;

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

CREATE INDEX listed_suites_by_agent
  -- The listing of one agent.
  ON listed_suites (project, agent, ordinal);

CREATE INDEX listed_suites_by_dataset_version
  -- The listing of one dataset version.
  ON listed_suites (project, dataset_version_id, ordinal);

CREATE UNIQUE INDEX listed_suites_by_name
  -- The versions of a suite, and which is the newest.
  ON listed_suites (project, agent, suite_name, suite_version);

CREATE UNIQUE INDEX listed_suites_by_ordinal
  -- The listing of a project; and no two suites in one place.
  ON listed_suites (project, ordinal);

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
  details BLOB NOT NULL, infrastructure_errors INTEGER NOT NULL DEFAULT 0,          -- the rest of it as the contract encodes it; empty for none
  PRIMARY KEY (project, run_id, case_id, attempt),
  FOREIGN KEY (project, run_id) REFERENCES runs (project, run_id)
) STRICT;

CREATE INDEX outputs_to_judge
  -- Those of before.
  ON outputs (project, run_id, case_id, attempt) WHERE outcome = 0;

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

CREATE INDEX release_log_by_agent
  -- The listing of one agent.
  ON release_log (project, agent, sequence);

CREATE UNIQUE INDEX release_log_by_thing
  -- Whether a thing has its entry; and no thing has two.
  ON release_log (project, kind, agent, resource_id);

CREATE INDEX release_log_without_hash
  -- What a start fills in.
  ON release_log (project, sequence) WHERE entry_hash = x'';

CREATE TABLE release_log_to_fill_in (
  -- One row while entries of before are without a hash: a migration leaves it, and whoever fills in
  -- the last one takes it (ReleaseLog::FillIn). No entry without a hash is given one after that.
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1)
) STRICT;

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

CREATE INDEX release_policies_by_agent
  -- Lists of one agent's.
  ON release_policies (project, agent, ordinal);

CREATE UNIQUE INDEX release_policies_by_ordinal
  -- Lists of a project.
  ON release_policies (project, ordinal);

CREATE TABLE release_policy_suites (
  -- The suites of a policy, in its order.
  project TEXT NOT NULL,
  agent TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  position INTEGER NOT NULL,        -- from 0
  suite_name TEXT NOT NULL,
  bar_key BLOB NOT NULL, most_infrastructure_errors INTEGER NOT NULL DEFAULT 10,
  PRIMARY KEY (project, agent, policy_version, position),
  FOREIGN KEY (project, agent, policy_version)
    REFERENCES release_policies (project, agent, policy_version),
  FOREIGN KEY (project, bar_key) REFERENCES bars (project, bar_key)
) STRICT;

CREATE TABLE resource_labels (
  -- Words of whoever made a thing. What has none has no row.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- store/label_store.h: Labelled
  resource_id TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

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
  abort_reason TEXT NOT NULL, contaminated_cases INTEGER NOT NULL DEFAULT 0, contaminated_case_ids TEXT NOT NULL DEFAULT '', infrastructure_errors INTEGER NOT NULL DEFAULT 0,     -- empty where it was not
  PRIMARY KEY (project, run_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;

CREATE INDEX runs_by_agent
  -- The listing of one agent.
  ON runs (project, agent, ordinal);

CREATE UNIQUE INDEX runs_by_ordinal
  -- The listing of a project; and no two runs in one place.
  ON runs (project, ordinal);

CREATE INDEX runs_by_version
  -- The listing of one version.
  ON runs (project, version_key, ordinal);

CREATE UNIQUE INDEX runs_finished
  -- The one that counts.
  ON runs (project, suite_id, version_key) WHERE state = 2;

CREATE INDEX runs_of_suite
  -- The listing of one suite.
  ON runs (project, suite_id, ordinal);

CREATE INDEX runs_of_version
  -- The runs of a version on a suite; and what leaves with a case.
  ON runs (project, suite_id, version_key, ordinal);

CREATE TABLE sealed_contents (
  -- What the seals came to when a suite was made or a run finished; the release log vouches for it.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,          -- this and the next as in seals
  resource_id TEXT NOT NULL,
  items INTEGER NOT NULL,         -- cases or outputs
  seals_hash BLOB NOT NULL,       -- SHA-256 of all seals
  PRIMARY KEY (project, kind, resource_id)
) STRICT;

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

CREATE TABLE suite_cases (
  -- The cases, copied from curation, so that the gate judges whether curation is up or not. The key
  -- is also the order in which they are read.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  input TEXT NOT NULL,
  ideal_output TEXT NOT NULL,
  expected_tool_calls TEXT NOT NULL,  -- JSON; empty for none
  cohort TEXT NOT NULL, question BLOB NOT NULL DEFAULT x'', other_ideals TEXT NOT NULL DEFAULT '', case_group TEXT NOT NULL DEFAULT '', critical INTEGER NOT NULL DEFAULT 0, labels TEXT NOT NULL DEFAULT '', checks TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, suite_id, case_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id)
) STRICT;

CREATE TABLE suites (
  -- A sealed bar, and the suite that it belongs to, which is written in pieces and is there for
  -- others once it is complete.
  project TEXT NOT NULL,
  suite_id TEXT NOT NULL,
  agent TEXT NOT NULL,            -- whose interactions the cases are; empty: counts for no agent
  dataset_version_id TEXT NOT NULL,
  cases INTEGER NOT NULL,
  content_hash BLOB NOT NULL,         -- SHA-256 of policy and cases
  request_hash BLOB NOT NULL,     -- SHA-256 of what was asked for: replay or conflict
  create_time_us INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  erased_cases INTEGER NOT NULL,  -- of those that `cases` counts
  compared_erased_rows INTEGER NOT NULL,  -- that its dataset version had when they were compared
  erasure_round INTEGER NOT NULL, created_by TEXT NOT NULL DEFAULT '', -- erasure_cursor.round before its rows were read
  PRIMARY KEY (project, suite_id)
) STRICT;

CREATE INDEX suites_unfinished
  -- A start looks for the suites that are not complete.
  ON suites (project, suite_id) WHERE complete = 0;

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

CREATE INDEX verdict_waivers_by_agent
  -- Lists of one agent's.
  ON verdict_waivers (project, agent, ordinal);

CREATE UNIQUE INDEX verdict_waivers_by_ordinal
  -- Lists of a project.
  ON verdict_waivers (project, ordinal);

CREATE INDEX verdict_waivers_by_version
  -- Those for a version.
  ON verdict_waivers (project, agent, version_key, ordinal);

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
  created_by TEXT NOT NULL, run_id TEXT NOT NULL DEFAULT '', attempts_per_case INTEGER NOT NULL DEFAULT 0, pass_all_of TEXT NOT NULL DEFAULT '', pass_any_of TEXT NOT NULL DEFAULT '', evidence_hash BLOB NOT NULL DEFAULT x'', code_version TEXT NOT NULL DEFAULT '',       -- id of a key; empty without
  PRIMARY KEY (project, verdict_id),
  FOREIGN KEY (project, suite_id) REFERENCES suites (project, suite_id),
  FOREIGN KEY (project, bar_key) REFERENCES bars (project, bar_key)
) STRICT;

CREATE INDEX verdicts_by_agent
  -- The listing of one agent.
  ON verdicts (project, agent, ordinal);

CREATE UNIQUE INDEX verdicts_by_ordinal
  -- The listing of a project; and no two verdicts in one place.
  ON verdicts (project, ordinal);

CREATE INDEX verdicts_by_suite
  -- Whether a version was judged on a suite, which closes it to further outputs.
  ON verdicts (project, suite_id, version_key);

CREATE INDEX verdicts_by_version
  -- The listing of one version.
  ON verdicts (project, version_key, ordinal);

CREATE INDEX verdicts_of_policies
  -- What decides whether a version may ship.
  ON verdicts (project, agent, version_key, ordinal) WHERE policy_version > 0;

CREATE INDEX verdicts_of_suite
  -- The listing of one suite.
  ON verdicts (project, suite_id, ordinal);

