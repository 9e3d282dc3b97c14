#include "experiment_service/domain/experiment_size.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/decision_boundary.h"
#include "statistics/distributions.h"
#include "tests/experiment_service/domain/known_counts.h"

namespace flywheel::experiment {
namespace {

using statistics::NormalQuantile;
using statistics::NormalSf;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Metric Asking(Goal goal, Scale scale = Scale::kRelative,
              Direction direction = Direction::kHigherIsBetter) {
  Metric metric;
  metric.goal = goal;
  metric.scale = scale;
  metric.direction = direction;
  metric.min_lift = 0;
  return metric;
}

SizeQuestion OfRate(double rate, const Metric& metric) {
  SizeQuestion question;
  question.metric = metric;
  question.control_mean = rate;
  return question;
}

SizeQuestion OfMean(double mean, double deviation, const Metric& metric) {
  SizeQuestion question = OfRate(mean, metric);
  question.standard_deviation = deviation;
  return question;
}

// The reflection principle as it is written down.
double Reached(double boundary, double theta) {
  return NormalSf(boundary - theta) + std::exp(2 * boundary * theta) * NormalSf(boundary + theta);
}

TEST(ExperimentSize, HasThePowerThatIsWanted) {
  const Metric gain = Asking(Goal::kSuperior);
  const Metric no_harm = Asking(Goal::kNotInferior);
  for (double power : {0.5, 0.8, 0.95, 0.999}) {
    for (const SizeQuestion& asked : {OfRate(0.1, gain), OfMean(10, 20, gain), OfRate(0.9, no_harm),
                                      OfMean(-10, 20, no_harm)}) {
      SizeQuestion question = asked;
      question.power = power;
      const ExperimentSize size(question);
      const double lift = size.GoalLift() + 0.02;
      const Size planned = size.SizeFor(lift).value();
      EXPECT_NEAR(planned.power, power, 2e-4);
      EXPECT_GE(planned.power, power);
      const auto units = static_cast<double>(planned.planned_units);
      EXPECT_LT(size.Power(lift, units - 1), power);
      EXPECT_GT(planned.planned_units, planned.fixed_sample_units);
      EXPECT_NEAR(size.DetectableLift(units).value(), lift, 1e-4);
    }
  }
}

TEST(ExperimentSize, FollowsTheReflectionPrinciple) {
  // sd 1, half of the units each: theta is lift sqrt(N)/2. The boundaries at the plan are those of
  // DecisionBoundary.
  const ExperimentSize gain(OfMean(0, 1, Asking(Goal::kSuperior, Scale::kAbsolute)));
  SizeQuestion shared = OfMean(0, 1, Asking(Goal::kSuperior, Scale::kAbsolute));
  shared.treatments = 3;
  Metric metric = Asking(Goal::kNotInferior, Scale::kAbsolute);
  metric.margin = 0.1;
  const ExperimentSize no_harm(OfMean(0, 1, metric));
  const DecisionBoundary boundary(0.05, 10'000);
  for (const double lift : {0.01, 0.06, 0.3}) {
    EXPECT_NEAR(gain.Power(lift, 10'000), Reached(boundary.Gain(10'000), 50 * lift), 1e-9);
    EXPECT_NEAR(ExperimentSize(shared).Power(lift, 10'000),
                Reached(DecisionBoundary(0.05 / 3, 10'000).Gain(10'000), 50 * lift), 1e-9);
    EXPECT_NEAR(no_harm.Power(lift - 0.1, 10'000), Reached(boundary.GainAlone(10'000), 50 * lift),
                1e-9);
  }
  EXPECT_EQ(gain.Power(0, 10'000), 0) << "no sign of a gain";
  EXPECT_NEAR(gain.Power(1e-12, 10'000), 0.05 / 4, 1e-9) << "the plan's share of alpha";
}

TEST(ExperimentSize, OfAFixedTestIsThatOfTheTextbook) {
  // N = (z.975 + z.8)^2 (vT/s + vC/(1-s)) / D^2.
  const double z = NormalQuantile(0.975) + NormalQuantile(0.8);
  const ExperimentSize means(OfMean(0, 3, Asking(Goal::kSuperior, Scale::kAbsolute)));
  EXPECT_EQ(means.SizeFor(0.1)->fixed_sample_units, std::ceil(z * z * 4 * 9 / 0.01));
  // For small effects on rates the likelihood ratio needs what Wald's test does.
  const ExperimentSize rates(OfRate(0.3, Asking(Goal::kSuperior, Scale::kAbsolute)));
  const double wald = z * z * 2 * (0.3 * 0.7 + 0.302 * 0.698) / (0.002 * 0.002);
  EXPECT_NEAR(static_cast<double>(rates.SizeFor(0.002)->fixed_sample_units) / wald, 1, 1e-4);
  // One question alone is one-sided.
  Metric metric = Asking(Goal::kNotInferior, Scale::kAbsolute);
  metric.margin = 0.1;
  const double one_sided = NormalQuantile(0.95) + NormalQuantile(0.8);
  EXPECT_EQ(ExperimentSize(OfMean(0, 3, metric)).SizeFor(0)->fixed_sample_units,
            std::ceil(one_sided * one_sided * 4 * 9 / 0.01));
}

TEST(ExperimentSize, MeetsTheReferenceOfGrowthBookButForTheDeltaMethod) {
  // 400,000 users in three arms of 133,333.33, mean 10: power at 5 % .52144, lift at 80 % .07027.
  // Both have the delta method's standard error, which grows with the lift that was seen; ours is
  // that of mT - (1 + g) mC under the goal's lift g, so the same formula is held against both.
  constexpr double kVariance = 3909.9997749994377;
  constexpr double kArm = 400'000 / 3.0;
  const auto delta_error = [&](double lift) {
    return std::sqrt(kVariance / kArm * (1 + (1 + lift) * (1 + lift))) / 10;
  };
  const double error_under_goal = std::sqrt(2 * kVariance / kArm) / 10;
  const auto power = [](double theta) {
    const double z = NormalQuantile(0.975);
    return NormalSf(z - theta) + NormalSf(z + theta);
  };
  EXPECT_NEAR(power(0.05 / delta_error(0.05)), 0.52144, 5e-6) << "the reference's own formula";
  SizeQuestion question = OfMean(10, std::sqrt(kVariance), Asking(Goal::kSuperior));
  // Ours with one look, less the other side's 3e-5: N units have the power that N is asked for.
  const double theta = 0.05 / error_under_goal;
  question.power = NormalSf(NormalQuantile(0.975) - theta);
  EXPECT_NEAR(static_cast<double>(ExperimentSize(question).SizeFor(0.05)->fixed_sample_units),
              2 * kArm, 1.0);
  EXPECT_NEAR(question.power, 0.54170, 5e-5) << "at the reference's .52144";
  // The lift at 80 %: theta is the same in both, z.975 + z.8.
  question.power = 0.8;
  const double fixed_units =
      static_cast<double>(ExperimentSize(question).SizeFor(0.07)->fixed_sample_units);
  EXPECT_NEAR(0.07 * 10 / std::sqrt(4 * kVariance / fixed_units), 0.07027 / delta_error(0.07027),
              2e-4);
}

TEST(ExperimentSize, TakesTheControlsShareOfTheUncertaintyOfARelativeLift) {
  // Not inferior by 20 %: mT - 0.8 mC.
  Metric metric = Asking(Goal::kNotInferior);
  metric.margin = 0.2;
  SizeQuestion question = OfMean(10, 5, metric);
  question.treatment_share = 0.25;
  const double z = NormalQuantile(0.95) + NormalQuantile(0.8);
  const double variance = 25 / 0.25 + 0.8 * 0.8 * 25 / 0.75;
  EXPECT_EQ(ExperimentSize(question).SizeFor(-0.15)->fixed_sample_units,
            std::ceil(z * z * variance / (0.5 * 0.5)));
  // A negative mean turns the line round: -12 is 20 % worse than -10.
  question.control_mean = -10;
  const double turned = 25 / 0.25 + 1.2 * 1.2 * 25 / 0.75;
  EXPECT_EQ(ExperimentSize(question).SizeFor(-0.15)->fixed_sample_units,
            std::ceil(z * z * turned / (0.5 * 0.5)));
}

TEST(ExperimentSize, AsksWhereLowerIsBetterForTheMirrorImage) {
  const SizeQuestion up = OfMean(7, 3, Asking(Goal::kSuperior, Scale::kAbsolute));
  SizeQuestion down = up;
  down.metric.direction = Direction::kLowerIsBetter;
  EXPECT_EQ(ExperimentSize(up).SizeFor(0.2)->planned_units,
            ExperimentSize(down).SizeFor(-0.2)->planned_units);
  EXPECT_EQ(ExperimentSize(down).BestLift(), -kInfinity);
  const ExperimentSize failures(
      OfRate(0.2, Asking(Goal::kSuperior, Scale::kAbsolute, Direction::kLowerIsBetter)));
  const ExperimentSize successes(OfRate(0.8, Asking(Goal::kSuperior, Scale::kAbsolute)));
  EXPECT_EQ(failures.SizeFor(-0.05)->planned_units, successes.SizeFor(0.05)->planned_units);
}

TEST(ExperimentSize, KnowsWhichLiftsThereAre) {
  Metric metric;  // min_lift .02
  const ExperimentSize half(OfRate(0.5, metric));
  EXPECT_EQ(half.GoalLift(), 0.02);
  EXPECT_EQ(half.BestLift(), 1);
  EXPECT_FALSE(half.IsBeyondGoal(0.02));
  EXPECT_TRUE(half.IsBeyondGoal(0.0201));
  EXPECT_TRUE(half.IsBeyondGoal(1));
  EXPECT_FALSE(half.IsBeyondGoal(1.001));
  // So near 1 that the zeros must shrink by min_lift: .99 to .9902.
  const ExperimentSize near(OfRate(0.99, metric));
  EXPECT_NEAR(near.GoalLift(), 0.0002 / 0.99, 1e-12);
  EXPECT_TRUE(near.IsBeyondGoal(0.005));
  EXPECT_TRUE(near.SizeFor(0.005).has_value());
  EXPECT_FALSE(near.IsBeyondGoal(0.011));
  metric.min_lift = 1;
  EXPECT_FALSE(ExperimentSize(OfRate(0.6, metric)).IsBeyondGoal(2.0 / 3));
  EXPECT_FALSE(ExperimentSize(OfRate(0.6, metric)).DetectableLift(1e6).has_value());
  metric.direction = Direction::kLowerIsBetter;
  EXPECT_FALSE(ExperimentSize(OfRate(0.6, metric)).IsBeyondGoal(-1)) << "no rate is below 0";
}

TEST(ExperimentSize, HasABoundAndWhatAPlanAsksForAnyway) {
  const ExperimentSize size(OfRate(0.1, Asking(Goal::kSuperior)));
  EXPECT_FALSE(size.SizeFor(1e-5).has_value()) << "above 1e9";
  const Size large = size.SizeFor(2).value();
  EXPECT_EQ(large.planned_units, 1'000);
  EXPECT_LT(large.fixed_sample_units, 300);
  EXPECT_GT(large.power, 0.99);
  SizeQuestion canary = OfRate(0.1, Asking(Goal::kSuperior));
  canary.treatment_share = 0.01;
  EXPECT_EQ(ExperimentSize(canary).SizeFor(8)->planned_units, 3'000) << "30 of the treatment";
  EXPECT_FALSE(size.DetectableLift(100).has_value()) << "nothing ships so early";
  EXPECT_FALSE(ExperimentSize(OfRate(0.9999, Asking(Goal::kSuperior))).DetectableLift(1'000));
}

TEST(ExperimentSize, HoldsAtTheEndsOfRates) {
  const Metric gain = Asking(Goal::kSuperior, Scale::kAbsolute);
  for (const double rate : {0.0, 1e-9, 0.5, 1 - 1e-9}) {
    const ExperimentSize size(OfRate(rate, gain));
    const std::optional<Size> best = size.SizeFor(size.BestLift());
    if (!best) continue;
    EXPECT_GE(best->power, 0.8) << rate;
    EXPECT_LE(best->power, 1) << rate;
  }
  EXPECT_EQ(ExperimentSize(OfRate(0, gain)).SizeFor(1)->planned_units, 1'000);
  const Metric loss = Asking(Goal::kSuperior, Scale::kRelative, Direction::kLowerIsBetter);
  EXPECT_GE(ExperimentSize(OfRate(0.02, loss)).SizeFor(-1)->power, 0.8);
  SizeQuestion question = OfRate(0.3, gain);
  question.alpha = 1e-300;
  EXPECT_GE(ExperimentSize(question).SizeFor(0.05)->power, 0.8) << "nothing overflows";
}

// One experiment at its plan, looked at after every part of it.
class Simulation {
 public:
  Simulation(const SizeQuestion& question, double lift) : question_(question) {
    const ExperimentSize size(question);
    goal_lift_ = size.GoalLift();
    planned_units_ = size.SizeFor(lift)->planned_units;
    stated_power_ = size.SizeFor(lift)->power;
    treatment_mean_ = question.metric.scale == Scale::kRelative ? question.control_mean * (1 + lift)
                                                                : question.control_mean + lift;
    const DecisionBoundary boundary(question.alpha / question.treatments, planned_units_);
    int64_t treated_before = 0;
    int64_t units_before = 0;
    for (int64_t look = 1; look <= kLooks; ++look) {
      const int64_t units = planned_units_ * look / kLooks;
      const int64_t treated = std::llround(static_cast<double>(units) * question.treatment_share);
      treated_.push_back(treated - treated_before);
      controls_.push_back(units - units_before - treated_.back());
      treated_before = treated;
      units_before = units;
      const auto all = static_cast<double>(units);
      boundary_.push_back(question.metric.goal == Goal::kNotInferior ? boundary.GainAlone(all)
                                                                     : boundary.Gain(all));
    }
  }

  double stated_power() const { return stated_power_; }

  bool ReachesGoal(std::mt19937_64& random) const {
    OutcomeCounts::Parts control;
    OutcomeCounts::Parts treatment;
    for (size_t look = 0; look < boundary_.size(); ++look) {
      Draw(controls_[look], question_.control_mean, random, control);
      Draw(treated_[look], treatment_mean_, random, treatment);
      const auto contrast = Contrast::Estimate(OutcomeCounts(control), OutcomeCounts(treatment));
      if (!contrast) continue;
      const double z =
          question_.metric.gain_sign() * contrast->Z(question_.metric.scale, goal_lift_);
      if (z >= boundary_[look]) return true;
    }
    return false;
  }

 private:
  static constexpr int64_t kLooks = 400;

  void Draw(int64_t units, double mean, std::mt19937_64& random,
            OutcomeCounts::Parts& parts) const {
    if (units == 0) return;
    parts.units += units;
    if (question_.is_rate()) {
      parts.sum.Add(static_cast<double>(std::binomial_distribution<int64_t>(units, mean)(random)));
      parts.sum_of_squares = parts.sum;
      return;
    }
    const auto count = static_cast<double>(units);
    const double deviation = *question_.standard_deviation;
    const double drawn = std::normal_distribution<>(mean, deviation / std::sqrt(count))(random);
    const double m2 =
        units > 1 ? deviation * deviation * std::chi_squared_distribution<>(count - 1)(random) : 0;
    parts.other_units += units;
    parts.sum.AddProduct(count, drawn);
    parts.sum_of_squares.Add(m2 + count * drawn * drawn);
  }

  SizeQuestion question_;
  double goal_lift_ = 0;
  double treatment_mean_ = 0;
  int64_t planned_units_ = 0;
  double stated_power_ = 0;
  std::vector<int64_t> controls_;  // New ones at each look.
  std::vector<int64_t> treated_;
  std::vector<double> boundary_;
};

TEST(ExperimentSize, IsEnoughForTheRealBoundary) {
  const Metric gain = Asking(Goal::kSuperior);
  const Metric loss = Asking(Goal::kSuperior, Scale::kRelative, Direction::kLowerIsBetter);
  SizeQuestion canary_up = OfRate(0.1, gain);
  canary_up.treatment_share = 0.01;
  SizeQuestion canary_down = OfRate(0.02, loss);
  canary_down.treatment_share = 0.01;
  SizeQuestion three = OfMean(10, 20, Metric());  // min_lift .02
  three.treatments = 3;
  three.treatment_share = 0.2;
  const struct {
    const char* name;
    SizeQuestion question;
    double lift;
  } cases[] = {{"a rate of .1 at 50/50, +10 %", OfRate(0.1, gain), 0.1},
               {"a rate of .1 at 99/1, +10 %", canary_up, 0.1},
               {"a rate of .02 at 99/1, -50 %", canary_down, -0.5},
               {"a rate of .9, not worse", OfRate(0.9, Asking(Goal::kNotInferior)), 0},
               {"a mean at 80/20, +10 % against 2 %", three, 0.1}};
  std::mt19937_64 random(11);
  constexpr int kExperiments = 400;
  for (const auto& [name, question, lift] : cases) {
    const Simulation simulation(question, lift);
    int reached = 0;
    for (int i = 0; i < kExperiments; ++i) reached += simulation.ReachesGoal(random) ? 1 : 0;
    // Three standard errors, and one point for looks that are not made after every unit.
    const double wanted = simulation.stated_power();
    const double slack = 3 * std::sqrt(wanted * (1 - wanted) / kExperiments) + 0.01;
    EXPECT_GE(reached, (wanted - slack) * kExperiments) << name;
    EXPECT_LE(reached, (wanted + slack) * kExperiments) << name << ": too many units are asked for";
  }
}

}  // namespace
}  // namespace flywheel::experiment
