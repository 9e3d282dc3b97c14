#include "eval_gate_service/store/output_store.h"

#include <fmt/format.h>

#include <utility>

#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Seven columns from `column`: case, attempt, the texts, details.
absl::StatusOr<CaseOutput> ReadOutput(const sql::Statement& row, int column) {
  CaseOutput output;
  output.case_id = row.Text(column);
  output.attempt = static_cast<int>(row.Int64(column + 1));
  output.output = row.Text(column + 2);
  ASSIGN_OR_RETURN(output.tool_calls, ToolCallsFromText(row.View(column + 3)));
  output.error = row.Text(column + 4);
  output.infrastructure_error = row.Text(column + 5);
  output.details = row.Text(column + 6);
  return output;
}

// Three columns from `column`.
OutputJudgement ReadJudgement(const sql::Statement& row, int column) {
  return {static_cast<CaseOutcome>(row.Int64(column)), static_cast<int>(row.Int64(column + 1)),
          static_cast<uint64_t>(row.Int64(column + 2))};
}

}  // namespace

absl::Status OutputStore::Put(const OutputSet& set, const JudgedOutput& judged,
                              const std::string& content_hash, absl::Time now) {
  const CaseOutput& output = judged.output;
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO outputs
        (project, run_id, case_id, attempt, outcome, failed_by, answer_key, content_hash,
         create_time_us, output, tool_calls, error, infrastructure_error, details,
         infrastructure_errors)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, run_id, case_id, attempt) DO UPDATE SET
        outcome = excluded.outcome, failed_by = excluded.failed_by,
        answer_key = excluded.answer_key, content_hash = excluded.content_hash,
        create_time_us = excluded.create_time_us, output = excluded.output,
        tool_calls = excluded.tool_calls, error = excluded.error,
        infrastructure_error = excluded.infrastructure_error, details = excluded.details,
        infrastructure_errors = infrastructure_errors + excluded.infrastructure_errors)sql");
  return insert
      .Bind(set.project, set.run_id, output.case_id, int64_t{output.attempt},
            static_cast<int64_t>(judged.judgement.outcome), int64_t{judged.judgement.failed_by},
            static_cast<int64_t>(judged.judgement.answer_key), sql::Blob{content_hash}, now,
            output.output, ToolCallsToText(output.tool_calls), output.error,
            output.infrastructure_error, sql::Blob{output.details},
            int64_t{!output.infrastructure_error.empty()})
      .Run();
}

absl::StatusOr<std::optional<StoredOutput>> OutputStore::Find(const OutputSet& set,
                                                              const OutputPlace& place) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT content_hash, infrastructure_error <> '', infrastructure_errors FROM outputs
      WHERE project = ? AND run_id = ? AND case_id = ? AND attempt = ?)sql");
  select.Bind(set.project, set.run_id, place.case_id, int64_t{place.attempt});
  std::optional<StoredOutput> found;
  if (select.Next()) found = StoredOutput{select.Text(0), select.Bool(1), select.Int64(2)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> OutputStore::HasAnswer(const OutputSet& set) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM outputs
      WHERE project = ? AND run_id = ? AND error = '' AND infrastructure_error = '' LIMIT 1)sql");
  select.Bind(set.project, set.run_id);
  const bool any = select.Next();
  RETURN_IF_ERROR(select.status());
  return any;
}

absl::StatusOr<int64_t> OutputStore::CountPassed(const OutputSet& set) {
  sql::Statement select = connection_.Prepare(
      "SELECT COUNT(*) FROM outputs WHERE project = ? AND run_id = ? AND outcome = ?");
  select.Bind(set.project, set.run_id, static_cast<int64_t>(CaseOutcome::kPassed));
  int64_t passed = 0;
  if (select.Next()) passed = select.Int64(0);
  RETURN_IF_ERROR(select.status());
  return passed;
}

absl::StatusOr<int64_t> OutputStore::Count(const OutputSet& set) {
  sql::Statement select =
      connection_.Prepare("SELECT COUNT(*) FROM outputs WHERE project = ? AND run_id = ?");
  const int64_t outputs = select.Bind(set.project, set.run_id).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return outputs;
}

absl::Status OutputStore::Erase(const OutputSet& set, const OutputPlace& place) {
  return connection_
      .Prepare(R"sql(
          DELETE FROM outputs
          WHERE project = ? AND run_id = ? AND case_id = ? AND attempt = ?)sql")
      .Bind(set.project, set.run_id, place.case_id, int64_t{place.attempt})
      .Run();
}

