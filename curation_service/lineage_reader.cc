#include "curation_service/lineage_reader.h"

#include <optional>
#include <set>
#include <vector>

#include "curation_service/store/lineage_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// In the words of errors.
std::string_view KindName(LineageKind kind) {
  switch (kind) {
    case LineageKind::kInteraction:
      return "interaction";
    case LineageKind::kDatasetVersion:
      return "dataset version";
    case LineageKind::kTrainingRun:
      return "training run";
    case LineageKind::kModelVersion:
      return "model version";
  }
  return "thing";
}

absl::StatusOr<std::vector<LineageEdge>> Step(sql::Connection& connection,
                                              const LineageRequest& request,
                                              const LineageNode& node) {
  LineageStore store(connection);
  if (request.direction == LineageDirection::kSources) return store.Sources(request.project, node);
  // One more than may be met tells that there are more.
  return store.Results(request.project, node, LineageReader::kMaxNodes + 1);
}

}  // namespace

absl::StatusOr<bool> LineageReader::ForEachEdge(const LineageRequest& request,
                                                OnEdge on_edge) const {
  ASSIGN_OR_RETURN(const std::optional<LineageNode> start,
                   database_->Read([&](sql::Connection& connection) {
                     return LineageStore(connection).Find(request.project, request.start);
                   }));
  if (!start) {
    return errors::NotFound(KindName(request.start.kind), request.start.id,
                            "It is not known in this project, or was erased.");
  }
  const bool to_sources = request.direction == LineageDirection::kSources;
  std::set<LineageNode> met = {*start};
  std::vector<LineageNode> queue = {*start};
  bool truncated = false;
  for (size_t next = 0; next < queue.size(); ++next) {
    ASSIGN_OR_RETURN(const std::vector<LineageEdge> edges,
                     database_->Read([&](sql::Connection& connection) {
                       return Step(connection, request, queue[next]);
                     }));
    for (const LineageEdge& edge : edges) {
      const bool eval_row = edge.relation == LineageRelation::kEvalRow;
      if (eval_row && !request.with_eval_side) continue;
      const LineageNode& node = to_sources ? edge.source : edge.result;
      if (!met.contains(node) && met.size() > kMaxNodes) {
        truncated = true;
        continue;
      }
      RETURN_IF_ERROR(on_edge(edge));
      // Nothing was trained on a row of the eval side.
      if (met.insert(node).second && !eval_row) queue.push_back(node);
    }
  }
  if (!to_sources) return truncated;
  for (const LineageNode& node : queue) {
    if (node.kind == LineageKind::kDatasetVersion) {
      RETURN_IF_ERROR(RowsOf(request, node, on_edge));
    }
  }
  return truncated;
}

absl::Status LineageReader::RowsOf(const LineageRequest& request,
                                   const LineageNode& dataset_version, OnEdge on_edge) const {
  const auto of_side = [&](Split split, LineageRelation relation) {
    return datasets_->ForEachRow(
        request.project, dataset_version.id, {split, /*include_negatives=*/true, /*ids_only=*/true},
        [&](const DatasetRow& row) {
          return on_edge(
              {{LineageKind::kInteraction, row.interaction_id, ""}, dataset_version, relation});
        });
  };
  RETURN_IF_ERROR(of_side(Split::kTrain, LineageRelation::kTrainRow));
  const bool is_start = request.start.kind == LineageKind::kDatasetVersion;
  if (!is_start || !request.with_eval_side) return absl::OkStatus();
  return of_side(Split::kEval, LineageRelation::kEvalRow);
}

}  // namespace flywheel::curation
