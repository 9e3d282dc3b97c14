// Chances that k attempts at one task all succeed, or that any of them does.
#ifndef FLYWHEEL_STATISTICS_PASS_AT_K_H_
#define FLYWHEEL_STATISTICS_PASS_AT_K_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "statistics/proportion.h"

namespace flywheel::statistics {

// Of `attempts` at one task, that come out one way or the other by chance, k are drawn without
// replacement: what is expected of k new ones, without bias.
//
//   all succeed (pass^k):  C(successes, k) / C(trials, k)
//   any succeeds (pass@k): 1 - C(trials - successes, k) / C(trials, k)
//
// A suite's figure is the mean over its tasks. Sources: Chen et al. 2021, arXiv 2107.03374
// (pass@k); Yao et al. 2024, arXiv 2406.12045 (pass^k). Products of k factors of at most 1, so
// nothing overflows. Refuse with kTooFewUnits for more draws than there are attempts, which show
// nothing of so many, and with kArgumentOutOfRange unless 0 <= successes <= trials and k >= 1.
absl::StatusOr<double> ChanceThatAllPass(const Proportion& attempts, std::int64_t k);
absl::StatusOr<double> ChanceThatAnyPasses(const Proportion& attempts, std::int64_t k);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_PASS_AT_K_H_
