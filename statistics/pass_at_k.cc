#include "statistics/pass_at_k.h"

#include <string>

#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<double> ChanceThatAllPass(const Proportion& attempts, std::int64_t k) {
  if (attempts.successes < 0 || attempts.successes > attempts.trials || k < 1) {
    return Refuse(Refusal::kArgumentOutOfRange, "want 0 <= successes <= trials and k >= 1");
  }
  if (k > attempts.trials) {
    return Refuse(Refusal::kTooFewUnits, std::to_string(k) + " of " +
                                             std::to_string(attempts.trials) +
                                             " attempts: want at most all of them");
  }
  if (k > attempts.successes) return 0.0;
  double chance = 1.0;
  for (std::int64_t i = 0; i < k; ++i) {
    chance *=
        static_cast<double>(attempts.successes - i) / static_cast<double>(attempts.trials - i);
  }
  return chance;
}

absl::StatusOr<double> ChanceThatAnyPasses(const Proportion& attempts, std::int64_t k) {
  const absl::StatusOr<double> none_passes =
      ChanceThatAllPass({attempts.trials - attempts.successes, attempts.trials}, k);
  if (!none_passes.ok()) return none_passes.status();
  return 1.0 - *none_passes;
}

}  // namespace flywheel::statistics
