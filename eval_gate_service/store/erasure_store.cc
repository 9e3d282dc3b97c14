#include "eval_gate_service/store/erasure_store.h"

#include <map>

#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

absl::Status CountRows(sql::Connection& connection, const std::string& project, int64_t rows) {
  return connection
      .Prepare(R"sql(
          INSERT INTO erased_rows (project, erased_rows) VALUES (?, ?)
          ON CONFLICT (project) DO UPDATE SET
            erased_rows = erased_rows.erased_rows + excluded.erased_rows)sql")
      .Bind(project, rows)
      .Run();
}

// What was counted and stands in no report yet; from now on it is the caller's to report.
absl::StatusOr<int64_t> TakeRows(sql::Connection& connection, const std::string& project) {
  sql::Statement select =
      connection.Prepare("SELECT erased_rows FROM erased_rows WHERE project = ?");
  const int64_t rows = select.Bind(project).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  RETURN_IF_ERROR(
      connection.Prepare("DELETE FROM erased_rows WHERE project = ?").Bind(project).Run());
  return rows;
}

}  // namespace

absl::StatusOr<int64_t> ErasureStore::Cursor() {
  sql::Statement select =
      connection_.Prepare("SELECT next_cursor FROM erasure_cursor WHERE id = 1");
  const int64_t cursor = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return cursor;
}

absl::StatusOr<int64_t> ErasureStore::Round() {
  sql::Statement select = connection_.Prepare("SELECT round FROM erasure_cursor WHERE id = 1");
  const int64_t round = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return round;
}

absl::Status ErasureStore::TakeIn(int64_t cursor, std::span<const Erasure> erasures) {
  // One that curation lists once more, after its feed began anew, is compared once more.
  for (const Erasure& erasure : erasures) {
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            INSERT INTO erasures_to_report (project, erasure_id, erased_rows, compared)
            VALUES (?, ?, 0, 0)
            ON CONFLICT (project, erasure_id) DO UPDATE SET compared = 0)sql")
                        .Bind(erasure.project, erasure.erasure_id)
                        .Run());
  }
  // A page without erasures outdates no suite that is being made.
  const int64_t rounds = erasures.empty() ? 0 : 1;
  return connection_
      .Prepare("UPDATE erasure_cursor SET next_cursor = ?, round = round + ? WHERE id = 1")
      .Bind(cursor, rounds)
      .Run();
}

absl::StatusOr<std::optional<std::string>> ErasureStore::NextToCompare(
    const std::string& after_project) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project FROM erasures_to_report WHERE project > ? AND compared = 0
      ORDER BY project LIMIT 1)sql");
  select.Bind(after_project);
  std::optional<std::string> project;
  if (select.Next()) project = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return project;
}

absl::StatusOr<std::vector<ComparedSuite>> ErasureStore::Suites(const std::string& project,
                                                                const std::string& after_suite_id,
                                                                int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, suite_id, dataset_version_id, compared_erased_rows FROM suites
      WHERE project = ? AND suite_id > ? AND complete = 1 AND dataset_version_id <> ''
      ORDER BY suite_id LIMIT ?)sql");
  select.Bind(project, after_suite_id, limit);
  std::vector<ComparedSuite> suites;
  while (select.Next()) {
    suites.push_back({select.Text(0), select.Text(1), select.Text(2), select.Int64(3)});
  }
  RETURN_IF_ERROR(select.status());
  return suites;
}

absl::StatusOr<std::vector<std::string>> ErasureStore::CaseIds(const ComparedSuite& suite,
                                                               const std::string& after_case_id,
                                                               int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id FROM suite_cases WHERE project = ? AND suite_id = ? AND case_id > ?
      ORDER BY case_id LIMIT ?)sql");
  select.Bind(suite.project, suite.suite_id, after_case_id, limit);
  std::vector<std::string> case_ids;
  while (select.Next()) case_ids.push_back(select.Text(0));
  RETURN_IF_ERROR(select.status());
  return case_ids;
}

absl::Status ErasureStore::EraseCases(const ComparedSuite& suite,
                                      std::span<const std::string> case_ids) {
  int64_t cases = 0;
  for (const std::string& case_id : case_ids) {
    RETURN_IF_ERROR(
        connection_
            .Prepare("DELETE FROM suite_cases WHERE project = ? AND suite_id = ? AND case_id = ?")
            .Bind(suite.project, suite.suite_id, case_id)
            .Run());
    if (connection_.ChangedRows() == 0) continue;
    ++cases;
    RETURN_IF_ERROR(SealStore(connection_)
                        .Erase({suite.project, ReleaseKind::kSuite, suite.suite_id}, {case_id, 0},
                               /*keep=*/true));
    RETURN_IF_ERROR(
        connection_
            .Prepare("INSERT INTO erasing_cases (project, suite_id, case_id) VALUES (?, ?, ?)")
            .Bind(suite.project, suite.suite_id, case_id)
            .Run());
  }
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          UPDATE suites SET erased_cases = erased_cases + ?
          WHERE project = ? AND suite_id = ?)sql")
                      .Bind(cases, suite.project, suite.suite_id)
                      .Run());
  return CountRows(connection_, suite.project, cases);
}

