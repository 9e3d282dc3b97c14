#include "curation_service/store/removed_row_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::Status RemovedRowStore::Add(const std::string& project, const std::string& dataset_version_id,
                                  int64_t first_place, std::span<const RemovedRow> rows) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO removed_rows (project, dataset_version_id, place, interaction_id, reason, score,
                                other_interaction_id)
      VALUES (?, ?, ?, ?, ?, ?, ?))sql");
  for (const RemovedRow& row : rows) {
    RETURN_IF_ERROR(insert
                        .Bind(project, dataset_version_id, first_place++, row.interaction_id,
                              static_cast<int>(row.reason), row.score, row.other_interaction_id)
                        .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredRemovedRow>> RemovedRowStore::List(
    const std::string& project, const std::string& dataset_version_id,
    std::optional<RemovalReason> reason, int64_t first_place, int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT place, interaction_id, reason, score, other_interaction_id FROM removed_rows
      WHERE project = ? AND dataset_version_id = ? AND place >= ? AND (? = 0 OR reason = ?)
      ORDER BY place LIMIT ?)sql");
  const int wanted = reason ? static_cast<int>(*reason) : 0;
  select.Bind(project, dataset_version_id, first_place, wanted, wanted, limit);
  std::vector<StoredRemovedRow> rows;
  while (select.Next()) {
    rows.push_back({select.Int64(0),
                    {select.Text(1), static_cast<RemovalReason>(select.Int64(2)), select.Double(3),
                     select.Text(4)}});
  }
  RETURN_IF_ERROR(select.status());
  return rows;
}

absl::Status RemovedRowStore::Forget(const std::string& project,
                                     const std::string& interaction_id) {
  RETURN_IF_ERROR(
      connection_.Prepare("DELETE FROM removed_rows WHERE project = ? AND interaction_id = ?")
          .Bind(project, interaction_id)
          .Run());
  return connection_
      .Prepare(R"sql(
          UPDATE removed_rows SET other_interaction_id = ''
          WHERE project = ? AND other_interaction_id = ? AND other_interaction_id <> '')sql")
      .Bind(project, interaction_id)
      .Run();
}

absl::StatusOr<bool> RemovedRowStore::RemoveSome(const std::string& project,
                                                 const std::string& dataset_version_id,
                                                 int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM removed_rows
          WHERE project = ? AND dataset_version_id = ? AND place IN (
            SELECT place FROM removed_rows WHERE project = ? AND dataset_version_id = ?
            LIMIT ?))sql")
                      .Bind(project, dataset_version_id, project, dataset_version_id, limit)
                      .Run());
  return connection_.ChangedRows() == 0;
}

}  // namespace flywheel::curation
