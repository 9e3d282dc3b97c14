#include "shared/sql/label_store.h"

#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {

absl::Status SetLabels(Connection& connection, const LabelledThing& thing, const Labels& labels) {
  RETURN_IF_ERROR(
      connection
          .Prepare("DELETE FROM resource_labels WHERE project = ? AND kind = ? AND resource_id = ?")
          .Bind(thing.project, thing.kind, thing.id)
          .Run());
  if (labels.empty()) return absl::OkStatus();
  return connection
      .Prepare(
          "INSERT INTO resource_labels (project, kind, resource_id, labels) VALUES (?, ?, ?, ?)")
      .Bind(thing.project, thing.kind, thing.id, TextMapToJson(labels))
      .Run();
}

}  // namespace flywheel::sql
