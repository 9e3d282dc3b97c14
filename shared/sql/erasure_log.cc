#include "shared/sql/erasure_log.h"

#include "shared/status/status_macros.h"

namespace flywheel::sql {

absl::Status ErasureLog::AddTombstone(const std::string& project, const std::string& erasure_id,
                                      int64_t erased_rows, int64_t sequence, bool last) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO erasures (project, erasure_id, erased_rows, last_sequence, complete, reported)
          VALUES (?, ?, ?, ?, ?, 0)
          ON CONFLICT (project, erasure_id) DO UPDATE SET
            erased_rows = erasures.erased_rows + excluded.erased_rows,
            last_sequence = excluded.last_sequence, complete = excluded.complete, reported = 0
          WHERE excluded.last_sequence > erasures.last_sequence)sql")  // Else a batch came again.
      .Bind(project, erasure_id, erased_rows, sequence, last)
      .Run();
}

absl::StatusOr<std::vector<UnreportedErasure>> ErasureLog::Unreported(int64_t limit) {
  Statement select = connection_.Prepare(R"sql(
      SELECT project, erasure_id, erased_rows FROM erasures
      WHERE complete = 1 AND reported = 0 ORDER BY project, erasure_id LIMIT ?)sql");
  select.Bind(limit);
  std::vector<UnreportedErasure> erasures;
  while (select.Next()) erasures.push_back({select.Text(0), select.Text(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return erasures;
}

absl::Status ErasureLog::SetReported(const UnreportedErasure& erasure) {
  return connection_
      .Prepare("UPDATE erasures SET reported = 1 WHERE project = ? AND erasure_id = ?")
      .Bind(erasure.project, erasure.erasure_id)
      .Run();
}

}  // namespace flywheel::sql
