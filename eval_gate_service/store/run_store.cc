#include "eval_gate_service/store/run_store.h"

#include <fmt/format.h>

#include <utility>

#include "eval_gate_service/store/bar_text.h"
#include "eval_gate_service/store/label_store.h"
#include "shared/sql/list_range.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr auto kSelectRun = sql::Text(R"sql(
    SELECT run_id, ordinal, suite_id, runs.agent, model_version, state, attempts_per_case, answered,
           unavailable, runs.request_hash, runs.create_time_us, end_time_us, runs.created_by,
           abort_reason, attempts_per_case * (suites.cases - suites.erased_cases),
           )sql") + sql::LabelsColumn<Labelled::kRun>("runs", "run_id") +
                            R"sql(, contaminated_cases, contaminated_case_ids,
           infrastructure_errors
    FROM runs
      JOIN (SELECT project, suite_id, cases, erased_cases FROM suites) AS suites
        USING (project, suite_id)
    WHERE )sql";

// Reads a row of kSelectRun.
absl::StatusOr<StoredRun> ReadRun(const sql::Statement& row) {
  StoredRun stored;
  Run& run = stored.run;
  run.run_id = row.Text(0);
  stored.ordinal = row.Int64(1);
  run.suite_id = row.Text(2);
  run.agent = row.Text(3);
  run.model_version = row.Text(4);
  run.state = static_cast<RunState>(row.Int64(5));
  run.attempts_per_case = static_cast<int>(row.Int64(6));
  run.progress = {row.Int64(7), row.Int64(8)};
  run.infrastructure_errors = row.Int64(18);
  stored.request_hash = row.Text(9);
  run.create_time = row.Time(10);
  if (row.Int64(11) != 0) run.end_time = row.Time(11);
  run.created_by = row.Text(12);
  run.abort_reason = row.Text(13);
  run.attempts = row.Int64(14);
  ASSIGN_OR_RETURN(run.labels, sql::TextMapFromJson(row.View(15)));
  run.contamination.cases = row.Int64(16);
  if (run.contamination.cases > 0) {
    ASSIGN_OR_RETURN(run.contamination.case_ids, NamesFromText(row.View(17)));
  }
  return stored;
}

absl::StatusOr<std::optional<Run>> ReadOne(sql::Statement& select) {
  std::optional<Run> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(StoredRun stored, ReadRun(select));
    found = std::move(stored.run);
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace

absl::Status RunStore::Insert(const std::string& project, const StoredRun& stored) {
  const Run& run = stored.run;
  return connection_
      .Prepare(R"sql(
      INSERT INTO runs (project, run_id, ordinal, suite_id, agent, model_version, version_key,
                        state, attempts_per_case, answered, unavailable, request_hash,
                        create_time_us, end_time_us, created_by, abort_reason)
        VALUES (?, ?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM runs WHERE project = ?),
                ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0, ?, ''))sql")
      .Bind(project, run.run_id, project, run.suite_id, run.agent, run.model_version,
            VersionKey(run.model_version), static_cast<int64_t>(run.state),
            int64_t{run.attempts_per_case}, sql::Blob{stored.request_hash}, run.create_time,
            run.created_by)
      .Run();
}

