#include "curation_service/scorer.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/score.h"
#include "curation_service/store/record_store.h"
#include "curation_service/store/score_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Interactions and sessions, each with its project. Ordered, so that a batch always does the same.
using Names = std::set<std::pair<std::string, std::string>>;

struct Touched {
  Names interactions;
  Names sessions;
};

absl::Status Keep(sql::Connection& connection, const FeedRecord& record, Touched& touched) {
  if (const auto* interaction = std::get_if<Interaction>(&record.record)) {
    touched.interactions.emplace(record.project, interaction->interaction_id);
    return RecordStore::AddInteraction(connection, record.project, *interaction, record.sequence);
  }
  ASSIGN_OR_RETURN(
      const std::vector<SignalTarget> targets,
      RecordStore::AddSignal(connection, record.project, std::get<Signal>(record.record)));
  for (const SignalTarget& target : targets) {
    if (target.interaction_id.empty()) {
      touched.sessions.emplace(record.project, target.session_id);
    } else {
      touched.interactions.emplace(record.project, target.interaction_id);
    }
  }
  return absl::OkStatus();
}

absl::Status Rescore(sql::Connection& connection, const std::string& project,
                     const std::string& interaction_id) {
  ASSIGN_OR_RETURN(const std::optional<InteractionKey> interaction,
                   RecordStore::FindInteraction(connection, project, interaction_id));
  if (!interaction) return absl::OkStatus();  // Its signals wait for it.
  ASSIGN_OR_RETURN(
      const std::vector<Signal> signals,
      RecordStore::SignalsFor(connection, project, interaction_id, interaction->session_id));
  const std::optional<Score> score = ScoreOf(signals);
  if (!score) return ScoreStore::Remove(connection, project, interaction_id);
  return ScoreStore::Put(connection, project, *interaction, {*score, CorrectionOf(signals)});
}

}  // namespace

absl::Status Scorer::Apply(sql::Connection& connection, const FeedBatch& batch) {
  Touched touched;
  for (const FeedRecord& record : batch.records) {
    RETURN_IF_ERROR(Keep(connection, record, touched));
  }
  for (const auto& [project, session_id] : touched.sessions) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     RecordStore::InteractionsOfSession(connection, project, session_id));
    for (const std::string& id : ids) touched.interactions.emplace(project, id);
  }
  for (const auto& [project, interaction_id] : touched.interactions) {
    RETURN_IF_ERROR(Rescore(connection, project, interaction_id));
  }
  return RecordStore::SetCursor(connection, batch.next_cursor);
}

}  // namespace flywheel::curation
