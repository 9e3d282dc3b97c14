#include "curation_service/store/model_version_store.h"

#include <utility>

#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr sql::Text kSelectVersion(R"sql(
    SELECT agent, model_version, ordinal, base_model_version, artifact_uri, prompt_version,
           retrieval_version, training_run_id, description, labels, create_time_us, created_by
    FROM model_versions )sql");

// Reads a row of kSelectVersion.
absl::StatusOr<StoredModelVersion> ReadVersion(const sql::Statement& row) {
  StoredModelVersion stored;
  stored.ordinal = row.Int64(2);
  ModelVersion& version = stored.version;
  version.agent = row.Text(0);
  version.name = row.Text(1);
  version.base = row.Text(3);
  version.artifact_uri = row.Text(4);
  version.prompt_version = row.Text(5);
  version.retrieval_version = row.Text(6);
  version.training_run_id = row.Text(7);
  version.description = row.Text(8);
  ASSIGN_OR_RETURN(version.labels, sql::TextMapFromJson(row.View(9)));
  version.create_time = row.Time(10);
  version.created_by = row.Text(11);
  return stored;
}

absl::StatusOr<std::optional<StoredModelVersion>> FirstVersion(sql::Statement select) {
  std::optional<StoredModelVersion> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadVersion(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace

absl::Status ModelVersionStore::Add(const std::string& project, const ModelVersion& version) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO model_versions (project, agent, model_version, ordinal, base_model_version,
                                      artifact_uri, prompt_version, retrieval_version,
                                      training_run_id, description, labels, create_time_us,
                                      created_by)
          VALUES (?, ?, ?,
                  (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM model_versions WHERE project = ?),
                  ?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(project, version.agent, version.name, project, version.base, version.artifact_uri,
            version.prompt_version, version.retrieval_version, version.training_run_id,
            version.description, sql::TextMapToJson(version.labels), version.create_time,
            version.created_by)
      .Run();
}

absl::StatusOr<std::optional<StoredModelVersion>> ModelVersionStore::Find(
    const std::string& project, const std::string& agent, const std::string& name) {
  sql::Statement select =
      connection_.Prepare(kSelectVersion + "WHERE project = ? AND agent = ? AND model_version = ?");
  select.Bind(project, agent, name);
  return FirstVersion(std::move(select));
}

absl::StatusOr<std::optional<StoredModelVersion>> ModelVersionStore::FindByTrainingRun(
    const std::string& project, const std::string& training_run_id) {
  sql::Statement select = connection_.Prepare(
      kSelectVersion + "WHERE project = ? AND training_run_id = ? AND training_run_id <> ''");
  select.Bind(project, training_run_id);
  return FirstVersion(std::move(select));
}

absl::StatusOr<std::vector<StoredModelVersion>> ModelVersionStore::List(const std::string& project,
                                                                        const sql::ListRange& range,
                                                                        int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectVersion + "WHERE ", project, range, limit);
  std::vector<StoredModelVersion> versions;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredModelVersion version, ReadVersion(select));
    versions.push_back(std::move(version));
  }
  RETURN_IF_ERROR(select.status());
  return versions;
}

}  // namespace flywheel::curation
