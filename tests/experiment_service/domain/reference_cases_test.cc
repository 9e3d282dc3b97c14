// A thousand random cases of what experiments make of means and rates, against scipy, statsmodels
// and mpmath. The files come from tools/reference_cases.py.
#include "tests/statistics/reference_cases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/domain/missing_outcomes.h"
#include "experiment_service/domain/outcome_counts.h"
#include "experiment_service/domain/unit_state.h"
#include "statistics/interval.h"
#include "statistics/moments.h"

namespace flywheel::experiment {
namespace {

using reference::Case;
using reference::ExpectClose;
using statistics::Interval;

std::vector<Case> Cases(const std::string& name, size_t given, size_t found) {
  return reference::ReadCases("experiment_service/domain/reference_cases/" + name, given, found);
}

int64_t Whole(double number) { return std::llround(number); }

OutcomeCounts Means(std::span<const double> arm) {
  return OutcomeCounts::OfMoments(Whole(arm[0]), arm[1], arm[2]);
}

OutcomeCounts Ratio(std::span<const double> arm) {
  return OutcomeCounts::OfRatio(Whole(arm[0]), {arm[1], arm[2], arm[3], arm[4], arm[5]});
}

// To nine digits of themselves, both.
void ExpectRatio(const OutcomeCounts& counts, double ratio, double standard_error, const Case& c) {
  const statistics::Moments moments = counts.moments();
  ExpectClose(moments.mean(), ratio, c, /*scale=*/0);
  ExpectClose(std::sqrt(moments.variance_of_mean()), standard_error, c, /*scale=*/0);
}

TEST(ReferenceCases, OfContrastsOfMeansAreScipys) {
  for (const Case& c : Cases("contrasts_of_means.txt", 8, 4)) {
    const std::span<const double> given(c.given);
    const auto contrast = Contrast::Estimate(Means(given.first(3)), Means(given.subspan(3, 3)));
    ASSERT_TRUE(contrast.has_value()) << c.line;
    const double lift = c.given[6];
    const Reach reach{c.given[7], c.given[7]};
    // What is left of two means that differ little has only so many digits of theirs.
    const double means = std::fabs(c.given[1]) + std::fabs(c.given[4]);
    const double left = means / contrast->StandardError();
    ExpectClose(contrast->Z(Scale::kRelative, lift), c.found[0], c, 1 + left);
    const Interval relative = contrast->Within(Scale::kRelative, reach);
    ExpectClose(relative.lower, c.found[1], c, 1 + std::fabs(c.found[1]));
    ExpectClose(relative.upper, c.found[2], c, 1 + std::fabs(c.found[2]));
    ExpectClose(contrast->Within(Scale::kAbsolute, reach).upper, c.found[3], c, 1 + means);
  }
}

TEST(ReferenceCases, OfContrastsOfRatesAreScipys) {
  for (const Case& c : Cases("contrasts_of_rates.txt", 5, 4)) {
    const auto contrast =
        Contrast::Estimate(OutcomeCounts::OfSuccesses(Whole(c.given[1]), Whole(c.given[0])),
                           OutcomeCounts::OfSuccesses(Whole(c.given[3]), Whole(c.given[2])));
    ASSERT_TRUE(contrast.has_value()) << c.line;
    const Reach reach{c.given[4], c.given[4]};
    const Interval relative = contrast->Within(Scale::kRelative, reach);
    ExpectClose(relative.lower, c.found[0], c);
    ExpectClose(relative.upper, c.found[1], c);
    const Interval absolute = contrast->Within(Scale::kAbsolute, reach);
    ExpectClose(absolute.lower, c.found[2], c);
    ExpectClose(absolute.upper, c.found[3], c);
  }
}

TEST(ReferenceCases, OfRatiosOfMomentsAreThoseOfTheDeltaMethodByMpmath) {
  for (const Case& c : Cases("ratios_of_moments.txt", 12, 6)) {
    const std::span<const double> given(c.given);
    const OutcomeCounts control = Ratio(given.first(6)), treatment = Ratio(given.subspan(6, 6));
    ExpectRatio(control, c.found[0], c.found[1], c);
    ExpectRatio(treatment, c.found[2], c.found[3], c);
    const auto contrast = Contrast::Estimate(control, treatment);
    ASSERT_TRUE(contrast && contrast->relative()) << c.line;
    ExpectClose(*contrast->relative(), c.found[4], c, 1 + std::fabs(c.found[4]));
    ExpectClose(contrast->StandardError(), c.found[5], c, /*scale=*/0);
  }
}

// As outcomes bring them, one unit after the other.
TEST(ReferenceCases, OfRatiosOfUnitsAreThoseOfTheDeltaMethodByMpmath) {
  constexpr size_t kUnits = 8;
  Metric metric;
  metric.name = "cost";
  metric.denominator = "answers";
  metric.aggregation = Aggregation::kSum;
  for (const Case& c : Cases("ratios_of_units.txt", 2 * kUnits, 2)) {
    OutcomeCounts counts;
    for (size_t i = 0; i < kUnits; ++i) {
      UnitTotal cost, answers;
      cost.Add(c.given[i]);
      answers.Add(c.given[kUnits + i]);
      counts.Add(metric, cost, /*matured=*/false, answers);
    }
    ExpectRatio(counts, c.found[0], c.found[1], c);
  }
}

TEST(ReferenceCases, OfDecisionBoundariesAreScipys) {
  for (const Case& c : Cases("decision_boundaries.txt", 4, 4)) {
    const DecisionBoundary boundary(c.given[0], Whole(c.given[1]));
    const double units = c.given[2];
    ExpectClose(boundary.Harm(units), c.found[0], c);
    ExpectClose(boundary.Gain(units), c.found[1], c);
    ExpectClose(boundary.GainAlone(units), c.found[2], c);
    ExpectClose(boundary.LogPValue(c.given[3], units), c.found[3], c);
  }
}

TEST(ReferenceCases, OfMissingOutcomesAreThoseOfMpmath) {
  for (const Case& c : Cases("missing_outcomes.txt", 9, 1)) {
    std::vector<double> shares;
    ReportingArms arms;
    for (size_t i = 0; i < 3; ++i) {
      shares.push_back(c.given[i]);
      arms.with_outcome.push_back(Whole(c.given[i + 3]));
      arms.matured_without_outcome.push_back(Whole(c.given[i + 6]));
    }
    ExpectClose(MissingOutcomesPValue(shares, arms), c.found[0], c, /*scale=*/0);
  }
}

TEST(ReferenceCases, OfPowersAreThoseOfMpmath) {
  for (const Case& c : Cases("powers.txt", 7, 1)) {
    SizeQuestion question;
    question.control_mean = c.given[0];
    if (c.given[1] > 0) question.standard_deviation = c.given[1];
    question.metric.min_lift = c.given[3];
    question.treatment_share = c.given[4];
    question.alpha = c.given[5];
    ExpectClose(ExperimentSize(question).Power(c.given[2], c.given[6]), c.found[0], c);
  }
}

}  // namespace
}  // namespace flywheel::experiment
