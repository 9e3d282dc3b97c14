#include "curation_service/store/lineage_store.h"

#include "curation_service/domain/dataset.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/model_version_store.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/training_run_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

using Edges = absl::StatusOr<std::vector<LineageEdge>>;

}  // namespace

absl::StatusOr<std::optional<LineageNode>> LineageStore::Find(const std::string& project,
                                                              const LineageNode& node) {
  const auto found = [&](const std::string& agent) {
    return std::optional<LineageNode>({node.kind, node.id, agent});
  };
  switch (node.kind) {
    case LineageKind::kInteraction: {
      ASSIGN_OR_RETURN(const auto key, RecordStore(connection_).FindInteraction(project, node.id));
      if (key) return found("");
      break;
    }
    case LineageKind::kDatasetVersion: {
      ASSIGN_OR_RETURN(const auto stored, DatasetStore(connection_).Find(project, node.id));
      if (stored) return found(stored->version.options.agent);
      break;
    }
    case LineageKind::kTrainingRun: {
      ASSIGN_OR_RETURN(const auto stored, TrainingRunStore(connection_).Find(project, node.id));
      if (stored) return found(stored->run.agent);
      break;
    }
    case LineageKind::kModelVersion: {
      ASSIGN_OR_RETURN(const auto stored,
                       ModelVersionStore(connection_).Find(project, node.agent, node.id));
      if (stored) return found(node.agent);
      break;
    }
  }
  return std::nullopt;
}

Edges LineageStore::Results(const std::string& project, const LineageNode& node, int64_t limit) {
  switch (node.kind) {
    case LineageKind::kInteraction:
      return DatasetsOf(project, node, limit);
    case LineageKind::kDatasetVersion:
      return RunsOn(project, node, limit);
    case LineageKind::kTrainingRun:
      return VersionsOf(project, node);
    case LineageKind::kModelVersion:
      return VersionsFrom(project, node, limit);
  }
  return std::vector<LineageEdge>();
}

Edges LineageStore::Sources(const std::string& project, const LineageNode& node) {
  std::vector<LineageEdge> edges;
  if (node.kind == LineageKind::kTrainingRun) {
    ASSIGN_OR_RETURN(const auto stored, TrainingRunStore(connection_).Find(project, node.id));
    if (stored) {
      edges.push_back(
          {{LineageKind::kDatasetVersion, stored->run.dataset_version_id, stored->run.agent},
           node,
           LineageRelation::kTrainedOn});
    }
  }
  if (node.kind == LineageKind::kModelVersion) {
    ASSIGN_OR_RETURN(const auto stored,
                     ModelVersionStore(connection_).Find(project, node.agent, node.id));
    if (!stored) return edges;
    const ModelVersion& version = stored->version;
    if (!version.training_run_id.empty()) {
      edges.push_back({{LineageKind::kTrainingRun, version.training_run_id, version.agent},
                       node,
                       LineageRelation::kTrained});
    }
    if (!version.base.empty()) {
      edges.push_back({{LineageKind::kModelVersion, version.base, version.agent},
                       node,
                       LineageRelation::kBase});
    }
  }
  return edges;
}

Edges LineageStore::DatasetsOf(const std::string& project, const LineageNode& interaction,
                               int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT v.dataset_version_id, v.agent, r.split
      FROM dataset_rows AS r
      JOIN dataset_versions AS v
        ON v.project = r.project AND v.dataset_version_id = r.dataset_version_id
      WHERE r.project = ? AND r.interaction_id = ? AND r.interaction_id <> '' AND v.complete = 1
      ORDER BY v.ordinal LIMIT ?)sql");
  select.Bind(project, interaction.id, limit);
  std::vector<LineageEdge> edges;
  while (select.Next()) {
    const bool train = static_cast<Split>(select.Int64(2)) == Split::kTrain;
    edges.push_back({interaction,
                     {LineageKind::kDatasetVersion, select.Text(0), select.Text(1)},
                     train ? LineageRelation::kTrainRow : LineageRelation::kEvalRow});
  }
  RETURN_IF_ERROR(select.status());
  return edges;
}

Edges LineageStore::RunsOn(const std::string& project, const LineageNode& dataset_version,
                           int64_t limit) {
  // The sign keeps SQLite from reading all runs of the project in this order.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT training_run_id, agent FROM training_runs
      WHERE project = ? AND dataset_version_id = ? ORDER BY +ordinal LIMIT ?)sql");
  select.Bind(project, dataset_version.id, limit);
  std::vector<LineageEdge> edges;
  while (select.Next()) {
    edges.push_back({dataset_version,
                     {LineageKind::kTrainingRun, select.Text(0), select.Text(1)},
                     LineageRelation::kTrainedOn});
  }
  RETURN_IF_ERROR(select.status());
  return edges;
}

Edges LineageStore::VersionsOf(const std::string& project, const LineageNode& training_run) {
  ASSIGN_OR_RETURN(const auto stored,
                   ModelVersionStore(connection_).FindByTrainingRun(project, training_run.id));
  std::vector<LineageEdge> edges;
  if (stored) {
    edges.push_back({training_run,
                     {LineageKind::kModelVersion, stored->version.name, stored->version.agent},
                     LineageRelation::kTrained});
  }
  return edges;
}

Edges LineageStore::VersionsFrom(const std::string& project, const LineageNode& base,
                                 int64_t limit) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT model_version FROM model_versions
      WHERE project = ? AND agent = ? AND base_model_version = ? AND base_model_version <> ''
      ORDER BY ordinal LIMIT ?)sql");
  select.Bind(project, base.agent, base.id, limit);
  std::vector<LineageEdge> edges;
  while (select.Next()) {
    edges.push_back(
        {base, {LineageKind::kModelVersion, select.Text(0), base.agent}, LineageRelation::kBase});
  }
  RETURN_IF_ERROR(select.status());
  return edges;
}

}  // namespace flywheel::curation
