// Scorer: keeps what the feed brings, and scores the interactions that it touches.
#ifndef FLYWHEEL_CURATION_SERVICE_SCORER_H_
#define FLYWHEEL_CURATION_SERVICE_SCORER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "curation_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Takes one batch into the caller's transaction: its records, the scores of every interaction that
// they touch, and the cursor. Records that are known change nothing, so that a batch may come
// again; an interaction and its signals may come in any order.
//
// However hot a session or an interaction is, a record costs a bounded time: of the signals about
// an interaction, and of those about a session, the newest kMaxSignals count; those about a session
// count for its first kMaxSessionInteractions interactions.
class Scorer {
 public:
  static constexpr int64_t kMaxSignals = 1'000;
  static constexpr int64_t kMaxSessionInteractions = 1'000;

  static absl::Status Apply(sql::Connection& connection, const FeedBatch& batch);
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_SCORER_H_
