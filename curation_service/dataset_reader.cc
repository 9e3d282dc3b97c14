#include "curation_service/dataset_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "curation_service/store/build_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kRowsPerRead = 500;

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

absl::StatusOr<DatasetVersionPage> DatasetReader::List(const std::string& project,
                                                       int64_t before_ordinal,
                                                       int64_t page_size) const {
  if (before_ordinal == 0) before_ordinal = std::numeric_limits<int64_t>::max();
  // One more than asked for tells whether there is another page.
  const int64_t limit = page_size + 1;
  std::vector<StoredDatasetVersion> stored;
  std::vector<StoredBuild> builds;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(stored, DatasetStore(connection).List(project, before_ordinal, limit));
    ASSIGN_OR_RETURN(builds, BuildStore(connection).List(project, before_ordinal, limit));
    return absl::OkStatus();
  }));
  // Versions and builds count together, so that each keeps its place when it becomes the other.
  for (StoredBuild& build : builds) {
    stored.push_back({std::move(build.version), std::move(build.request_hash), build.ordinal});
  }
  std::sort(stored.begin(), stored.end(),
            [](const auto& a, const auto& b) { return a.ordinal > b.ordinal; });
  if (static_cast<int64_t>(stored.size()) > limit) stored.resize(limit);
  DatasetVersionPage page;
  if (static_cast<int64_t>(stored.size()) > page_size) {
    stored.pop_back();
    page.next_before_ordinal = stored.back().ordinal;
  }
  for (StoredDatasetVersion& version : stored) page.versions.push_back(std::move(version.version));
  return page;
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
