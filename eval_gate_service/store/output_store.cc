#include "eval_gate_service/store/output_store.h"

#include <utility>

#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::Status OutputStore::Insert(const OutputSet& set, const CaseOutput& output,
                                 const std::string& content_hash, absl::Time now) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO outputs
        (project, suite_id, model_version, case_id, output, tool_calls, error, content_hash,
         is_duplicate, create_time_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?))sql");
  return insert
      .Bind(set.project, set.suite_id, set.model_version, output.case_id, output.output,
            ToolCallsToText(output.tool_calls), output.error, sql::Blob{content_hash}, now)
      .Run();
}

absl::Status OutputStore::InsertOther(const OutputSet& set, const std::string& case_id,
                                      const std::string& content_hash, absl::Time now) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO other_outputs
        (project, suite_id, model_version, case_id, content_hash, create_time_us)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)sql");
  return insert
      .Bind(set.project, set.suite_id, set.model_version, case_id, sql::Blob{content_hash}, now)
      .Run();
}

absl::Status OutputStore::MarkDuplicate(const OutputSet& set, const std::string& case_id) {
  sql::Statement update = connection_.Prepare(R"sql(
      UPDATE outputs SET is_duplicate = 1
      WHERE project = ? AND suite_id = ? AND model_version = ? AND case_id = ?)sql");
  return update.Bind(set.project, set.suite_id, set.model_version, case_id).Run();
}

absl::StatusOr<std::optional<StoredOutput>> OutputStore::Find(const OutputSet& set,
                                                              const std::string& case_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT content_hash, is_duplicate FROM outputs
      WHERE project = ? AND suite_id = ? AND model_version = ? AND case_id = ?)sql");
  select.Bind(set.project, set.suite_id, set.model_version, case_id);
  std::optional<StoredOutput> found;
  if (select.Next()) found = StoredOutput{select.Text(0), select.Bool(1)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> OutputStore::HasOther(const OutputSet& set, const std::string& case_id,
                                           const std::string& content_hash) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM other_outputs
      WHERE project = ? AND suite_id = ? AND model_version = ? AND case_id = ?
        AND content_hash = ?)sql");
  select.Bind(set.project, set.suite_id, set.model_version, case_id, sql::Blob{content_hash});
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<OutputProgress> OutputStore::Progress(const OutputSet& set) {
  // Costs what the set holds: a call of SubmitOutputs asks it once, a verdict four times.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COUNT(*), COALESCE(SUM(is_duplicate), 0) FROM outputs
      WHERE project = ? AND suite_id = ? AND model_version = ?)sql");
  select.Bind(set.project, set.suite_id, set.model_version);
  OutputProgress progress;
  if (select.Next()) progress = {select.Int64(0), select.Int64(1)};
  RETURN_IF_ERROR(select.status());
  return progress;
}

absl::StatusOr<std::vector<Answer>> OutputStore::Page(const OutputSet& set,
                                                      const std::string& after_case_id,
                                                      int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, output, tool_calls, error, is_duplicate FROM outputs
      WHERE project = ? AND suite_id = ? AND model_version = ? AND case_id > ?
      ORDER BY case_id LIMIT ?)sql");
  select.Bind(set.project, set.suite_id, set.model_version, after_case_id, limit);
  std::vector<Answer> answers;
  while (select.Next()) {
    Answer answer;
    answer.output.case_id = select.Text(0);
    answer.output.output = select.Text(1);
    ASSIGN_OR_RETURN(answer.output.tool_calls, ToolCallsFromText(select.View(2)));
    answer.output.error = select.Text(3);
    answer.duplicate = select.Bool(4);
    answers.push_back(std::move(answer));
  }
  RETURN_IF_ERROR(select.status());
  return answers;
}

}  // namespace flywheel::evalgate
