// Store of erasures and consents, the tables erasures and training_refusals.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// An erasure that is done here, and that ingest does not know of yet.
struct UnreportedErasure {
  std::string project;
  std::string erasure_id;
  int64_t erased_rows = 0;
};

// An erasure that is done here.
struct FinishedErasure {
  std::string project;
  std::string erasure_id;
  // The place in the feed of its last tombstone.
  int64_t sequence = 0;
};

// All SQL over these tables, inside the caller's transaction.
class ErasureStore {
 public:
  explicit ErasureStore(sql::Connection& connection) : connection_(connection) {}

  // Counts what one tombstone, at this place of the feed, took. One that was counted before counts
  // no more.
  absl::Status AddTombstone(const std::string& project, const std::string& erasure_id,
                            int64_t erased_rows, int64_t sequence, bool last);

  // The place in the feed of the project's newest tombstone; 0 where there was none.
  absl::StatusOr<int64_t> LastTombstone(const std::string& project);

  absl::StatusOr<std::vector<UnreportedErasure>> Unreported(int64_t limit);
  // Up to `limit` that were finished after this place of the feed, in their order there; of all
  // projects where `project` is empty.
  absl::StatusOr<std::vector<FinishedErasure>> Finished(const std::string& project, int64_t after,
                                                        int64_t limit);
  absl::Status SetReported(const UnreportedErasure& erasure);

  // Whether a person's records may be trained on; see ScoreStore::CandidatesOf.
  absl::Status SetTrainingAllowed(const std::string& project, const std::string& user_id,
                                  bool allowed);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_ERASURE_STORE_H_
