#include "curation_service/score_reader.h"

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

absl::StatusOr<Progress> ScoreReader::GetProgress(const std::string& project) const {
  Progress progress;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(progress.feed_sequence, RecordStore(connection).Cursor());
    ASSIGN_OR_RETURN(progress.counts, CountStore(connection).Get(project));
    return absl::OkStatus();
  }));
  return progress;
}

absl::StatusOr<std::optional<Assessment>> ScoreReader::GetScore(
    const std::string& project, const std::string& interaction_id) const {
  using Found = absl::StatusOr<std::optional<Assessment>>;
  return database_->Read([&](sql::Connection& connection) -> Found {
    ASSIGN_OR_RETURN(const std::optional<InteractionKey> interaction,
                     RecordStore(connection).FindInteraction(project, interaction_id));
    if (!interaction) {
      return errors::NotFound("interaction", interaction_id,
                              "Log it with ingest; if that was just now, ask again shortly.");
    }
    return ScoreStore(connection).Find(project, interaction_id);
  });
}

}  // namespace flywheel::curation
