#include "curation_service/store/label_store.h"

#include "curation_service/store/json_columns.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::Status LabelStore::Set(const std::string& project, Labelled kind, const std::string& id,
                             const Labels& labels) {
  RETURN_IF_ERROR(
      connection_
          .Prepare("DELETE FROM resource_labels WHERE project = ? AND kind = ? AND resource_id = ?")
          .Bind(project, static_cast<int>(kind), id)
          .Run());
  if (labels.empty()) return absl::OkStatus();
  return connection_
      .Prepare(
          "INSERT INTO resource_labels (project, kind, resource_id, labels) VALUES (?, ?, ?, ?)")
      .Bind(project, static_cast<int>(kind), id, TextMapToJson(labels))
      .Run();
}

}  // namespace flywheel::curation
