#include "curation_service/store/erasure_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<int64_t> ErasureStore::LastTombstone(const std::string& project) {
  sql::Statement select = connection().Prepare(
      "SELECT COALESCE(MAX(last_sequence), 0) FROM erasures WHERE project = ?");
  const int64_t sequence = select.Bind(project).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return sequence;
}

absl::StatusOr<std::vector<FinishedErasure>> ErasureStore::Finished(const std::string& project,
                                                                    int64_t after, int64_t limit) {
  sql::Statement select = connection().Prepare(R"sql(
      SELECT project, erasure_id, last_sequence FROM erasures
      WHERE complete = 1 AND last_sequence > ? AND (? = '' OR project = ?)
      ORDER BY last_sequence LIMIT ?)sql");
  select.Bind(after, project, project, limit);
  std::vector<FinishedErasure> erasures;
  while (select.Next()) erasures.push_back({select.Text(0), select.Text(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return erasures;
}

absl::Status ErasureStore::SetTrainingAllowed(const std::string& project,
                                              const std::string& user_id, bool allowed) {
  return connection()
      .Prepare(allowed ? "DELETE FROM training_refusals WHERE project = ? AND user_id = ?"
                       : "INSERT INTO training_refusals (project, user_id) VALUES (?, ?) "
                         "ON CONFLICT (project, user_id) DO NOTHING")
      .Bind(project, user_id)
      .Run();
}

}  // namespace flywheel::curation
