#include "ingest_service/store/stored_rows.h"

#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<int64_t> StoredRows(sql::Connection& connection, const std::string& project) {
  sql::Statement select =
      connection.Prepare("SELECT interactions + signals FROM project_totals WHERE project = ?");
  const int64_t rows = select.Bind(project).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return rows;
}

}  // namespace flywheel::ingest
