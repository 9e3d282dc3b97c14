#include "curation_service/dataset_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "curation_service/store/build_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kRowsPerRead = 500;

// They count together, so that each keeps its place when it becomes the other.
absl::StatusOr<std::vector<StoredDatasetVersion>> VersionsAndBuilds(sql::Connection& connection,
                                                                    const std::string& project,
                                                                    const sql::ListRange& range,
                                                                    int64_t limit) {
  ASSIGN_OR_RETURN(std::vector<StoredDatasetVersion> all,
                   DatasetStore(connection).List(project, range, limit));
  ASSIGN_OR_RETURN(std::vector<StoredBuild> builds,
                   BuildStore(connection).List(project, range, limit));
  for (StoredBuild& build : builds) {
    all.push_back({std::move(build.version), std::move(build.request_hash), build.ordinal});
  }
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return range.oldest_first ? a.ordinal < b.ordinal : a.ordinal > b.ordinal;
  });
  if (static_cast<int64_t>(all.size()) > limit) all.resize(limit);
  return all;
}

}  // namespace

absl::StatusOr<DatasetVersion> DatasetReader::Get(const std::string& project,
                                                  const std::string& dataset_version_id) const {
  using Found = absl::StatusOr<DatasetVersion>;
  return database_->Read([&](sql::Connection& connection) -> Found {
    ASSIGN_OR_RETURN(std::optional<StoredBuild> build,
                     BuildStore(connection).Find(project, dataset_version_id));
    if (build) return std::move(build->version);
    return DatasetStore(connection).Get(project, dataset_version_id);
  });
}

absl::StatusOr<ListPage<DatasetVersion>> DatasetReader::List(const std::string& project,
                                                             const DatasetVersionFilter& filter,
                                                             int64_t beyond,
                                                             int64_t page_size) const {
  const auto matches = [&](const StoredDatasetVersion& stored) {
    const DatasetVersion& version = stored.version;
    return filter.list.Matches(version.create_time, version.labels) &&
           (!filter.state || version.state == *filter.state);
  };
  ASSIGN_OR_RETURN(
      ListPage<StoredDatasetVersion> page, database_->Read([&](sql::Connection& connection) {
        return ReadListPage<StoredDatasetVersion>(
            beyond, page_size,
            [&](int64_t from, int64_t limit) {
              return VersionsAndBuilds(connection, project,
                                       {filter.list.agent, filter.list.oldest_first, from}, limit);
            },
            matches);
      }));
  RETURN_IF_ERROR(FillListPage<StoredDatasetVersion>(
      sql::kMaxReadBytes,
      [](StoredDatasetVersion& stored) {
        const DatasetVersion& version = stored.version;
        return version.failure.message.size() + version.cancel_reason.size() +
               LabelBytes(version.labels);
      },
      page));
  return ValuesOf(std::move(page), &StoredDatasetVersion::version);
}

absl::Status DatasetReader::ForEachRow(
    const std::string& project, const std::string& dataset_version_id, const RowFilter& filter,
    absl::FunctionRef<absl::Status(const DatasetRow&)> on_row) const {
  RETURN_IF_ERROR(database_
                      ->Read([&](sql::Connection& connection) {
                        return DatasetStore(connection).Get(project, dataset_version_id);
                      })
                      .status());
  int64_t next_index = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<StoredDatasetRow> rows,
                     database_->Read([&](sql::Connection& connection) {
                       return DatasetStore(connection)
                           .Rows(project, dataset_version_id, filter, next_index, kRowsPerRead);
                     }));
    if (rows.empty()) return absl::OkStatus();
    for (const StoredDatasetRow& stored : rows) RETURN_IF_ERROR(on_row(stored.row));
    next_index = rows.back().row_index + 1;
  }
}

}  // namespace flywheel::curation