absl::StatusOr<bool> ErasureStore::IsErasing(const std::string& project,
                                             const std::string& suite_id) {
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM erasing_cases WHERE project = ? AND suite_id = ? LIMIT 1");
  const bool found = select.Bind(project, suite_id).Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> ErasureStore::EraseOutputs(const ComparedSuite& suite, int64_t limit) {
  // Step 1: the first outputs that are there, by case and run; of a run they come by attempt.
  struct Leaving {
    OutputSet set;
    OutputPlace place;
    bool unavailable = false;
    bool finished = false;
  };
  std::vector<Leaving> leaving;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT r.run_id, o.case_id, o.attempt, o.infrastructure_error <> '', r.state = 2
        FROM erasing_cases AS e
          CROSS JOIN runs AS r ON r.project = e.project AND r.suite_id = e.suite_id
          CROSS JOIN outputs AS o
            ON o.project = r.project AND o.run_id = r.run_id AND o.case_id = e.case_id
        WHERE e.project = ? AND e.suite_id = ?
        ORDER BY e.case_id, r.ordinal LIMIT ?)sql");
    select.Bind(suite.project, suite.suite_id, limit);
    while (select.Next()) {
      leaving.push_back({{suite.project, select.Text(0)},
                         {select.Text(1), static_cast<int>(select.Int64(2))},
                         select.Bool(3),
                         select.Bool(4)});
    }
    RETURN_IF_ERROR(select.status());
  }
  // Step 2: they leave, and their runs count them. Only what is finished was sealed as a whole.
  std::map<std::string, RunProgress> erased;
  for (const Leaving& one : leaving) {
    RETURN_IF_ERROR(OutputStore(connection_).Erase(one.set, one.place));
    RETURN_IF_ERROR(SealStore(connection_)
                        .Erase({suite.project, ReleaseKind::kRun, one.set.run_id}, one.place,
                               /*keep=*/one.finished));
    RunProgress& of_run = erased[one.set.run_id];
    ++(one.unavailable ? of_run.unavailable : of_run.answered);
  }
  for (const auto& [run_id, progress] : erased) {
    RETURN_IF_ERROR(RunStore(connection_).Subtract(suite.project, run_id, progress));
  }
  RETURN_IF_ERROR(CountRows(connection_, suite.project, static_cast<int64_t>(leaving.size())));
  // Step 3: cases of which nothing is left; that of the last output may have others.
  const bool is_last = static_cast<int64_t>(leaving.size()) < limit;
  RETURN_IF_ERROR(
      connection_
          .Prepare(R"sql(
              DELETE FROM erasing_cases
              WHERE project = ? AND suite_id = ? AND (? OR case_id < ?))sql")
          .Bind(suite.project, suite.suite_id, is_last, is_last ? "" : leaving.back().place.case_id)
          .Run());
  return is_last;
}

absl::Status ErasureStore::SetCompared(const ComparedSuite& suite) {
  return connection_
      .Prepare("UPDATE suites SET compared_erased_rows = ? WHERE project = ? AND suite_id = ?")
      .Bind(suite.erased_rows, suite.project, suite.suite_id)
      .Run();
}

absl::Status ErasureStore::SetAllCompared(const std::string& project) {
  // Which of several erasures took a row nobody knows: one of them reports all.
  ASSIGN_OR_RETURN(const int64_t rows, TakeRows(connection_, project));
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          UPDATE erasures_to_report SET erased_rows = erased_rows + ?
          WHERE project = ? AND erasure_id = (
            SELECT MIN(erasure_id) FROM erasures_to_report WHERE project = ? AND compared = 0))sql")
                      .Bind(rows, project, project)
                      .Run());
  return connection_
      .Prepare("UPDATE erasures_to_report SET compared = 1 WHERE project = ? AND compared = 0")
      .Bind(project)
      .Run();
}

absl::StatusOr<std::vector<Erasure>> ErasureStore::Unreported(int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, erasure_id, erased_rows FROM erasures_to_report WHERE compared = 1
      ORDER BY project, erasure_id LIMIT ?)sql");
  select.Bind(limit);
  std::vector<Erasure> erasures;
  while (select.Next()) erasures.push_back({select.Text(0), select.Text(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return erasures;
}

absl::Status ErasureStore::SetReported(const Erasure& erasure) {
  return connection_.Prepare("DELETE FROM erasures_to_report WHERE project = ? AND erasure_id = ?")
      .Bind(erasure.project, erasure.erasure_id)
      .Run();
}

}  // namespace flywheel::evalgate
