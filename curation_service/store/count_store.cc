#include "curation_service/store/count_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::Status CountStore::Add(const std::string& project, int tier, int64_t change) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO record_counts (project, tier, interactions) VALUES (?, ?, ?)
          ON CONFLICT (project, tier) DO UPDATE SET
            interactions = record_counts.interactions + excluded.interactions)sql")
      .Bind(project, tier, change)
      .Run();
}

absl::StatusOr<RecordCounts> CountStore::Get(const std::string& project) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT tier, interactions FROM record_counts WHERE project = ? AND interactions > 0
      ORDER BY tier)sql");
  select.Bind(project);
  RecordCounts counts;  // Of a row a tier, and one of all.
  while (select.Next()) {
    if (select.Int64(0) == kAllRead) {
      counts.interactions = select.Int64(1);
    } else {
      counts.scored_by_tier[static_cast<Tier>(select.Int64(0))] = select.Int64(1);
    }
  }
  RETURN_IF_ERROR(select.status());
  return counts;
}

}  // namespace flywheel::curation
