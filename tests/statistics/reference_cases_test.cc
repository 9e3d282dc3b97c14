// A thousand random cases of each method against scipy, statsmodels and mpmath. The files come from
// tools/reference_cases.py.
#include "tests/statistics/reference_cases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/binomial_rates.h"
#include "statistics/distributions.h"
#include "statistics/effect.h"
#include "statistics/likelihood_ratio.h"
#include "statistics/mixture_boundary.h"
#include "statistics/moments.h"
#include "statistics/multiple_testing.h"
#include "statistics/obrien_fleming.h"
#include "statistics/sample_ratio.h"

namespace flywheel::statistics {
namespace {

using reference::Case;
using reference::ExpectClose;
using reference::ReadCases;

// Small probabilities have no absolute tolerance.
constexpr double kRelativeOnly = 0;

Moments MomentsOf(std::span<const double> arm) {
  return Moments(std::llround(arm[0]), arm[1], arm[2] * arm[2] * (arm[0] - 1));
}

TEST(ReferenceCases, OfTailsAndQuantilesAreScipys) {
  for (const Case& c : ReadCases("statistics/reference_cases/tails.txt", 4, 4)) {
    const double z = c.given[0], p = c.given[1], t = c.given[2], dof = c.given[3];
    ExpectClose(NormalSf(z), c.found[0], c, kRelativeOnly);
    ExpectClose(NormalQuantile(p), c.found[1], c);
    ExpectClose(StudentTSf(t, dof), c.found[2], c, kRelativeOnly);
    ExpectClose(StudentTQuantile(p, dof), c.found[3], c);
  }
}

TEST(ReferenceCases, OfDifferencesOfMeansAreStatsmodels) {
  for (const Case& c : ReadCases("statistics/reference_cases/welch.txt", 6, 3)) {
    const std::span<const double> given(c.given);
    const auto effect = EstimateEffect(MomentsOf(given.first(3)), MomentsOf(given.subspan(3)),
                                       EffectScale::kAbsolute);
    ASSERT_TRUE(effect.ok()) << c.line;
    EXPECT_EQ(effect->estimate, c.given[4] - c.given[1]);
    ExpectClose(effect->standard_error, c.found[0], c);
    ExpectClose(effect->degrees_of_freedom, c.found[1], c);
    const double t = std::fabs(effect->estimate) / effect->standard_error;
    ExpectClose(StudentTSf(t, effect->degrees_of_freedom), c.found[2], c, 1e-290);
  }
}

TEST(ReferenceCases, OfSampleRatiosAreScipysAndThoseOfMpmath) {
  for (const Case& c : ReadCases("statistics/reference_cases/sample_ratios.txt", 6, 3)) {
    std::vector<double> weights;
    std::vector<int64_t> counts;
    for (size_t i = 0; i < 3; ++i) {
      weights.push_back(c.given[i]);
      counts.push_back(std::llround(c.given[i + 3]));
    }
    ExpectClose(SampleRatioTest(counts, weights)->p_value, c.found[0], c, kRelativeOnly);
    ExpectClose(MultinomialLogEValue(counts, weights, 2).value(), c.found[1], c);
    ExpectClose(SampleRatioMixtureLogEValue(counts, weights).value(), c.found[2], c);
  }
}

TEST(ReferenceCases, OfLikelihoodRatiosAreThoseOfMpmath) {
  for (const Case& c : ReadCases("statistics/reference_cases/signed_roots.txt", 6, 2)) {
    const BinomialSample control{c.given[0], c.given[1]};
    const BinomialSample treatment{c.given[2], c.given[3]};
    ExpectClose(SignedRootOfRatio(control, treatment, c.given[4]).value(), c.found[0], c);
    ExpectClose(SignedRootOfDifference(control, treatment, c.given[5]).value(), c.found[1], c);
  }
}

TEST(ReferenceCases, OfBoundariesAreScipys) {
  for (const Case& c : ReadCases("statistics/reference_cases/boundaries.txt", 4, 2)) {
    const double alpha = c.given[0], units = c.given[2], z = c.given[3];
    ExpectClose(MixtureBoundary::Create(alpha)->LogEValue(z, units), c.found[0], c);
    const auto plan = OBrienFlemingBoundary::Create(c.given[1], alpha);
    ExpectClose(plan->LogPValue(z, units), c.found[1], c);
    // At the boundary p is alpha.
    EXPECT_NEAR(plan->LogPValue(plan->Multiplier(units), units), std::log(alpha), 1e-9) << c.line;
  }
}

TEST(ReferenceCases, OfHolmAreStatsmodels) {
  for (const Case& c : ReadCases("statistics/reference_cases/holm.txt", 4, 4)) {
    const auto adjusted = Holm(c.given);
    ASSERT_TRUE(adjusted.ok()) << c.line;
    for (size_t i = 0; i < adjusted->size(); ++i) ExpectClose((*adjusted)[i], c.found[i], c);
  }
}

}  // namespace
}  // namespace flywheel::statistics
