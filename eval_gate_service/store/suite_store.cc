#include "eval_gate_service/store/suite_store.h"

#include <utility>

#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

absl::Status InsertFloors(sql::Connection& connection, const std::string& project,
                          const Suite& suite) {
  sql::Statement insert = connection.Prepare(R"sql(
      INSERT INTO suite_cohort_floors (project, suite_id, cohort, pass_rate_floor)
      VALUES (?, ?, ?, ?))sql");
  for (const auto& [cohort, floor] : suite.policy.cohort_floors) {
    RETURN_IF_ERROR(insert.Bind(project, suite.suite_id, cohort, floor).Run());
  }
  return absl::OkStatus();
}

absl::Status InsertCohortMargin(sql::Connection& connection, const std::string& project,
                                const Suite& suite) {
  return connection
      .Prepare(R"sql(
      INSERT INTO suite_cohort_margins (project, suite_id, cohort_margin, cohort_margin_cases)
      VALUES (?, ?, ?, ?))sql")
      .Bind(project, suite.suite_id, suite.policy.cohort_margin, suite.policy.cohort_margin_cases)
      .Run();
}

constexpr auto kSelectSuite = sql::Text(R"sql(
    SELECT suite_id, ordinal, dataset_version_id, evaluator, pass_rate_floor,
           non_inferiority_margin, alpha, min_cohort_cases, cases, bar_hash, request_hash,
           create_time_us, agent, erased_cases, created_by, cohort_margin, cohort_margin_cases,
           )sql") + sql::LabelsColumn<Labelled::kSuite>("suites", "suite_id") +
                              R"sql(
    FROM listed_suites
      JOIN suites USING (project, suite_id, agent, dataset_version_id)
      JOIN suite_cohort_margins USING (project, suite_id)
    WHERE )sql";

// Reads a row of kSelectSuite: a suite without the floors of cohorts.
absl::StatusOr<StoredSuite> ReadSuite(const sql::Statement& row) {
  StoredSuite stored;
  stored.ordinal = row.Int64(1);
  stored.request_hash = row.Text(10);
  Suite& suite = stored.suite;
  suite.suite_id = row.Text(0);
  suite.dataset_version_id = row.Text(2);
  suite.policy.evaluator = static_cast<Evaluator>(row.Int64(3));
  suite.policy.pass_rate_floor = row.Double(4);
  suite.policy.non_inferiority_margin = row.Double(5);
  suite.policy.alpha = row.Double(6);
  suite.policy.min_cohort_cases = row.Int64(7);
  suite.cases = row.Int64(8);
  suite.bar_hash = row.Text(9);
  suite.create_time = row.Time(11);
  suite.agent = row.Text(12);
  suite.erased_cases = row.Int64(13);
  suite.created_by = row.Text(14);
  suite.policy.cohort_margin = row.Double(15);
  suite.policy.cohort_margin_cases = row.Int64(16);
  ASSIGN_OR_RETURN(suite.labels, sql::TextMapFromJson(row.View(17)));
  return stored;
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
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO suites
        (project, suite_id, dataset_version_id, evaluator, pass_rate_floor,
         non_inferiority_margin, alpha, min_cohort_cases, cases, bar_hash, request_hash,
         create_time_us, agent, compared_erased_rows, erasure_round, created_by, complete,
         erased_cases)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0))sql");
  RETURN_IF_ERROR(insert
                      .Bind(project, suite.suite_id, suite.dataset_version_id,
                            static_cast<int64_t>(suite.policy.evaluator),
                            suite.policy.pass_rate_floor, suite.policy.non_inferiority_margin,
                            suite.policy.alpha, suite.policy.min_cohort_cases, suite.cases,
                            sql::Blob{suite.bar_hash}, sql::Blob{stored.request_hash},
                            suite.create_time, suite.agent, stored.compared_erased_rows,
                            stored.erasure_round, suite.created_by)
                      .Run());
  RETURN_IF_ERROR(InsertCohortMargin(connection_, project, suite));
  return InsertFloors(connection_, project, suite);
}

