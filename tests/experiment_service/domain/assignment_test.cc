#include "experiment_service/domain/assignment.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace flywheel::experiment {
namespace {

Experiment WithWeights(const std::string& experiment_id, const std::vector<double>& weights) {
  Experiment experiment;
  experiment.experiment_id = experiment_id;
  for (size_t i = 0; i < weights.size(); ++i) {
    experiment.arms.push_back(
        {"arm" + std::to_string(i), "v" + std::to_string(i), weights[i], i == 0});
  }
  return experiment;
}

TEST(Assignment, DealsUnitsInProportionToTheWeights) {
  const Assignment assignment("project", WithWeights("canary", {90, 9, 1}));
  constexpr int kUnits = 200'000;
  std::array<double, 3> counts{};
  for (int i = 0; i < kUnits; ++i) counts[assignment.ArmOf("user-" + std::to_string(i))] += 1;
  const std::array<double, 3> shares = {0.90, 0.09, 0.01};
  double chi_square = 0;
  for (size_t arm = 0; arm < 3; ++arm) {
    const double expected = kUnits * shares[arm];
    chi_square += std::pow(counts[arm] - expected, 2) / expected;
    EXPECT_NEAR(assignment.shares()[arm], shares[arm], 1e-15);
  }
  EXPECT_LT(chi_square, 13.8) << "the 99.9 % quantile at two degrees of freedom";
}

TEST(Assignment, SpreadsPositionsEvenly) {
  const Assignment assignment("project", WithWeights("uniform", {1, 1}));
  constexpr int kUnits = 200'000;
  constexpr int kBins = 100;
  std::array<double, kBins> counts{};
  for (int i = 0; i < kUnits; ++i) {
    const double position = assignment.PositionOf(std::to_string(i));
    ASSERT_GE(position, 0);
    ASSERT_LT(position, 1);
    counts[static_cast<size_t>(position * kBins)] += 1;
  }
  const double expected = static_cast<double>(kUnits) / kBins;
  double chi_square = 0;
  for (const double count : counts) {
    chi_square += std::pow(count - expected, 2) / expected;
  }
  EXPECT_LT(chi_square, 148.2) << "the 99.9 % quantile at 99 degrees of freedom";
}

TEST(Assignment, DealsSimilarlyNamedExperimentsIndependently) {
  constexpr int kUnits = 100'000;
  const std::vector<std::string> names = {"exp1", "exp2", "exp12", "exp1-b", "Exp1"};
  std::vector<std::vector<double>> sides(names.size());
  for (size_t e = 0; e < names.size(); ++e) {
    const Assignment assignment("project", WithWeights(names[e], {1, 1}));
    for (int i = 0; i < kUnits; ++i) {
      sides[e].push_back(assignment.ArmOf("u" + std::to_string(i)) == 0 ? -1 : 1);
    }
  }
  for (size_t a = 0; a < names.size(); ++a) {
    for (size_t b = a + 1; b < names.size(); ++b) {
      double phi = 0;
      for (int i = 0; i < kUnits; ++i) phi += sides[a][i] * sides[b][i] / kUnits;
      EXPECT_LT(std::fabs(phi), 3 / std::sqrt(kUnits)) << names[a] << " and " << names[b];
    }
  }
}

TEST(Assignment, NeverChangesFromOneReleaseToTheNext) {
  const Assignment assignment("default", WithWeights("exp-1", {1, 1, 1}));
  EXPECT_DOUBLE_EQ(assignment.PositionOf("user-1"), 0.7249121021460615);
  EXPECT_DOUBLE_EQ(assignment.PositionOf("a rather longer unit id"), 0.7957897863312984);
  for (int i = 0; i < 100; ++i) {
    const std::string unit = std::to_string(i);
    EXPECT_EQ(assignment.ArmOf(unit),
              Assignment("default", WithWeights("exp-1", {1, 1, 1})).ArmOf(unit));
  }
}

TEST(Assignment, TakesWeightsWhoseSumOverflows) {
  const double huge = std::numeric_limits<double>::max();
  const Assignment assignment("p", WithWeights("e", {huge, huge}));
  EXPECT_EQ(assignment.shares(), (std::vector<double>{0.5, 0.5}));
}

Experiment Covering(double coverage, const std::vector<double>& weights, size_t control = 0) {
  Experiment experiment = WithWeights("ramped", weights);
  for (size_t i = 0; i < weights.size(); ++i) experiment.arms[i].control = i == control;
  experiment.ramp.emplace();
  experiment.ramp->steps = {{coverage, {}, 0}};
  return experiment;
}

// Wherever the control stands among the arms.
TEST(Coverage, OnlyAddsUnitsAndLeavesEverybodyInTheirArm) {
  constexpr int kUnits = 50'000;
  for (size_t control = 0; control < 3; ++control) {
    const std::vector<double> weights = {60, 30, 10};
    const Assignment without("p", WithWeights("ramped", weights));
    std::vector<bool> covered(kUnits, false);
    for (const double coverage : {0.001, 0.02, 0.1, 0.1 + 1e-9, 0.5, 0.999, 1.0}) {
      const Assignment assignment("p", Covering(coverage, weights, control));
      for (int i = 0; i < kUnits; ++i) {
        const std::string unit = "user-" + std::to_string(i);
        ASSERT_EQ(assignment.ArmOf(unit), without.ArmOf(unit));
        const bool covers = assignment.Covers(unit);
        ASSERT_TRUE(covers || !covered[static_cast<size_t>(i)]) << unit << " at " << coverage;
        covered[static_cast<size_t>(i)] = covers;
      }
    }
    for (const bool covers : covered) ASSERT_TRUE(covers);
  }
}

TEST(Coverage, IsTheShareOfTheUnitsInEveryArm) {
  constexpr int kUnits = 200'000;
  const std::vector<double> weights = {60, 30, 10};
  for (const double coverage : {0.02, 0.1, 0.5, 0.9}) {
    for (size_t control = 0; control < 3; ++control) {
      const Assignment assignment("p", Covering(coverage, weights, control));
      std::array<double, 3> counts{};
      for (int i = 0; i < kUnits; ++i) {
        const std::string unit = "user-" + std::to_string(i);
        if (assignment.Covers(unit)) counts[assignment.ArmOf(unit)] += 1;
      }
      for (size_t arm = 0; arm < 3; ++arm) {
        const double share = coverage * weights[arm] / 100;
        const double error = std::sqrt(kUnits * share * (1 - share));
        EXPECT_NEAR(counts[arm], kUnits * share, 4 * error)
            << "arm " << arm << " at " << coverage << ", control " << control;
      }
    }
  }
}

TEST(Coverage, LeavesTheSharesAsTheyAre) {
  const std::vector<double> weights = {60, 30, 10};
  EXPECT_EQ(Assignment("p", Covering(0.02, weights)).shares(),
            Assignment("p", Covering(1, weights)).shares());
}

TEST(Coverage, OfAllTakesWhatRoundingLeavesAtTheEnd) {
  const Assignment assignment("p", Covering(1, {1, 1, 1}, 2));
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(assignment.Covers(std::to_string(i)));
}

TEST(Salt, DealsAnewAndLeavesTheShares) {
  const Experiment experiment = WithWeights("exp-1", {1, 1, 1});
  const Assignment without("default", experiment);
  const Assignment salted("default", experiment, "0123456789abcdef");
  const Assignment another("default", experiment, "0123456789abcdeg");
  EXPECT_EQ(salted.shares(), without.shares());
  int same = 0;
  int same_of_salts = 0;
  constexpr int kUnits = 9'000;
  for (int i = 0; i < kUnits; ++i) {
    const std::string unit = std::to_string(i);
    same += int{salted.ArmOf(unit) == without.ArmOf(unit)};
    same_of_salts += int{salted.ArmOf(unit) == another.ArmOf(unit)};
  }
  // A third by chance, within four standard errors.
  EXPECT_NEAR(same, kUnits / 3, 180);
  EXPECT_NEAR(same_of_salts, kUnits / 3, 180);
}

}  // namespace
}  // namespace flywheel::experiment
