// Cohen's kappa, nominal or weighted, with its standard error.
#ifndef FLYWHEEL_STATISTICS_KAPPA_H_
#define FLYWHEEL_STATISTICS_KAPPA_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "statistics/interval.h"

namespace flywheel::statistics {

// How much credit two ratings get that differ. Categories are ordered for kLinear and kQuadratic.
enum class KappaWeights {
  kNominal,    // 1 on agreement, else 0
  kLinear,     // 1 - |i-j|/(k-1)
  kQuadratic,  // 1 - (i-j)^2/(k-1)^2
};

struct KappaResult {
  double kappa = 0.0;               // 1 perfect, 0 chance, negative worse than chance
  double standard_error = 0.0;      // may be 0: at perfect agreement the formula sees no doubt
  double observed_agreement = 0.0;  // weighted
  double chance_agreement = 0.0;    // weighted
  Interval interval;                // kappa -+ z SE, coverage 1 - alpha, cut at 1
};

// Cohen's kappa of two raters (a judge and a human, say) over the same items.
//
// `table` is the square table of counts, row by row: table[i * categories + j] items were put
// into category i by the first and j by the second rater. With p_ij the shares, w_ij the weights,
// and v_ij the mean weight of row i plus that of column j:
//
//   kappa = (po - pe)/(1 - pe)
//   SE^2  = ( sum p_ij (w_ij - v_ij (1-kappa))^2 - (kappa - pe (1-kappa))^2 ) / ( n (1-pe)^2 )
//
// Source: Fleiss, Cohen and Everitt 1969 (the large-sample error for kappa != 0, not the one for
// testing kappa = 0).
//
// Refuses with kSizeMismatch when `table` is not categories^2 long, kArgumentOutOfRange below two
// categories, for a negative count or alpha outside (0, 1), kTooFewUnits without items, and
// kCompleteChanceAgreement when both raters used one and the same category only.
absl::StatusOr<KappaResult> CohenKappa(std::span<const std::int64_t> table, std::size_t categories,
                                       KappaWeights weights, double alpha);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_KAPPA_H_
