#include "eval_gate_service/store/suite_store.h"

#include <utility>

#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/store/case_columns.h"
#include "eval_gate_service/store/evaluators_text.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/sql/list_range.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr auto kSelectSuite = sql::Text(R"sql(
    SELECT suite_id, ordinal, dataset_version_id, evaluators, cases, content_hash, request_hash,
           create_time_us, agent, erased_cases, created_by, suite_name, suite_version,
           )sql") + sql::LabelsColumn<Labelled::kSuite>("suites", "suite_id") +
                              R"sql(
    FROM listed_suites
      JOIN suites USING (project, suite_id, agent, dataset_version_id)
    WHERE )sql";

// Reads a row of kSelectSuite.
absl::StatusOr<StoredSuite> ReadSuite(const sql::Statement& row) {
  StoredSuite stored;
  stored.ordinal = row.Int64(1);
  stored.request_hash = row.Text(6);
  Suite& suite = stored.suite;
  suite.suite_id = row.Text(0);
  suite.dataset_version_id = row.Text(2);
  ASSIGN_OR_RETURN(suite.evaluators, EvaluatorsFromText(row.View(3)));
  suite.cases = row.Int64(4);
  suite.content_hash = row.Text(5);
  suite.create_time = row.Time(7);
  suite.agent = row.Text(8);
  suite.erased_cases = row.Int64(9);
  suite.created_by = row.Text(10);
  suite.suite_name = row.Text(11);
  suite.suite_version = row.Int64(12);
  ASSIGN_OR_RETURN(suite.labels, sql::TextMapFromJson(row.View(13)));
  return stored;
}

constexpr auto kSelectCase = sql::Text(R"sql(
    SELECT case_id, input, ideal_output, expected_tool_calls, cohort, IIF(?, question, x''),
           other_ideals, case_group, critical, labels, checks
    FROM suite_cases WHERE )sql");

// Reads a row of kSelectCase.
absl::StatusOr<SuiteCase> ReadCase(const sql::Statement& row) {
  SuiteCase one;
  one.case_id = row.Text(0);
  one.input = row.Text(1);
  one.ideal_output = row.Text(2);
  ASSIGN_OR_RETURN(one.expected_tool_calls, ExpectedCallsFromText(row.View(3)));
  one.cohort = row.Text(4);
  one.question = row.Text(5);
  ASSIGN_OR_RETURN(one.other_ideals, TextsFromText(row.View(6)));
  one.group = row.Text(7);
  one.critical = row.Bool(8);
  ASSIGN_OR_RETURN(one.labels, CaseLabelsFromText(row.View(9)));
  ASSIGN_OR_RETURN(one.checks, ChecksFromText(row.View(10)));
  return one;
}

absl::StatusOr<std::optional<UnfinishedSuite>> ReadUnfinished(sql::Statement& select) {
  std::optional<UnfinishedSuite> found;
  if (select.Next()) found = {select.Text(0), select.Text(1), select.Int64(2)};
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace

absl::Status SuiteStore::Begin(const std::string& project, const StoredSuite& stored) {
  const Suite& suite = stored.suite;
  return connection_
      .Prepare(R"sql(
      INSERT INTO suites
        (project, suite_id, dataset_version_id, cases, content_hash, request_hash,
         create_time_us, agent, compared_erased_rows, erasure_round, created_by, complete,
         erased_cases)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0))sql")
      .Bind(project, suite.suite_id, suite.dataset_version_id, suite.cases,
            sql::Blob{suite.content_hash}, sql::Blob{stored.request_hash}, suite.create_time,
            suite.agent, stored.compared_erased_rows, stored.erasure_round, suite.created_by)
      .Run();
}