absl::StatusOr<std::vector<JudgedOutput>> OutputStore::Page(const OutputSet& set,
                                                            const OutputPlace& behind,
                                                            int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, attempt, output, tool_calls, error, infrastructure_error, details, outcome,
             failed_by, answer_key
      FROM outputs
      WHERE project = ? AND run_id = ? AND (case_id, attempt) > (?, ?)
      ORDER BY case_id, attempt LIMIT ?)sql");
  select.Bind(set.project, set.run_id, behind.case_id, int64_t{behind.attempt}, limit);
  std::vector<JudgedOutput> outputs;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    JudgedOutput one;
    ASSIGN_OR_RETURN(one.output, ReadOutput(select, 0));
    one.judgement = ReadJudgement(select, 7);
    bytes += BytesOf(one.output);
    outputs.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return outputs;
}

absl::Status OutputStore::ReadOutcomes(const OutputSet& set, TakeOutcome take) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, attempt, outcome, failed_by, answer_key FROM outputs
      WHERE project = ? AND run_id = ? ORDER BY case_id, attempt)sql");
  select.Bind(set.project, set.run_id);
  while (select.Next()) {
    RETURN_IF_ERROR(
        take(select.View(0), static_cast<int>(select.Int64(1)), ReadJudgement(select, 2)));
  }
  return select.status();
}

absl::StatusOr<std::vector<StoredAnswer>> OutputStore::Answers(const OutputSet& set,
                                                               const OutputPlace& behind,
                                                               int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, attempt, output, tool_calls, error, infrastructure_error, details, outcome,
             failed_by, answer_key, content_hash, create_time_us
      FROM outputs
      WHERE project = ? AND run_id = ? AND (case_id, attempt) > (?, ?)
      ORDER BY case_id, attempt LIMIT ?)sql");
  select.Bind(set.project, set.run_id, behind.case_id, int64_t{behind.attempt}, limit);
  std::vector<StoredAnswer> answers;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    // As an int it would be that of another output.
    if (select.Int64(1) < 1 || select.Int64(1) > kMostAttemptsPerCase) {
      return errors::Internal(fmt::format("an output has attempt {}", select.Int64(1)));
    }
    StoredAnswer one;
    ASSIGN_OR_RETURN(one.output, ReadOutput(select, 0));
    one.facts = {one.output.case_id, one.output.attempt, ReadJudgement(select, 7), select.Text(10),
                 select.Time(11)};
    bytes += BytesOf(one.output);
    answers.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return answers;
}

absl::StatusOr<std::vector<OutputFacts>> OutputStore::Unsealed(const OutputSet& set,
                                                               int64_t limit) {
  constexpr auto kSelectUnsealed = sql::Text(R"sql(
      SELECT case_id, attempt, outcome, failed_by, answer_key, content_hash, create_time_us
      FROM outputs AS o
      WHERE project = ? AND run_id = ? AND NOT EXISTS (
        SELECT 1 FROM seals AS s
        WHERE s.project = o.project AND s.kind = )sql") +
                                   sql::kLiteral<ReleaseKind::kRun> + R"sql(
          AND s.resource_id = o.run_id AND s.case_id = o.case_id AND s.attempt = o.attempt)
      ORDER BY case_id, attempt LIMIT ?)sql";
  sql::Statement select = connection_.Prepare(kSelectUnsealed);
  select.Bind(set.project, set.run_id, limit);
  std::vector<OutputFacts> unsealed;
  while (select.Next()) {
    unsealed.push_back({select.Text(0), static_cast<int>(select.Int64(1)), ReadJudgement(select, 2),
                        select.Text(5), select.Time(6)});
  }
  RETURN_IF_ERROR(select.status());
  return unsealed;
}

absl::StatusOr<std::vector<UnjudgedOutput>> OutputStore::FindUnjudged(int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, run_id, case_id, attempt, output, tool_calls, error, infrastructure_error,
             details
      FROM outputs WHERE outcome = 0
      ORDER BY project, run_id, case_id, attempt LIMIT ?)sql");
  select.Bind(limit);
  std::vector<UnjudgedOutput> found;
  while (select.Next()) {
    UnjudgedOutput one{{select.Text(0), select.Text(1)}, {}};
    ASSIGN_OR_RETURN(one.output, ReadOutput(select, 2));
    found.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::Status OutputStore::SetJudgement(const OutputSet& set, const OutputPlace& place,
                                       const OutputJudgement& judgement) {
  return connection_
      .Prepare(R"sql(
          UPDATE outputs SET outcome = ?, failed_by = ?, answer_key = ?
          WHERE project = ? AND run_id = ? AND case_id = ? AND attempt = ?)sql")
      .Bind(static_cast<int64_t>(judgement.outcome), int64_t{judgement.failed_by},
            static_cast<int64_t>(judgement.answer_key), set.project, set.run_id, place.case_id,
            int64_t{place.attempt})
      .Run();
}

}  // namespace flywheel::evalgate
