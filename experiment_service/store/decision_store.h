// Store of decisions, the tables decisions and running_intervals.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_DECISION_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_DECISION_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/domain/standing.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A decision as it is kept.
struct StoredDecision {
  int64_t ordinal = 0;  // Its sequence, from 1; named as lists name it.
  size_t arm = 0;       // Its place among the arms.
  Decision decision;
  absl::Time decide_time;
  std::string counts;  // domain/counts_text.h, of all arms.
  std::string analysis_hash;
};

// Reads and writes the tables `decisions` and `running_intervals`. Works in the caller's
// transaction.
class DecisionStore {
 public:
  explicit DecisionStore(sql::Connection& connection) : connection_(connection) {}

  // What stands for an arm; CONTINUE where nothing was decided yet.
  absl::StatusOr<Standing> FindStanding(int64_t experiment, size_t arm);

  // Numbers and adds a decision; returns its sequence.
  absl::StatusOr<int64_t> Insert(int64_t experiment, const StoredDecision& decision);
  absl::Status PutIntervals(int64_t experiment, size_t arm,
                            const std::vector<RunningIntervals>& intervals);

  absl::StatusOr<std::optional<StoredDecision>> Find(int64_t experiment, int64_t sequence);
  // The newest of an arm before `sequence`.
  absl::StatusOr<std::optional<StoredDecision>> FindBefore(int64_t experiment, size_t arm,
                                                           int64_t sequence);
  // Up to `limit` of them beyond a sequence, the oldest first.
  absl::StatusOr<std::vector<StoredDecision>> List(int64_t experiment, int64_t beyond,
                                                   int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_DECISION_STORE_H_