absl::Status SuiteStore::AddCases(const std::string& project, const std::string& suite_id,
                                  std::span<const SuiteCase> cases) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO suite_cases
        (project, suite_id, case_id, input, ideal_output, expected_tool_calls, cohort, question,
         other_ideals, case_group, critical, labels, checks)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  for (const SuiteCase& one : cases) {
    RETURN_IF_ERROR(insert
                        .Bind(project, suite_id, one.case_id, one.input, one.ideal_output,
                              ExpectedCallsToText(one.expected_tool_calls), one.cohort,
                              sql::Blob{one.question}, TextsToText(one.other_ideals), one.group,
                              one.critical, CaseLabelsToText(one.labels), ChecksToText(one.checks))
                        .Run());
    RETURN_IF_ERROR(SealStore(connection_).SealCase({project, ReleaseKind::kSuite, suite_id}, one));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SuiteStore::Complete(const std::string& project, const Suite& suite) {
  RETURN_IF_ERROR(
      connection_.Prepare("UPDATE suites SET complete = 1 WHERE project = ? AND suite_id = ?")
          .Bind(project, suite.suite_id)
          .Run());
  ASSIGN_OR_RETURN(const int64_t newest, NewestVersion(project, suite.agent, suite.suite_name));
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO listed_suites (project, suite_id, ordinal, agent, dataset_version_id,
                                     suite_name, suite_version, evaluators)
            VALUES (?, ?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM listed_suites
                           WHERE project = ?), ?, ?, ?, ?, ?))sql")
                      .Bind(project, suite.suite_id, project, suite.agent, suite.dataset_version_id,
                            suite.suite_name, newest + 1, EvaluatorsToText(suite.evaluators))
                      .Run());
  return newest + 1;
}

absl::StatusOr<int64_t> SuiteStore::NewestVersion(const std::string& project,
                                                  const std::string& agent,
                                                  const std::string& suite_name) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COALESCE(MAX(suite_version), 0) FROM listed_suites
      WHERE project = ? AND agent = ? AND suite_name = ?)sql");
  select.Bind(project, agent, suite_name);
  const int64_t newest = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return newest;
}

absl::StatusOr<std::optional<UnfinishedSuite>> SuiteStore::FindUnfinished() {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, suite_id, erasure_round FROM suites
      WHERE complete = 0 ORDER BY project, suite_id LIMIT 1)sql");
  return ReadUnfinished(select);
}

absl::StatusOr<std::optional<UnfinishedSuite>> SuiteStore::FindOutdated(const std::string& project,
                                                                        int64_t erasure_round) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, suite_id, erasure_round FROM suites
      WHERE complete = 0 AND project = ? AND erasure_round <> ? AND dataset_version_id <> ''
      ORDER BY suite_id LIMIT 1)sql");
  select.Bind(project, erasure_round);
  return ReadUnfinished(select);
}

absl::StatusOr<bool> SuiteStore::RemoveSome(const UnfinishedSuite& suite, int64_t limit) {
  // Another suite may have been begun under its id meanwhile: that one stays.
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT 1 FROM suites
        WHERE project = ? AND suite_id = ? AND complete = 0 AND erasure_round = ?)sql");
    select.Bind(suite.project, suite.suite_id, suite.erasure_round);
    const bool found = select.Next();
    RETURN_IF_ERROR(select.status());
    if (!found) return true;
  }
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM suite_cases WHERE project = ? AND suite_id = ? AND case_id IN (
            SELECT case_id FROM suite_cases WHERE project = ? AND suite_id = ?
            ORDER BY case_id LIMIT ?))sql")
                      .Bind(suite.project, suite.suite_id, suite.project, suite.suite_id, limit)
                      .Run());
  const int64_t cases = connection_.ChangedRows();
  ASSIGN_OR_RETURN(const int64_t seals,
                   SealStore(connection_)
                       .RemoveSome({suite.project, ReleaseKind::kSuite, suite.suite_id}, limit));
  if (cases + seals > 0) return false;
  // Nobody submits outputs for one that is not complete.
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM suites WHERE project = ? AND suite_id = ?")
                      .Bind(suite.project, suite.suite_id)
                      .Run());
  return true;
}

absl::StatusOr<std::optional<StoredSuite>> SuiteStore::Find(const std::string& project,
                                                            const std::string& suite_id) {
  sql::Statement select = connection_.Prepare(kSelectSuite + "project = ? AND suite_id = ?");
  select.Bind(project, suite_id);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return std::nullopt;
  }
  return ReadSuite(select);
}

absl::StatusOr<StoredSuite> SuiteStore::Get(const std::string& project,
                                            const std::string& suite_id) {
  ASSIGN_OR_RETURN(std::optional<StoredSuite> found, Find(project, suite_id));
  if (!found) return errors::NotFound("suite", suite_id, "Make it with CreateSuite first.");
  return *std::move(found);
}

