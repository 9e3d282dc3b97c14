// Score reader: an interaction's score, and how far the feed was read.
#ifndef FLYWHEEL_CURATION_SERVICE_SCORE_READER_H_
#define FLYWHEEL_CURATION_SERVICE_SCORE_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "curation_service/store/count_store.h"
#include "curation_service/store/score_store.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// How far the feed was read, and what it brought for a project.
struct Progress {
  // Of all projects.
  int64_t feed_sequence = 0;
  RecordCounts counts;
};

// Thread-safe; every answer is one snapshot.
class ScoreReader {
 public:
  explicit ScoreReader(sql::Database* database) : database_(database) {}

  absl::StatusOr<Progress> GetProgress(const std::string& project) const;

  // Empty where nobody has reacted yet. NOT_FOUND where the interaction was not read.
  absl::StatusOr<std::optional<Assessment>> GetScore(const std::string& project,
                                                     const std::string& interaction_id) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_SCORE_READER_H_
