// Score confidence bounds of a paired difference of proportions (Tango), and their sample size.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PAIRED_BOUND_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PAIRED_BOUND_H_

#include <cstdint>

namespace flywheel::evalgate {

// Cases that both versions answered. Real numbers, so that a larger sample with the same shares can
// be asked about.
struct PairedCounts {
  double cases = 0;
  double only_baseline = 0;   // only the baseline passed them
  double only_candidate = 0;  // only the candidate passed them

  // Candidate minus baseline.
  double difference() const { return (only_candidate - only_baseline) / cases; }
};

// The one-sided score bounds of the difference (Tango, Statistics in Medicine 17, 1998): the D at
// which
//   (c - b - n D) / sqrt(n (2 q + D (1 - D))) = +-z,  z = normal quantile(1 - alpha),
// where b and c are the cases that only one side passed and q is the most likely share of b given
// D:
//   q = (sqrt(B^2 - 8 n C) - B) / (4 n), B = (2 n - c + b) D - b - c, C = -b D (1 - D).
//
// Why not mean - z s / sqrt(n): with few differing cases its error collapses, and with none it is
// 0, so that ten equal answers would prove "not worse". The score bound asks for 88 of them at a
// margin of 0.03 and alpha 0.05; with many differing cases both agree. REQUIRES: cases > 0, 0 <
// alpha < 0.5.
double PairedLowerBound(const PairedCounts& counts, double alpha);
double PairedUpperBound(const PairedCounts& counts, double alpha);

// About how many cases settle a comparison with probability `power` where the true shares are
// these: the fewer of those that show "not worse by the margin" and, where cases were lost, those
// with which McNemar's test blocks,
//   (z_alpha + z_power)^2 (s - d^2) / (d + margin)^2   and   (z_alpha + z_power)^2 (s - d^2) / d^2,
// s the share of the cases that one side passed, d the difference (normal approximation, Miller
// 2024, arXiv 2411.00640); but never fewer than that many equal answers would show it with. 0 where
// no number up to 2^40 would.
int64_t PairedCasesToDecide(const PairedCounts& counts, double margin, double alpha, double power);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_PAIRED_BOUND_H_
