#include "shared/feedback/implicit_feedback.h"

#include <algorithm>

namespace flywheel {

double ImplicitScore(const ImplicitFeedback& feedback) {
  double score = 0.5;
  if (feedback.accepted) {
    score += 0.3;
  } else {
    score -= 0.3;
  }
  if (feedback.retries == 0) {
    score += 0.1;
  } else if (feedback.retries >= 3) {
    score -= 0.2;
  }
  score -= feedback.edit_ratio * 0.3;
  if (feedback.continued) score += 0.1;
  if (feedback.error_reported) score -= 0.4;
  return std::clamp(score, -1.0, 1.0);
}

}  // namespace flywheel
