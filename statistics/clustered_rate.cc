#include "statistics/clustered_rate.h"

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

// Sums of fractions miss 0 and 1 by less.
constexpr double kRounding = 1e-9;

// Successes and failures, neither of which need be whole.
struct Trials {
  double successes = 0;
  double failures = 0;
};

Trials TrialsOf(double rate, double items) {
  Trials trials{items * rate, items * (1.0 - rate)};
  if (rate <= kRounding) trials = {0.0, items};
  if (rate >= 1.0 - kRounding) trials = {items, 0.0};
  return trials;
}

// P(X >= successes) at `rate`.
double UpperTail(const Trials& trials, double rate) {
  return trials.successes == 0.0 ? 1.0 : BetaCdf(rate, trials.successes, trials.failures + 1.0);
}

// The rate at which that tail is alpha.
double LowerBound(const Trials& trials, double alpha) {
  return trials.successes == 0.0 ? 0.0
                                 : BetaQuantile(alpha, trials.successes, trials.failures + 1.0);
}

}  // namespace

absl::StatusOr<ClusteredRate> EstimateClusteredRate(std::span<const ClusterSum> clusters,
                                                    const RateQuestion& question) {
  if (!(question.floor >= 0.0 && question.floor <= 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange, "floor: want 0 to 1");
  }
  EffectiveItemsOptions options{0.0, question.alpha, question.most_per_item};
  const absl::StatusOr<double> for_lower = EffectiveItems(clusters, options);
  if (!for_lower.ok()) return for_lower.status();
  options.unseen_value = 1.0;
  const absl::StatusOr<double> for_upper = EffectiveItems(clusters, options);
  if (!for_upper.ok()) return for_upper.status();

  ClusterSum total;
  for (const ClusterSum& one : clusters) {
    total.items += one.items;
    total.sum += one.sum;
  }
  ClusteredRate result;
  result.rate = total.sum / total.items;
  if (!(result.rate >= -kRounding && result.rate <= 1.0 + kRounding)) {
    return Refuse(Refusal::kArgumentOutOfRange, "values: want 0 to 1");
  }
  result.effective_items = *for_lower;
  const Trials lower = TrialsOf(result.rate, *for_lower);
  result.lower = LowerBound(lower, question.alpha);
  result.p_value_above = UpperTail(lower, question.floor);
  // The same of the failures.
  const Trials upper = TrialsOf(1.0 - result.rate, *for_upper);
  result.upper = 1.0 - LowerBound(upper, question.alpha);
  result.p_value_below = UpperTail(upper, 1.0 - question.floor);
  return result;
}

}  // namespace flywheel::statistics
