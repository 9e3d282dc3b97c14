// Implicit feedback score: quality derived from behaviour, without a rating.
#ifndef FLYWHEEL_SHARED_FEEDBACK_IMPLICIT_FEEDBACK_H_
#define FLYWHEEL_SHARED_FEEDBACK_IMPLICIT_FEEDBACK_H_

#include <cstdint>

namespace flywheel {

// The behaviour that the implicit score looks at.
struct ImplicitFeedback {
  bool accepted = false;
  int64_t retries = 0;
  // The share of the output that was changed, 0 to 1.
  double edit_ratio = 0;
  bool continued = false;
  bool error_reported = false;
};

// ImplicitFeedback.quality_score of "Data Flywheel: The Continuous Improvement Feedback Loop",
// section 75.1, operation by operation: 0.5; +0.3 if accepted, else -0.3; +0.1 without a retry,
// -0.2 with three or more; -0.3 * edit_ratio; +0.1 if the session went on; -0.4 for a reported
// error; at most 1, at least -1.
double ImplicitScore(const ImplicitFeedback& feedback);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_FEEDBACK_IMPLICIT_FEEDBACK_H_
