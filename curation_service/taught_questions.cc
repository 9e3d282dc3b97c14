#include "curation_service/taught_questions.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "curation_service/domain/firewall.h"
#include "curation_service/domain/lineage.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/lineage_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

absl::StatusOr<TrainSides> TrainSidesOf(sql::Connection& connection, const std::string& project,
                                        const std::optional<Learner>& learner) {
  LineageStore lineage(connection);
  std::optional<LineageNode> start;
  if (learner) {
    ASSIGN_OR_RETURN(start, lineage.Find(project, {LineageKind::kModelVersion,
                                                   learner->model_version, learner->agent}));
  }
  if (!start) return FirewallStore(connection).AllTrainSides(project);
  TrainSides sides;
  std::set<LineageNode> met = {*start};
  std::vector<LineageNode> queue = {*start};
  for (size_t next = 0; next < queue.size(); ++next) {
    const LineageNode node = queue[next];
    if (node.kind == LineageKind::kDatasetVersion) {
      ASSIGN_OR_RETURN(const std::optional<StoredDatasetVersion> stored,
                       DatasetStore(connection).Find(project, node.id));
      if (!stored) continue;
      int64_t& newest = sides[stored->version.options.agent];
      newest = std::max(newest, stored->ordinal);
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<LineageEdge> edges, lineage.Sources(project, node));
    for (const LineageEdge& edge : edges) {
      if (met.insert(edge.source).second) queue.push_back(edge.source);
    }
  }
  // Nothing that it was trained on is known, which is not that it was trained on nothing: whoever
  // registers it may have said so.
  return sides.empty() ? FirewallStore(connection).AllTrainSides(project) : sides;
}

}  // namespace

absl::StatusOr<std::vector<bool>> TaughtQuestions::Find(
    const std::string& project, std::span<const Question> questions,
    const std::optional<Learner>& learner) const {
  // Of each question its own keys, of today and of earlier programs, and those that it has where
  // everybody asks it.
  constexpr size_t kKeys = 4;
  std::vector<std::string> keys;
  keys.reserve(kKeys * questions.size());
  for (const Question& question : questions) {
    const FirewallMember member = MakeFirewallMember("", "", question.input, {});
    keys.push_back(TextKey(member.text()));
    keys.push_back(InputKey(member.normalised_input));
    keys.push_back(CommonTextKey(member.text()));
    keys.push_back(CommonInputKey(member.normalised_input));
  }
  ASSIGN_OR_RETURN(
      const std::vector<bool> on_train_side,
      database_->Read([&](sql::Connection& connection) -> absl::StatusOr<std::vector<bool>> {
        ASSIGN_OR_RETURN(const TrainSides sides, TrainSidesOf(connection, project, learner));
        return FirewallStore(connection).OnTrainSides(project, sides, keys);
      }));
  std::vector<bool> taught(questions.size(), false);
  for (size_t i = 0; i < questions.size(); ++i) {
    const bool own = on_train_side[kKeys * i] || on_train_side[kKeys * i + 1];
    const bool common = on_train_side[kKeys * i + 2] || on_train_side[kKeys * i + 3];
    taught[i] = questions[i].has_history ? own && !common : own || common;
  }
  return taught;
}

}  // namespace flywheel::curation