absl::Status SuiteStore::AddCases(const std::string& project, const std::string& suite_id,
                                  std::span<const SuiteCase> cases) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO suite_cases
        (project, suite_id, case_id, input, ideal_output, expected_tool_calls, cohort, question)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql");
  for (const SuiteCase& one : cases) {
    RETURN_IF_ERROR(insert
                        .Bind(project, suite_id, one.case_id, one.input, one.ideal_output,
                              ToolCallsToText(one.expected_tool_calls), one.cohort,
                              sql::Blob{one.question})
                        .Run());
  }
  return absl::OkStatus();
}

absl::Status SuiteStore::Complete(const std::string& project, const std::string& suite_id) {
  RETURN_IF_ERROR(
      connection_.Prepare("UPDATE suites SET complete = 1 WHERE project = ? AND suite_id = ?")
          .Bind(project, suite_id)
          .Run());
  return connection_
      .Prepare(R"sql(
          INSERT INTO listed_suites (project, suite_id, ordinal, agent, dataset_version_id)
            SELECT project, suite_id,
                   (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM listed_suites WHERE project = ?),
                   agent, dataset_version_id
            FROM suites WHERE project = ? AND suite_id = ?)sql")
      .Bind(project, project, suite_id)
      .Run();
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
      WHERE complete = 0 AND project = ? AND erasure_round <> ? ORDER BY suite_id LIMIT 1)sql");
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
  if (connection_.ChangedRows() > 0) return false;
  // What refers to a suite goes before it. Nobody submits outputs for one that is not complete.
  for (const char* sql : {"DELETE FROM suite_cohort_floors WHERE project = ? AND suite_id = ?",
                          "DELETE FROM suite_cohort_margins WHERE project = ? AND suite_id = ?",
                          "DELETE FROM suites WHERE project = ? AND suite_id = ?"}) {
    RETURN_IF_ERROR(connection_.Prepare(sql).Bind(suite.project, suite.suite_id).Run());
  }
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
  ASSIGN_OR_RETURN(StoredSuite stored, ReadSuite(select));
  RETURN_IF_ERROR(ReadFloors(project, stored.suite).status());
  return stored;
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

// Validation bounds them: at most 1,000 cohorts have a floor of their own.
absl::StatusOr<size_t> SuiteStore::ReadFloors(const std::string& project, Suite& suite) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT cohort, pass_rate_floor FROM suite_cohort_floors
      WHERE project = ? AND suite_id = ? ORDER BY cohort)sql");
  select.Bind(project, suite.suite_id);
  size_t bytes = 0;
  while (select.Next()) {
    suite.policy.cohort_floors[select.Text(0)] = select.Double(1);
    bytes += select.View(0).size() + sizeof(double);
  }
  RETURN_IF_ERROR(select.status());
  return bytes;
}

absl::StatusOr<std::vector<SuiteCase>> SuiteStore::Cases(const std::string& project,
                                                         const std::string& suite_id,
                                                         const std::string& after_case_id,
                                                         int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, input, ideal_output, expected_tool_calls, cohort FROM suite_cases
      WHERE project = ? AND suite_id = ? AND case_id > ? ORDER BY case_id LIMIT ?)sql");
  select.Bind(project, suite_id, after_case_id, limit);
  std::vector<SuiteCase> cases;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    SuiteCase one;
    one.case_id = select.Text(0);
    one.input = select.Text(1);
    one.ideal_output = select.Text(2);
    ASSIGN_OR_RETURN(one.expected_tool_calls, ToolCallsFromText(select.View(3)));
    one.cohort = select.Text(4);
    bytes += one.case_id.size() + one.input.size() + one.ideal_output.size() +
             select.View(3).size() + one.cohort.size();
    cases.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return cases;
}

absl::StatusOr<std::vector<SuiteCase>> SuiteStore::Questions(const std::string& project,
                                                             const std::string& suite_id,
                                                             const std::string& after_case_id,
                                                             int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, input, cohort, question FROM suite_cases
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
    bytes += one.case_id.size() + one.input.size() + one.cohort.size() + one.question.size();
  }
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