absl::StatusOr<std::vector<StoredSuite>> SuiteStore::List(const std::string& project,
                                                          const SuiteFilter& filter, int64_t beyond,
                                                          int64_t limit) {
  const sql::ListRange range{filter.list.agent, filter.list.oldest_first, beyond};
  sql::Statement select =
      filter.dataset_version_id.empty()
          ? sql::PrepareList(connection_, kSelectSuite, project, range, limit)
          : sql::PrepareListOf(connection_, kSelectSuite, sql::Text("dataset_version_id"),
                               filter.dataset_version_id, project, range, limit);
  std::vector<StoredSuite> suites;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredSuite suite, ReadSuite(select));
    suites.push_back(std::move(suite));
  }
  RETURN_IF_ERROR(select.status());
  return suites;
}

absl::StatusOr<std::vector<SuiteCase>> SuiteStore::Cases(const std::string& project,
                                                         const std::string& suite_id,
                                                         const std::string& after_case_id,
                                                         int64_t limit, bool with_questions) {
  sql::Statement select = connection_.Prepare(
      kSelectCase + "project = ? AND suite_id = ? AND case_id > ? ORDER BY case_id LIMIT ?");
  select.Bind(int64_t{with_questions}, project, suite_id, after_case_id, limit);
  std::vector<SuiteCase> cases;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    ASSIGN_OR_RETURN(SuiteCase one, ReadCase(select));
    bytes += BytesOf(one);
    cases.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return cases;
}

absl::StatusOr<std::optional<SuiteCase>> SuiteStore::FindCase(const std::string& project,
                                                              const std::string& suite_id,
                                                              const std::string& case_id,
                                                              bool with_question) {
  sql::Statement select =
      connection_.Prepare(kSelectCase + "project = ? AND suite_id = ? AND case_id = ?");
  select.Bind(int64_t{with_question}, project, suite_id, case_id);
  std::optional<SuiteCase> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadCase(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::vector<SuiteCase>> SuiteStore::Questions(const std::string& project,
                                                             const std::string& suite_id,
                                                             const std::string& after_case_id,
                                                             int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, input, cohort, question, case_group, critical, labels FROM suite_cases
      WHERE project = ? AND suite_id = ? AND case_id > ? ORDER BY case_id LIMIT ?)sql");
  select.Bind(project, suite_id, after_case_id, limit);
  std::vector<SuiteCase> cases;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    SuiteCase& one = cases.emplace_back();
    one.case_id = select.Text(0);
    one.input = select.Text(1);
    one.cohort = select.Text(2);
    one.question = select.Text(3);
    one.group = select.Text(4);
    one.critical = select.Bool(5);
    ASSIGN_OR_RETURN(one.labels, CaseLabelsFromText(select.View(6)));
    bytes += BytesOf(one);
  }
  RETURN_IF_ERROR(select.status());
  return cases;
}

absl::Status SuiteStore::ReadOutline(const std::string& project, const std::string& suite_id,
                                     absl::FunctionRef<absl::Status(const CaseRow&)> take) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, cohort, case_group, critical, ideal_output, expected_tool_calls, labels
      FROM suite_cases WHERE project = ? AND suite_id = ? ORDER BY case_id)sql");
  select.Bind(project, suite_id);
  while (select.Next()) {
    RETURN_IF_ERROR(take({select.View(0), select.View(1), select.View(2), select.Bool(3),
                          select.View(4), select.View(5), select.View(6)}));
  }
  return select.status();
}

absl::StatusOr<int64_t> SuiteStore::CountCases(const std::string& project,
                                               const std::string& suite_id) {
  sql::Statement select =
      connection_.Prepare("SELECT COUNT(*) FROM suite_cases WHERE project = ? AND suite_id = ?");
  const int64_t cases = select.Bind(project, suite_id).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return cases;
}

absl::StatusOr<bool> SuiteStore::HasCase(const std::string& project, const std::string& suite_id,
                                         const std::string& case_id) {
  sql::Statement select = connection_.Prepare(
      "SELECT 1 FROM suite_cases WHERE project = ? AND suite_id = ? AND case_id = ?");
  select.Bind(project, suite_id, case_id);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::evalgate
