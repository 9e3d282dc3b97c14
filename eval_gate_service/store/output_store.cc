#include "eval_gate_service/store/output_store.h"

#include <utility>

#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/store/tool_calls_text.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::Status OutputStore::Put(const OutputSet& set, const CaseOutput& output,
                              const std::string& content_hash, absl::Time now) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO outputs
        (project, suite_id, version_key, case_id, output, tool_calls, error, infrastructure_error,
         content_hash, create_time_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, suite_id, version_key, case_id) DO UPDATE SET
        output = excluded.output, tool_calls = excluded.tool_calls, error = excluded.error,
        infrastructure_error = excluded.infrastructure_error,
        content_hash = excluded.content_hash, create_time_us = excluded.create_time_us)sql");
  return insert
      .Bind(set.project, set.suite_id, VersionKey(set.model_version), output.case_id, output.output,
            ToolCallsToText(output.tool_calls), output.error, output.infrastructure_error,
            sql::Blob{content_hash}, now)
      .Run();
}

absl::StatusOr<std::optional<StoredOutput>> OutputStore::Find(const OutputSet& set,
                                                              const std::string& case_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT content_hash, infrastructure_error <> '' FROM outputs
      WHERE project = ? AND suite_id = ? AND version_key = ? AND case_id = ?)sql");
  select.Bind(set.project, set.suite_id, VersionKey(set.model_version), case_id);
  std::optional<StoredOutput> found;
  if (select.Next()) found = StoredOutput{select.Text(0), select.Bool(1)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<OutputProgress> OutputStore::Progress(const OutputSet& set) {
  // Costs what the set holds: a call of SubmitOutputs asks it once, a verdict four times.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COUNT(*), COALESCE(SUM(infrastructure_error <> ''), 0) FROM outputs
      WHERE project = ? AND suite_id = ? AND version_key = ?)sql");
  select.Bind(set.project, set.suite_id, VersionKey(set.model_version));
  OutputProgress progress;
  if (select.Next()) progress = {select.Int64(0) - select.Int64(1), select.Int64(1)};
  RETURN_IF_ERROR(select.status());
  return progress;
}

absl::StatusOr<std::vector<CaseOutput>> OutputStore::Page(const OutputSet& set,
                                                          const std::string& after_case_id,
                                                          int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT case_id, output, tool_calls, error, infrastructure_error FROM outputs
      WHERE project = ? AND suite_id = ? AND version_key = ? AND case_id > ?
      ORDER BY case_id LIMIT ?)sql");
  select.Bind(set.project, set.suite_id, VersionKey(set.model_version), after_case_id, limit);
  std::vector<CaseOutput> outputs;
  size_t bytes = 0;
  while (bytes < sql::kMaxReadBytes && select.Next()) {
    CaseOutput output;
    output.case_id = select.Text(0);
    output.output = select.Text(1);
    ASSIGN_OR_RETURN(output.tool_calls, ToolCallsFromText(select.View(2)));
    output.error = select.Text(3);
    output.infrastructure_error = select.Text(4);
    bytes += output.output.size() + select.View(2).size() + output.error.size() +
             output.infrastructure_error.size();
    outputs.push_back(std::move(output));
  }
  RETURN_IF_ERROR(select.status());
  return outputs;
}

}  // namespace flywheel::evalgate
