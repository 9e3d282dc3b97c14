// Store of scores, the table scores.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_SCORE_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_SCORE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/score.h"
#include "curation_service/store/record_store.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// What is known about the quality of an interaction.
struct Assessment {
  Score score;
  std::optional<Correction> correction;
};

// How many scored interactions, and how many of them are good.
struct QualityCount {
  int64_t scored = 0;
  int64_t high_quality = 0;
};

// All SQL over this table, inside the caller's transaction.
class ScoreStore {
 public:
  explicit ScoreStore(sql::Connection& connection) : connection_(connection) {}

  // Keeps and counts a score, in the place of an earlier one where there is one.
  // `evidence_sequence` is the place in the feed of the newest record that it is made of.
  absl::Status Put(const std::string& project, const InteractionKey& interaction,
                   const Assessment& assessment, int64_t evidence_sequence);
  // Forgets a score whose last signal is gone.
  absl::Status Remove(const std::string& project, const std::string& interaction_id);

  absl::StatusOr<std::optional<Assessment>> Find(const std::string& project,
                                                 const std::string& interaction_id);

  // Of the agent's interactions of real use that nothing was trained on as they are known now: with
  // evidence after a place in the feed (that of the last training's dataset), and not in the
  // dataset of a successful run with the same correction. High quality is a combined score of at
  // least `high_quality_score`.
  absl::StatusOr<QualityCount> CountUntrained(const std::string& project, const std::string& agent,
                                              int64_t after_sequence, double high_quality_score);

  // The agent's scored interactions that are neither noise nor examples, counted up to `limit`: the
  // first in feed order are looked at until there are so many.
  absl::StatusOr<int64_t> CountReal(const std::string& project, const std::string& agent,
                                    int64_t limit);

  // How many scored interactions the agent has.
  absl::StatusOr<int64_t> CountOfAgent(const std::string& project, const std::string& agent);

  // All of the agent's scored interactions; of refused ones nothing is read but their number.
  // CountOfAgent says how many that will be. Errors: also those of `deadline`.
  absl::StatusOr<Candidates> CandidatesOf(const std::string& project, const std::string& agent,
                                          const Deadline& deadline);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_SCORE_STORE_H_
