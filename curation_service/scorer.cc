#include "curation_service/scorer.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/score.h"
#include "curation_service/record_eraser.h"
#include "curation_service/record_rewriter.h"
#include "curation_service/store/erasure_store.h"
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

// What the signal is about, and was about before.
absl::StatusOr<std::vector<SignalTarget>> KeepSignal(sql::Connection& connection,
                                                     const std::string& project,
                                                     const Signal& signal) {
  ASSIGN_OR_RETURN(std::vector<SignalTarget> targets,
                   RecordStore(connection).AddSignal(project, signal));
  if (targets.size() > 1 && targets.front() != targets.back()) {
    // Who looks it up by the id in a row would read of something else.
    RETURN_IF_ERROR(ForgetInRows(connection, project, signal.signal_id, targets.front()));
  }
  return targets;
}

absl::Status Keep(sql::Connection& connection, const FeedRecord& record, Touched& touched) {
  if (const auto* interaction = std::get_if<Interaction>(&record.record)) {
    touched.interactions.emplace(record.project, interaction->interaction_id);
    return RecordStore(connection).AddInteraction(record.project, *interaction, record.sequence);
  }
  if (const auto* consent = std::get_if<Consent>(&record.record)) {
    // What may be recorded is for ingest to know.
    if (consent->purpose != Purpose::kTrain) return absl::OkStatus();
    return ErasureStore(connection)
        .SetTrainingAllowed(record.project, consent->user_id, consent->allowed);
  }
  std::vector<SignalTarget> targets;
  if (const auto* tombstone = std::get_if<Tombstone>(&record.record)) {
    ASSIGN_OR_RETURN(targets, EraseRecords(connection, record, *tombstone));
  } else if (const auto* rewrite = std::get_if<Rewrite>(&record.record)) {
    ASSIGN_OR_RETURN(targets, RewriteRecord(connection, record, *rewrite));
  } else {
    ASSIGN_OR_RETURN(targets,
                     KeepSignal(connection, record.project, std::get<Signal>(record.record)));
  }
  for (const SignalTarget& target : targets) {
    if (target.interaction_id.empty()) {
      touched.sessions.emplace(record.project, target.session_id);
    } else {
      touched.interactions.emplace(record.project, target.interaction_id);
    }
  }
  return absl::OkStatus();
}

// What the signals about a session say, and for whom.
struct SessionReactions {
  Reactions reactions;
  // The place in the feed of the last interaction that they count for.
  int64_t last_sequence = std::numeric_limits<int64_t>::max();
};

// Scores interactions within one batch, and reads each session once for all of them.
class Rescorer {
 public:
  explicit Rescorer(sql::Connection& connection) : connection_(connection) {}

  absl::Status Rescore(const std::string& project, const std::string& interaction_id) {
    ASSIGN_OR_RETURN(const std::optional<InteractionKey> interaction,
                     RecordStore(connection_).FindInteraction(project, interaction_id));
    if (!interaction) return absl::OkStatus();  // Its signals wait for it.
    ASSIGN_OR_RETURN(const std::vector<Signal> signals,
                     RecordStore(connection_)
                         .SignalsOfInteraction(project, interaction_id, Scorer::kMaxSignals));
    Reactions reactions(signals);
    if (!interaction->session_id.empty()) {
      ASSIGN_OR_RETURN(const SessionReactions* const session,
                       OfSession(project, interaction->session_id));
      if (interaction->sequence <= session->last_sequence) reactions.Add(session->reactions);
    }
    const std::optional<Score> score = ScoreOf(reactions);
    if (!score) return ScoreStore(connection_).Remove(project, interaction_id);
    return ScoreStore(connection_)
        .Put(project, *interaction, {*score, CorrectionOf(signals)},
             std::max(interaction->sequence, reactions.newest_sequence()));
  }

 private:
  absl::StatusOr<const SessionReactions*> OfSession(const std::string& project,
                                                    const std::string& session_id) {
    const auto [found, is_new] = sessions_.try_emplace({project, session_id});
    SessionReactions& session = found->second;
    if (!is_new) return &session;
    ASSIGN_OR_RETURN(
        const std::vector<Signal> signals,
        RecordStore(connection_).SignalsOfSession(project, session_id, Scorer::kMaxSignals));
    if (signals.empty()) return &session;
    session.reactions = Reactions(signals);
    ASSIGN_OR_RETURN(
        const std::vector<InteractionKey> first,
        RecordStore(connection_)
            .InteractionsOfSession(project, session_id, Scorer::kMaxSessionInteractions));
    if (first.size() == Scorer::kMaxSessionInteractions) {
      session.last_sequence = first.back().sequence;
    }
    return &session;
  }

  sql::Connection& connection_;
  std::map<std::pair<std::string, std::string>, SessionReactions> sessions_;
};

}  // namespace

absl::Status Scorer::Apply(sql::Connection& connection, const FeedBatch& batch) {
  Touched touched;
  for (const FeedRecord& record : batch.records) {
    RETURN_IF_ERROR(Keep(connection, record, touched));
  }
  for (const auto& [project, session_id] : touched.sessions) {
    ASSIGN_OR_RETURN(const std::vector<InteractionKey> interactions,
                     RecordStore(connection)
                         .InteractionsOfSession(project, session_id, kMaxSessionInteractions));
    for (const InteractionKey& interaction : interactions) {
      touched.interactions.emplace(project, interaction.interaction_id);
    }
  }
  Rescorer rescorer(connection);
  for (const auto& [project, interaction_id] : touched.interactions) {
    RETURN_IF_ERROR(rescorer.Rescore(project, interaction_id));
  }
  return RecordStore(connection).SetCursor(batch.next_cursor);
}

}  // namespace flywheel::curation
