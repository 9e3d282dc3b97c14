// Whatever numbers come in, a tail is a probability, a quantile lies where its tail says, a test
// refuses or gives numbers, and nothing throws.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "statistics/clustered.h"
#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "statistics/fieller.h"
#include "statistics/likelihood_ratio.h"
#include "statistics/mcnemar.h"
#include "statistics/mixture_boundary.h"
#include "statistics/obrien_fleming.h"
#include "statistics/pass_at_k.h"
#include "statistics/proportion.h"
#include "statistics/sample_ratio.h"
#include "statistics/sign_flip.h"

namespace {

using namespace flywheel::statistics;

void Require(bool holds) {
  if (!holds) std::abort();
}

// Inside its domain a tail is a probability, outside it is no number.
void RequireTail(double tail, bool in_domain) {
  Require(in_domain ? tail >= 0.0 && tail <= 1.0 : std::isnan(tail));
}

bool AreDegreesOfFreedom(double x) { return x >= 0.001 && x <= 1e15; }

void Tails(double x, double dof, double p, std::int64_t k, std::int64_t n) {
  const bool is_p = p >= 0.0 && p <= 1.0;
  RequireTail(StudentTSf(x, dof), AreDegreesOfFreedom(dof) && !std::isnan(x));
  RequireTail(ChiSquareSf(x, dof), AreDegreesOfFreedom(dof) && x >= 0.0);
  RequireTail(BinomialCdf(k, n, p), is_p && n >= 0);
  RequireTail(BinomialUpperTail(k, n, p), is_p && n >= 0);
  if (!is_p || !AreDegreesOfFreedom(dof)) return;
  const double quantile = StudentTQuantile(p, dof);
  Require((p < 0.5 && quantile <= 0.0) || (p > 0.5 && quantile >= 0.0) || quantile == 0.0);
  // Where an experiment may be: the quantile inverts the tail.
  if (dof < 1.0 || dof > 1e12 || p < 1e-290 || p > 0.4) return;
  Require(std::fabs(StudentTSf(-quantile, dof) - p) <= 1e-10 * p);
}

void RequireOrdered(const Interval& interval) { Require(interval.lower <= interval.upper); }

void RequireInside(const Interval& interval, double lowest, double highest) {
  RequireOrdered(interval);
  Require(interval.lower >= lowest && interval.upper <= highest);
}

// z falls as the hypothesis grows, and an interval lies where its hypotheses do.
void LikelihoodRatios(const BinomialSample& control, const BinomialSample& treatment, double x,
                      double multiplier) {
  const auto no_difference = SignedRootOfRatio(control, treatment, 1.0);
  if (!no_difference.ok()) return;
  Require(!std::isnan(*no_difference));
  const double noise = 1e-7 * std::sqrt(control.units + treatment.units);
  if (const auto z = SignedRootOfRatio(control, treatment, x); z.ok()) {
    Require(x > 1.0 ? *z <= *no_difference + noise : *z >= *no_difference - noise);
    Require(*SmallestExpectedAtRatio(control, treatment, x) >= 0.0);
  }
  if (const auto z = SignedRootOfDifference(control, treatment, x); z.ok()) {
    Require(x > 0.0 ? *z <= *no_difference + noise : *z >= *no_difference - noise);
    Require(*SmallestExpectedAtDifference(control, treatment, x) >= 0.0);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  const auto ratios = RatioWithin(control, treatment, multiplier, 3.0);
  if (ratios.ok()) RequireInside(*ratios, 0.0, infinity);
  const auto differences = DifferenceWithin(control, treatment, 3.0, multiplier);
  if (differences.ok()) RequireInside(*differences, -1.0, 1.0);
}

void Boundaries(const std::array<double, 4>& x) {
  if (const auto mixture = MixtureBoundary::Create(x[3]); mixture.ok()) {
    Require(mixture->Multiplier(x[0]) >= 0.0);
    Require(mixture->LogPValue(x[1], x[0]) <= 0.0);
  }
  if (const auto plan = OBrienFlemingBoundary::Create(x[1], x[3]); plan.ok()) {
    Require(plan->Multiplier(x[0]) >= 0.0);
    Require(plan->LogPValue(x[2], x[0]) <= 0.0);
  }
}

void Methods(const std::array<double, 4>& x, const std::array<std::int64_t, 4>& k) {
  const double alpha = x[3];
  for (const auto bound : {ClopperPearsonLowerBound, ClopperPearsonUpperBound}) {
    if (const auto got = bound({k[0], k[1]}, alpha); got.ok()) RequireTail(*got, true);
  }
  if (const auto got = CasesNeededToDecideFloor(x[0], x[1], alpha, 0.8); got.ok())
    Require(*got > 0);
  if (k[0] < INT64_MAX / 2 && k[1] < INT64_MAX / 2) {
    const auto got = McNemarTest({k[0], k[1]});
    if (got.ok()) RequireTail(got->p_value, true);
    if (got.ok()) RequireTail(got->p_value_worse, true);
  }
  const std::array<double, 3> weights = {x[0], x[1], 1.0};
  const std::array<std::int64_t, 3> counts = {k[0] >> 2, k[1] >> 2, k[2] >> 2};
  if (const auto got = SampleRatioTest(counts, weights); got.ok()) RequireTail(got->p_value, true);
  // Of concentrations as somebody may choose them.
  if (x[2] >= 1e-6 && x[2] <= 1e12) {
    const auto got = MultinomialLogEValue(counts, weights, x[2]);
    if (got.ok()) Require(!std::isnan(*got));
  }
  if (const auto got = SampleRatioMixtureLogEValue(counts, weights); got.ok()) {
    Require(!std::isnan(*got));
  }

  const std::array<double, 4> differences = {x[0], x[1], x[2], -x[0]};
  if (const auto got = SignFlipTestWorse(differences); got.ok()) RequireTail(*got, true);
  if (const auto got = ChanceThatAllPass({k[0], k[1]}, k[2] & 0x3f); got.ok()) {
    RequireTail(*got, true);
  }

  // Moments as a store gives them back: a count, and a sum of squares that is not negative.
  if (k[2] < 0 || k[3] < 0) return;
  const Moments control(k[2] >> 2, k[2] >> 2 == 0 ? 0.0 : x[0], k[2] >> 2 == 0 ? 0.0 : x[1] * x[1]);
  const Moments treatment(k[3] >> 2, k[3] >> 2 == 0 ? 0.0 : x[2],
                          k[3] >> 2 == 0 ? 0.0 : x[1] * x[1]);
  if (const auto got = FiellerInterval(control, treatment, alpha); got.ok()) {
    RequireOrdered(got->interval);
  }
  const std::array<Moments, 3> clusters = {control, treatment, Moments(1, x[0], 0.0)};
  if (const auto got = ClusteredMean(clusters, alpha); got.ok()) RequireOrdered(got->interval);
  for (const EffectScale scale : {EffectScale::kAbsolute, EffectScale::kRelative}) {
    if (const auto got = EstimateEffect(control, treatment, scale); got.ok()) {
      // No number where squares leave the range of doubles.
      Require(!(got->standard_error < 0.0));
    }
  }
}

}  // namespace

// Four doubles and four whole numbers, all bits as they come; what is missing is 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::array<double, 4> x{};
  std::array<std::int64_t, 4> k{};
  std::memcpy(x.data(), data, std::min(size, sizeof(x)));
  if (size > sizeof(x)) {
    std::memcpy(k.data(), data + sizeof(x), std::min(size - sizeof(x), sizeof(k)));
  }
  Tails(x[0], x[1], x[2], k[0], k[1]);
  Methods(x, k);
  Boundaries(x);
  const auto share = [](std::int64_t of) { return static_cast<double>(of & 0xffff) / 0xffff; };
  LikelihoodRatios({x[1] * share(k[1]), x[1]}, {x[2] * share(k[2]), x[2]}, x[0], x[3]);
  const auto units = [](std::int64_t of) { return static_cast<double>((of & 0xfffffffff) + 1); };
  LikelihoodRatios({std::floor(units(k[0]) * share(k[1])), units(k[0])},
                   {std::floor(units(k[2]) * share(k[3])), units(k[2])}, x[0], x[3]);
  return 0;
}