absl::StatusOr<std::optional<StoredRun>> RunStore::Find(const std::string& project,
                                                        const std::string& run_id) {
  sql::Statement select = connection_.Prepare(kSelectRun + "project = ? AND run_id = ?");
  select.Bind(project, run_id);
  std::optional<StoredRun> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadRun(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<Run> RunStore::Get(const std::string& project, const std::string& run_id) {
  ASSIGN_OR_RETURN(std::optional<StoredRun> found, Find(project, run_id));
  if (!found) return errors::NotFound("run", run_id, "Start it with StartRun first.");
  return std::move(found->run);
}

absl::StatusOr<std::optional<Run>> RunStore::FindFinished(const RunsOf& runs_of) {
  sql::Statement select = connection_.Prepare(
      kSelectRun + "project = ? AND suite_id = ? AND version_key = ? AND state = 2");
  select.Bind(runs_of.project, runs_of.suite_id, VersionKey(runs_of.model_version));
  return ReadOne(select);
}

absl::StatusOr<std::optional<Run>> RunStore::FindBest(const RunsOf& runs_of) {
  ASSIGN_OR_RETURN(std::optional<Run> finished, FindFinished(runs_of));
  if (finished) return finished;
  sql::Statement select =
      connection_.Prepare(kSelectRun +
                          "project = ? AND suite_id = ? AND version_key = ? AND state = 1 "
                          "ORDER BY ordinal DESC LIMIT 1");
  select.Bind(runs_of.project, runs_of.suite_id, VersionKey(runs_of.model_version));
  return ReadOne(select);
}

absl::StatusOr<Run> RunStore::GetBest(const RunsOf& runs_of) {
  ASSIGN_OR_RETURN(std::optional<Run> found, FindBest(runs_of));
  if (found) return *std::move(found);
  return errors::NotFound(fmt::format("run on suite '{}' of model version", runs_of.suite_id),
                          runs_of.model_version,
                          "Start one (StartRun) and answer the cases of ReadSuiteCases first.");
}

absl::StatusOr<UnfinishedRuns> RunStore::CountUnfinished(const RunsOf& runs_of) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COALESCE(SUM(state <> 2), 0),
             COALESCE(SUM(state <> 2 AND answered + unavailable + infrastructure_errors > 0), 0),
             COALESCE(SUM(infrastructure_errors), 0)
      FROM runs WHERE project = ? AND suite_id = ? AND version_key = ?)sql");
  select.Bind(runs_of.project, runs_of.suite_id, VersionKey(runs_of.model_version));
  UnfinishedRuns found;
  if (select.Next()) found = {select.Int64(0), select.Int64(1), select.Int64(2)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::Status RunStore::SetProgress(const std::string& project, const Run& run) {
  return connection_
      .Prepare(R"sql(
          UPDATE runs SET answered = ?, unavailable = ?, infrastructure_errors = ?
          WHERE project = ? AND run_id = ?)sql")
      .Bind(run.progress.answered, run.progress.unavailable, run.infrastructure_errors, project,
            run.run_id)
      .Run();
}

absl::Status RunStore::Subtract(const std::string& project, const std::string& run_id,
                                const RunProgress& erased) {
  return connection_
      .Prepare(R"sql(
          UPDATE runs SET answered = answered - ?, unavailable = unavailable - ?
          WHERE project = ? AND run_id = ?)sql")
      .Bind(erased.answered, erased.unavailable, project, run_id)
      .Run();
}

absl::Status RunStore::End(const std::string& project, const Run& ended) {
  return connection_
      .Prepare(R"sql(
          UPDATE runs SET state = ?, end_time_us = ?, abort_reason = ?, contaminated_cases = ?,
                          contaminated_case_ids = ?
          WHERE project = ? AND run_id = ?)sql")
      .Bind(static_cast<int64_t>(ended.state), *ended.end_time, ended.abort_reason,
            ended.contamination.cases,
            ended.contamination.cases == 0 ? "" : NamesToText(ended.contamination.case_ids),
            project, ended.run_id)
      .Run();
}

absl::StatusOr<std::vector<StoredRun>> RunStore::List(const std::string& project,
                                                      const RunFilter& filter, int64_t beyond,
                                                      int64_t limit) {
  const sql::ListRange range{filter.list.agent, filter.list.oldest_first, beyond};
  const auto prepare = [&] {
    if (!filter.model_version.empty()) {
      return sql::PrepareListOf(connection_, kSelectRun, sql::Text("version_key"),
                                VersionKey(filter.model_version), project, range, limit);
    }
    if (!filter.suite_id.empty()) {
      return sql::PrepareListOf(connection_, kSelectRun, sql::Text("suite_id"), filter.suite_id,
                                project, range, limit);
    }
    return sql::PrepareList(connection_, kSelectRun, project, range, limit);
  };
  sql::Statement select = prepare();
  std::vector<StoredRun> runs;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredRun run, ReadRun(select));
    runs.push_back(std::move(run));
  }
  RETURN_IF_ERROR(select.status());
  return runs;
}

}  // namespace flywheel::evalgate
