// Store of erasures and consents, the tables erasures and training_refusals.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/sql/erasure_log.h"

namespace flywheel::curation {

// An erasure that is done here.
struct FinishedErasure {
  std::string project;
  std::string erasure_id;
  // The place in the feed of its last tombstone.
  int64_t sequence = 0;
};

// All SQL over these tables, inside the caller's transaction.
class ErasureStore : public sql::ErasureLog {
 public:
  using sql::ErasureLog::ErasureLog;

  // The place in the feed of the project's newest tombstone; 0 where there was none.
  absl::StatusOr<int64_t> LastTombstone(const std::string& project);

  // Up to `limit` that were finished after this place of the feed, in their order there; of all
  // projects where `project` is empty.
  absl::StatusOr<std::vector<FinishedErasure>> Finished(const std::string& project, int64_t after,
                                                        int64_t limit);

  // Whether a person's records may be trained on; see ScoreStore::CandidatesOf.
  absl::Status SetTrainingAllowed(const std::string& project, const std::string& user_id,
                                  bool allowed);
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_
