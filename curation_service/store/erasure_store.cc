#include "curation_service/store/erasure_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::Status ErasureStore::AddTombstone(const std::string& project, const std::string& erasure_id,
                                        int64_t erased_rows, int64_t sequence, bool last) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO erasures (project, erasure_id, erased_rows, last_sequence, complete, reported)
          VALUES (?, ?, ?, ?, ?, 0)
          ON CONFLICT (project, erasure_id) DO UPDATE SET
            erased_rows = erasures.erased_rows + excluded.erased_rows,
            last_sequence = excluded.last_sequence, complete = excluded.complete
          WHERE excluded.last_sequence > erasures.last_sequence)sql")  // Else a batch came again.
      .Bind(project, erasure_id, erased_rows, sequence, last)
      .Run();
}

absl::StatusOr<int64_t> ErasureStore::LastTombstone(const std::string& project) {
  sql::Statement select =
      connection_.Prepare("SELECT COALESCE(MAX(last_sequence), 0) FROM erasures WHERE project = ?");
  const int64_t sequence = select.Bind(project).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return sequence;
}

absl::StatusOr<std::vector<UnreportedErasure>> ErasureStore::Unreported(int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, erasure_id, erased_rows FROM erasures
      WHERE complete = 1 AND reported = 0 ORDER BY project, erasure_id LIMIT ?)sql");
  select.Bind(limit);
  std::vector<UnreportedErasure> erasures;
  while (select.Next()) erasures.push_back({select.Text(0), select.Text(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return erasures;
}

absl::StatusOr<std::vector<FinishedErasure>> ErasureStore::Finished(const std::string& project,
                                                                    int64_t after, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT project, erasure_id, last_sequence FROM erasures
      WHERE complete = 1 AND last_sequence > ? AND (? = '' OR project = ?)
      ORDER BY last_sequence LIMIT ?)sql");
  select.Bind(after, project, project, limit);
  std::vector<FinishedErasure> erasures;
  while (select.Next()) erasures.push_back({select.Text(0), select.Text(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return erasures;
}

absl::Status ErasureStore::SetReported(const UnreportedErasure& erasure) {
  return connection_
      .Prepare("UPDATE erasures SET reported = 1 WHERE project = ? AND erasure_id = ?")
      .Bind(erasure.project, erasure.erasure_id)
      .Run();
}

absl::Status ErasureStore::SetTrainingAllowed(const std::string& project,
                                              const std::string& user_id, bool allowed) {
  return connection_
      .Prepare(allowed ? "DELETE FROM training_refusals WHERE project = ? AND user_id = ?"
                       : "INSERT INTO training_refusals (project, user_id) VALUES (?, ?) "
                         "ON CONFLICT (project, user_id) DO NOTHING")
      .Bind(project, user_id)
      .Run();
}

}  // namespace flywheel::curation
