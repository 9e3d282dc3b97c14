// Segment privacy: what readers may be told of segments, and what it costs.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PRIVACY_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PRIVACY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Off where both are 0.
struct SegmentPrivacy {
  // An arm of a value with fewer units is not shown, nor what it could be computed from; 0: all
  // are.
  int64_t least_group_size = 0;
  // Of one answer, in millionths; 0: answers are exact.
  int64_t epsilon = 0;
  // What all answers of a project in one period may cost together, in millionths.
  int64_t budget = 0;
  absl::Duration period = absl::Hours(24 * 30);

  bool active() const { return least_group_size > 0 || epsilon > 0; }

  // From flags, which are whole epsilons. INVALID_CONFIGURATION where one is out of range, or the
  // budget does not reach for an answer.
  static absl::StatusOr<SegmentPrivacy> FromFlags(int64_t least_group_size, double epsilon,
                                                  double budget, int64_t period_days);
};

// An answer that was paid for.
struct PaidAnswer {
  // Of its noise: the same whenever the same is answered.
  std::string noise_key;
  // Whether it was paid for now; false: before.
  bool charged = false;
  // Of the project in this period, with this answer, in millionths.
  int64_t spent = 0;
  // When the period ends.
  absl::Time reset_time;
};

// Accounts for answers with noise: their epsilons add up (sequential composition), and no more of
// them is given in a period than the budget. Periods follow one another from 1970 on, so in two
// halves of neighbouring ones twice the budget can be spent. Thread-safe.
//
// An answer is known by a hash of the request and of the exact numbers. Its noise is made of that
// hash by a secret key, so asking again gives the same answer, costs nothing, and there is nothing
// to average. What is told by that is when the numbers changed; a unit changes them at the same
// moments whatever its values of segments are, and those are what is protected.
class EpsilonBudget {
 public:
  // Both pointers outlive this object.
  EpsilonBudget(sql::Database* database, const Clock* clock, const SegmentPrivacy& privacy)
      : database_(database), clock_(clock), privacy_(privacy) {}

  // Pays for the answer, which is on the disk when this returns. PRIVACY_BUDGET_SPENT where it
  // would cost more than is left.
  absl::StatusOr<PaidAnswer> Pay(const std::string& project, const std::string& answer_hash);

 private:
  sql::Database* const database_;
  const Clock* const clock_;
  const SegmentPrivacy privacy_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PRIVACY_H_
