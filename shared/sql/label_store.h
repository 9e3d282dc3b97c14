// Store of labels, the table resource_labels of a service.
#ifndef FLYWHEEL_SHARED_SQL_LABEL_STORE_H_
#define FLYWHEEL_SHARED_SQL_LABEL_STORE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "shared/lists/list_filter.h"
#include "shared/sql/connection.h"
#include "shared/sql/text.h"

namespace flywheel::sql {

// The table, as a step of a store's migrations, and so never changed.
inline constexpr char kResourceLabelsSql[] = R"sql(
CREATE TABLE resource_labels (
  -- Words of whoever made a thing. What has none has no row.
  project TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- store/label_store.h: Labelled
  resource_id TEXT NOT NULL,
  labels TEXT NOT NULL,               -- JSON
  PRIMARY KEY (project, kind, resource_id)
) STRICT;
)sql";

// What SetLabels sets the labels of.
struct LabelledThing {
  const std::string& project;
  int kind = 0;
  const std::string& id;
};

// LabelStore::Set.
absl::Status SetLabels(Connection& connection, const LabelledThing& thing, const Labels& labels);

// Writes this table, inside the caller's transaction; who reads a thing reads its labels with it.
// `Kind` is the service's enum of what has labels in it, whose numbers are stored.
template <typename Kind>
class LabelStore {
 public:
  explicit LabelStore(Connection& connection) : connection_(connection) {}

  // In the place of those that there were.
  absl::Status Set(const std::string& project, Kind kind, const std::string& id,
                   const Labels& labels) {
    return SetLabels(connection_, {project, static_cast<int>(kind), id}, labels);
  }

 private:
  Connection& connection_;
};

// In a SELECT from `table`, whose key is `project` and the column `id`: the labels of the row, for
// TextMapFromJson.
template <auto kind, size_t N, size_t M>
constexpr auto LabelsColumn(const char (&table)[N], const char (&id)[M]) {
  return Text("COALESCE((SELECT l.labels FROM resource_labels AS l WHERE l.project = ") + table +
         ".project AND l.resource_id = " + table + "." + id + " AND l.kind = " + kLiteral<kind> +
         "), '{}')";
}

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_LABEL_STORE_H_
