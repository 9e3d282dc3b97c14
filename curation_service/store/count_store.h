// Store of record counts, the table record_counts.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_COUNT_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_COUNT_STORE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/tier.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// How much of a project was read.
struct RecordCounts {
  int64_t interactions = 0;
  // Those of them that have a score; tiers above 0 alone.
  std::map<Tier, int64_t> scored_by_tier;
};

// All SQL over this table, inside the caller's transaction: the stores of interactions and scores
// count what they add and remove.
class CountStore {
 public:
  explicit CountStore(sql::Connection& connection) : connection_(connection) {}

  // In the place of a tier: every interaction, scored or not.
  static constexpr int kAllRead = 0;

  // Adds `change`, which may be negative.
  absl::Status Add(const std::string& project, int tier, int64_t change);

  absl::StatusOr<RecordCounts> Get(const std::string& project);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_COUNT_STORE_H_
