#include "curation_service/store/row_signals.h"

#include <utility>
#include <vector>

#include "curation_service/store/json_columns.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::Status ForgetSignal(sql::Connection& connection, const std::string& project,
                          const std::string& interaction_id, const std::string& signal_id) {
  struct Place {
    std::string dataset_version_id;
    int64_t row_index = 0;
    std::vector<std::string> signal_ids;
  };
  std::vector<Place> places;
  {
    sql::Statement select = connection.Prepare(R"sql(
        SELECT dataset_version_id, row_index, signal_ids FROM dataset_rows
        WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
        ORDER BY dataset_version_id, row_index)sql");
    select.Bind(project, interaction_id);
    while (select.Next()) {
      ASSIGN_OR_RETURN(std::vector<std::string> signal_ids, TextsFromJson(select.View(2)));
      if (std::erase(signal_ids, signal_id) == 0) continue;
      places.push_back({select.Text(0), select.Int64(1), std::move(signal_ids)});
    }
    RETURN_IF_ERROR(select.status());
  }
  for (const Place& place : places) {
    RETURN_IF_ERROR(
        connection
            .Prepare(R"sql(
            UPDATE dataset_rows SET signal_ids = ?
            WHERE project = ? AND dataset_version_id = ? AND row_index = ?)sql")
            .Bind(TextsToJson(place.signal_ids), project, place.dataset_version_id, place.row_index)
            .Run());
  }
  return absl::OkStatus();
}

absl::Status ReplaceFailureMode(sql::Connection& connection, const std::string& project,
                                const std::string& interaction_id,
                                const std::optional<std::string>& before,
                                const std::string& after) {
  if (before) {
    if (before->empty() || *before == after) return absl::OkStatus();
    return connection
        .Prepare(R"sql(
            UPDATE dataset_rows SET failure_mode = ?
            WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
              AND failure_mode = ?)sql")
        .Bind(after, project, interaction_id, *before)
        .Run();
  }
  if (after.empty()) return absl::OkStatus();
  return connection
      .Prepare(R"sql(
          UPDATE dataset_rows SET failure_mode = ''
          WHERE project = ? AND interaction_id <> '' AND interaction_id = ?
            AND failure_mode <> ?)sql")
      .Bind(project, interaction_id, after)
      .Run();
}

}  // namespace flywheel::curation
