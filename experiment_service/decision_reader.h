// Decision reader: lists the decisions of an experiment and computes them anew.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DECISION_READER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DECISION_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/decision.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/store/decision_store.h"
#include "shared/lists/list_page.h"
#include "shared/sql/database.h"

namespace flywheel::experiment {

// A decision with the counts that prove it.
struct ReadDecision {
  int64_t sequence = 0;
  size_t arm = 0;
  Decision decision;
  absl::Time decide_time;
  std::vector<ArmCounts> counts;
  std::string analysis_hash;
};

// A decision that was computed anew.
struct ReplayedDecision {
  ReadDecision decision;
  Analysis analysis;
  // What came out otherwise than it was written; empty where nothing did.
  std::string difference;
};

// Reads decisions. Thread-safe.
class DecisionReader {
 public:
  // Both pointers outlive this object.
  DecisionReader(sql::Database* database, const ServingCache* serving)
      : database_(database), serving_(serving) {}

  // Beyond a sequence; 0: from the first. A page ends early where it reaches 1 MiB. NOT_FOUND.
  absl::StatusOr<ListPage<ReadDecision>> List(const std::string& project,
                                              const std::string& experiment_id, int64_t beyond,
                                              int64_t page_size) const;

  // By the counts that are kept with it, and what stood before it. NOT_FOUND.
  absl::StatusOr<ReplayedDecision> Replay(const std::string& project,
                                          const std::string& experiment_id, int64_t sequence) const;

 private:
  sql::Database* const database_;
  const ServingCache* const serving_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DECISION_READER_H_
