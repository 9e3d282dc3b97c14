#include "experiment_service/domain/standing.h"

#include <cstddef>

namespace flywheel::experiment {

bool IsNewDecision(const Standing& before, const Decision& stands) {
  if (before.decision.recommendation != stands.recommendation) return true;
  return stands.recommendation != Recommendation::kContinue &&
         before.decision.reason != stands.reason;
}

std::vector<RunningIntervals> Narrow(const std::vector<RunningIntervals>& before,
                                     const Comparison& comparison) {
  std::vector<RunningIntervals> after = before;
  after.resize(comparison.metrics.size());
  for (size_t i = 0; i < after.size(); ++i) {
    after[i].absolute = after[i].absolute.Intersect(comparison.metrics[i].absolute_interval);
    after[i].relative = after[i].relative.Intersect(comparison.metrics[i].relative_interval);
  }
  return after;
}

}  // namespace flywheel::experiment
