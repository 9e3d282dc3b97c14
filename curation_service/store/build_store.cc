#include "curation_service/store/build_store.h"

#include <utility>

#include "curation_service/store/dataset_options_column.h"
#include "curation_service/store/label_store.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr auto kSelectBuild =
    sql::Text(R"sql(
    SELECT project, dataset_version_id, ordinal, request_hash, agent, options,
           min_feed_sequence, create_time_us, failure_reason, failure, created_by, state,
           cancel_reason, cancelled_by, )sql") +
    sql::LabelsColumn<Labelled::kDatasetVersion>("dataset_builds", "dataset_version_id") + R"sql(
    FROM dataset_builds )sql";

// Reads the rows of kSelectBuild.
absl::StatusOr<std::vector<StoredBuild>> ReadBuilds(sql::Statement select) {
  std::vector<StoredBuild> builds;
  while (select.Next()) {
    StoredBuild& stored = builds.emplace_back();
    stored.project = select.Text(0);
    stored.ordinal = select.Int64(2);
    stored.request_hash = select.Text(3);
    DatasetVersion& version = stored.version;
    version.dataset_version_id = select.Text(1);
    ASSIGN_OR_RETURN(version.options, OptionsFromJson(select.Text(4), select.View(5)));
    version.min_feed_sequence = select.Int64(6);
    version.create_time = select.Time(7);
    version.failure = {static_cast<Reason>(select.Int64(8)), select.Text(9)};
    version.created_by = select.Text(10);
    version.state = static_cast<DatasetVersionState>(select.Int64(11));
    version.cancel_reason = select.Text(12);
    version.cancelled_by = select.Text(13);
    ASSIGN_OR_RETURN(version.labels, sql::TextMapFromJson(select.View(14)));
  }
  RETURN_IF_ERROR(select.status());
  return builds;
}

}  // namespace

absl::StatusOr<int64_t> BuildStore::Add(const std::string& project, const std::string& request_hash,
                                        const DatasetVersion& version) {
  static constexpr auto kSql = sql::Text(R"sql(
      INSERT OR REPLACE INTO dataset_builds
        (project, dataset_version_id, ordinal, request_hash, agent, options, min_feed_sequence,
         create_time_us, created_by, state, failure_reason, failure, cancel_reason, cancelled_by)
      VALUES (?, ?,
              (SELECT 1 + MAX(last) FROM (
                 SELECT COALESCE(MAX(ordinal), 0) AS last FROM dataset_builds WHERE project = ?
                 UNION ALL
                 SELECT COALESCE(MAX(ordinal), 0) FROM dataset_versions
                 WHERE project = ?) AS both_tables),
              ?, ?, ?, ?, ?, ?, )sql") +
                               sql::kLiteral<DatasetVersionState::kBuilding> +
                               ", 0, '', '', '') RETURNING ordinal";
  sql::Statement insert = connection_.Prepare(kSql);
  insert.Bind(project, version.dataset_version_id, project, project, sql::Blob{request_hash},
              version.options.agent, OptionsToJson(version.options), version.min_feed_sequence,
              version.create_time, version.created_by);
  const int64_t ordinal = insert.Next() ? insert.Int64(0) : 0;
  RETURN_IF_ERROR(insert.status());
  return ordinal;
}

absl::StatusOr<std::optional<StoredBuild>> BuildStore::Find(const std::string& project,
                                                            const std::string& dataset_version_id) {
  sql::Statement select =
      connection_.Prepare(kSelectBuild + "WHERE project = ? AND dataset_version_id = ?");
  select.Bind(project, dataset_version_id);
  ASSIGN_OR_RETURN(std::vector<StoredBuild> found, ReadBuilds(std::move(select)));
  std::optional<StoredBuild> build;
  if (!found.empty()) build = std::move(found.front());
  return build;
}

absl::StatusOr<BuildCounts> BuildStore::CountUnderWay(const std::string& project) {
  static constexpr auto kSql = sql::Text(R"sql(
      SELECT COALESCE(SUM(CASE WHEN project = ? THEN 1 ELSE 0 END), 0), COUNT(*)
      FROM dataset_builds WHERE state = )sql") +
                               sql::kLiteral<DatasetVersionState::kBuilding>;
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(project);
  BuildCounts counts;
  if (select.Next()) counts = {select.Int64(0), select.Int64(1)};
  RETURN_IF_ERROR(select.status());
  return counts;
}

absl::StatusOr<std::vector<StoredBuild>> BuildStore::UnderWay() {
  return ReadBuilds(connection_.Prepare(
      kSelectBuild + "WHERE state = " + sql::kLiteral<DatasetVersionState::kBuilding> +
      " ORDER BY project, ordinal"));
}

absl::StatusOr<bool> BuildStore::IsUnderWay(const std::string& project, int64_t ordinal) {
  sql::Statement select =
      connection_.Prepare("SELECT state FROM dataset_builds WHERE project = ? AND ordinal = ?");
  const bool under_way = select.Bind(project, ordinal).Next() &&
                         select.Int64(0) == static_cast<int>(DatasetVersionState::kBuilding);
  RETURN_IF_ERROR(select.status());
  return under_way;
}

absl::Status BuildStore::SetFailed(const std::string& project, int64_t ordinal,
                                   const BuildFailure& failure) {
  return connection_
      .Prepare(R"sql(
          UPDATE dataset_builds SET state = ?, failure_reason = ?, failure = ?
          WHERE project = ? AND ordinal = ? AND state = ?)sql")
      .Bind(static_cast<int>(DatasetVersionState::kFailed), static_cast<int>(failure.reason),
            failure.message, project, ordinal, static_cast<int>(DatasetVersionState::kBuilding))
      .Run();
}

absl::Status BuildStore::SetCancelled(const std::string& project, int64_t ordinal,
                                      const std::string& reason, const std::string& key_id) {
  return connection_
      .Prepare(R"sql(
          UPDATE dataset_builds SET state = ?, cancel_reason = ?, cancelled_by = ?
          WHERE project = ? AND ordinal = ?)sql")
      .Bind(static_cast<int>(DatasetVersionState::kCancelled), reason, key_id, project, ordinal)
      .Run();
}

absl::Status BuildStore::Remove(const std::string& project, const std::string& dataset_version_id) {
  return connection_
      .Prepare("DELETE FROM dataset_builds WHERE project = ? AND dataset_version_id = ?")
      .Bind(project, dataset_version_id)
      .Run();
}

absl::StatusOr<std::vector<StoredBuild>> BuildStore::List(const std::string& project,
                                                          const sql::ListRange& range,
                                                          int64_t limit) {
  return ReadBuilds(sql::PrepareList(connection_, kSelectBuild + "WHERE ", project, range, limit));
}

}  // namespace flywheel::curation
