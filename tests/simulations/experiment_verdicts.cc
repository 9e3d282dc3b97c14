#include "tests/simulations/experiment_verdicts.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "tests/simulations/experiment_traffic.h"

namespace flywheel::simulations {
namespace {

using experiment::Analysis;
using experiment::ArmCounts;
using experiment::Decision;
using experiment::Goal;
using experiment::Metric;
using experiment::Recommendation;

constexpr double kAlpha = 0.05;
constexpr int64_t kPlannedUnits = 100'000;
// Of values that are drawn one by one.
constexpr int64_t kUnitsWithValues = 20'000;

const std::vector<double> kHalves = {50, 50};
const std::vector<double> kCanary = {99, 1};

std::vector<std::vector<double>> Splits() { return {kHalves, {90, 10}, kCanary, {90, 9, 1}}; }

std::string Text(const std::vector<double>& split) {
  std::string text;
  for (const double weight : split) text += fmt::format("{}{}", text.empty() ? "" : "/", weight);
  return text;
}

bool IsAnswer(const Analysis& analysis) {
  return Says(analysis, Recommendation::kShip) || Says(analysis, Recommendation::kRollback);
}
bool IsShip(const Analysis& analysis) { return Says(analysis, Recommendation::kShip); }

// Counts, each of its own experiments.
class Family {
 public:
  Family(int64_t experiments, int looks, uint64_t seed)
      : experiments_(experiments), looks_(looks), seed_(seed) {}

  void Add(const std::string& name, Subject subject,
           const std::function<bool(const Analysis&)>& wanted) {
    subject.looks = looks_;
    subject.seed = ++seed_;
    counts_.push_back({name, CountEver(subject, experiments_, wanted)});
  }
  std::vector<Property> Properties() const { return AllAtMost(counts_, experiments_, kAlpha); }
  Property Mean(const std::string& name, double target) const {
    int64_t sum = 0;
    for (const Count& one : counts_) sum += one.count;
    return AtMost(name, sum, experiments_ * static_cast<int64_t>(counts_.size()), target);
  }

 private:
  int64_t experiments_;
  int looks_;
  uint64_t seed_;
  std::vector<Count> counts_;
};

void Append(const std::vector<Property>& some, std::vector<Property>& properties) {
  properties.insert(properties.end(), some.begin(), some.end());
}

// Calls `cell` for every split and rate.
void ForEachCell(const std::function<void(const std::vector<double>& split, double rate)>& cell) {
  for (const std::vector<double>& split : Splits()) {
    for (const double rate : {0.98, 0.9, 0.5, 0.1, 0.02, 0.005}) cell(split, rate);
  }
}

std::vector<Property> EqualProportions(int64_t experiments, int looks) {
  std::vector<Property> properties;
  for (const int64_t planned_units : {int64_t{0}, kPlannedUnits}) {
    const std::string plan = planned_units == 0 ? "no plan" : "planned for 100,000";
    Family family(experiments, looks, planned_units == 0 ? 1'000 : 2'000);
    ForEachCell([&](const std::vector<double>& split, double rate) {
      family.Add(
          fmt::format("experiment: equal version shipped or rolled back, {}, rate {}, {}",
                      Text(split), rate, plan),
          {BarePlan(planned_units), split, Proportions(std::vector<double>(split.size(), rate))},
          IsAnswer);
    });
    Append(family.Properties(), properties);
    properties.push_back(family.Mean(
        fmt::format("experiment: equal version shipped or rolled back, mean of these, {}", plan),
        0.035));
  }
  return properties;
}

// A loss of exactly the margin.
std::vector<Property> LossesOfTheMargin(int64_t experiments, int looks) {
  Family family(experiments, looks, 3'000);
  ForEachCell([&](const std::vector<double>& split, double rate) {
    experiment::AnalysisPlan plan = BarePlan(kPlannedUnits);
    plan.metrics[0].goal = Goal::kNotInferior;
    std::vector<double> rates(split.size(), (1 - plan.metrics[0].margin) * rate);
    rates[0] = rate;
    family.Add(fmt::format("experiment: version that lost the margin shipped as not inferior, {}, "
                           "rate {}",
                           Text(split), rate),
               {plan, split, Proportions(rates)}, IsShip);
  });
  return family.Properties();
}

double DrawBeta(double a, double b, Random& random) {
  const double x = std::gamma_distribution<double>(a)(random);
  return x / (x + std::gamma_distribution<double>(b)(random));
}

double DrawLognormal(Random& random) { return std::lognormal_distribution<double>(0, 2)(random); }

// The tenth unit of the treatment has one of ten thousand times the mean.
Arrival WithOutlier(const Metric& metric, const Arrival& arrive) {
  const double outlier = 1e4 * std::exp(2.0);
  return [=](const Batch& batch, Random& random, ArmCounts& counts) {
    const int64_t before = counts.exposed_units;
    arrive(batch, random, counts);
    if (batch.arm != 1 || before >= 10 || counts.exposed_units < 10) return;
    Values(metric, [&](size_t, Random&) { return outlier; })({1, 1, 0}, random, counts);
  };
}

std::vector<Property> EqualValues(int64_t experiments, int looks) {
  const auto lognormal = [](size_t, Random& random) { return DrawLognormal(random); };
  const struct {
    std::string name;
    std::function<double(size_t, Random&)> draw;
    std::optional<double> cap;
    bool outlier;
  } kinds[] = {
      {"beta(2, 5)", [](size_t, Random& random) { return DrawBeta(2, 5, random); }, {}, false},
      {"beta(8, 2)", [](size_t, Random& random) { return DrawBeta(8, 2, random); }, {}, false},
      {"lognormal(0, 2)", lognormal, {}, false},
      {"lognormal(0, 2) capped at 50", lognormal, 50, false},
      {"lognormal(0, 2) and one value of 10,000 times the mean", lognormal, {}, true},
  };
  Family family(experiments, looks, 4'000);
  for (const auto& [name, draw, cap, outlier] : kinds) {
    for (const std::vector<double>& split : {kHalves, kCanary}) {
      experiment::AnalysisPlan plan = BarePlan(kUnitsWithValues / 2);
      plan.metrics[0].cap = cap;
      Arrival arrive = Values(plan.metrics[0], draw);
      if (outlier) arrive = WithOutlier(plan.metrics[0], arrive);
      family.Add(fmt::format("experiment: equal version shipped or rolled back, {}, {}",
                             Text(split), name),
                 {plan, split, arrive, 20, kUnitsWithValues}, IsAnswer);
    }
  }
  return family.Properties();
}

// Latencies, of a treatment that is like its control, or whose quantile has lost the margin.
std::vector<Property> Quantiles(int64_t experiments, int looks) {
  const auto draw = [](double factor) {
    return [factor](size_t arm, Random& random) {
      return (arm == 0 ? 1 : factor) * std::lognormal_distribution<double>(6, 1)(random);
    };
  };
  Family family(experiments, looks, 5'000);
  for (const double quantile : {0.5, 0.95, 0.99}) {
    for (const std::vector<double>& split : std::vector<std::vector<double>>{kHalves, {90, 10}}) {
      for (const int64_t planned_units : {int64_t{0}, kUnitsWithValues / 2}) {
        experiment::AnalysisPlan plan = BarePlan(planned_units);
        Metric& metric = plan.metrics[0];
        metric.quantile = quantile;
        const std::string which =
            fmt::format("{}, p{:g} of lognormal(6, 1), {}", Text(split), 100 * quantile,
                        planned_units > 0 ? "plan" : "no plan");
        family.Add("experiment: equal version shipped or rolled back, " + which,
                   {plan, split, Values(metric, draw(1)), 20, kUnitsWithValues}, IsAnswer);
        metric.goal = Goal::kNotInferior;
        family.Add("experiment: version that lost the margin shipped as not inferior, " + which,
                   {plan, split, Values(metric, draw(1 - metric.margin)), 20, kUnitsWithValues},
                   IsShip);
      }
    }
  }
  return family.Properties();
}

// 20,000 units come in each of four weeks, whose rates rise; 2, 10, 50 and 100 % of them are in the
// experiment, dealt in halves.
Property EqualInARamp(int64_t experiments, int looks) {
  const Arrival arrive = [](const Batch& batch, Random& random, ArmCounts& counts) {
    const double rate = batch.before < 400      ? 0.40
                        : batch.before < 2'400  ? 0.42
                        : batch.before < 12'400 ? 0.44
                                                : 0.46;
    Report(batch.units, batch.units, DrawBinomial(batch.units, rate, random), counts);
  };
  Subject subject{BarePlan(0), kHalves, arrive, 20, 32'400, looks};
  return AtMost(
      "experiment: equal version shipped or rolled back, coverage 2, 10, 50, 100 %, rate .40 to "
      ".46",
      CountEver(subject, experiments, IsAnswer), experiments, kAlpha);
}

// What becomes of SHIPs.
struct Ships {
  int64_t shipped = 0;
  int64_t withdrawn = 0;  // With neither harm nor a reason to mistrust.
  int64_t rolled_back = 0;
};

Ships FollowShips(const Subject& subject, int64_t experiments) {
  Random random(subject.seed);
  Ships ships;
  for (int64_t i = 0; i < experiments; ++i) {
    Decision stands;
    bool shipped = false, withdrawn = false, rolled_back = false;
    Watch(subject, random, [&](int64_t, const Analysis& analysis) {
      const Decision& look = analysis.comparisons[0].look;
      const bool was_shipped = stands.recommendation == Recommendation::kShip;
      stands = Stand(stands, look);
      const bool is_shipped = stands.recommendation == Recommendation::kShip;
      shipped |= is_shipped;
      withdrawn |= was_shipped && !is_shipped && look.recommendation != Recommendation::kHold &&
                   look.recommendation != Recommendation::kRollback;
      rolled_back |= shipped && stands.recommendation == Recommendation::kRollback;
      return true;
    });
    ships.shipped += shipped ? 1 : 0;
    ships.withdrawn += withdrawn ? 1 : 0;
    ships.rolled_back += rolled_back ? 1 : 0;
  }
  return ships;
}

std::vector<Property> Withdrawals(int64_t experiments, int looks) {
  std::vector<Property> properties;
  for (const double lift : {0.05, 0.1}) {
    const Ships ships = FollowShips(
        {BarePlan(0), kHalves, Proportions({0.4, 0.4 * (1 + lift)}), 20, 200'000, looks},
        experiments);
    properties.push_back(AtMost(
        fmt::format("experiment: SHIP withdrawn with neither harm nor mistrust, lift {}", lift),
        ships.withdrawn, ships.shipped, 0));
  }
  // A loss that is within the margin for sure.
  experiment::AnalysisPlan plan = BarePlan(0);
  plan.metrics[0].goal = Goal::kNotInferior;
  const Ships ships =
      FollowShips({plan, kHalves, Proportions({0.9, 0.891}), 20, 200'000, looks}, experiments);
  properties.push_back(AtMost("experiment: not inferior and later rolled back, lift -0.01",
                              ships.rolled_back, ships.shipped, 0.01));
  return properties;
}

}  // namespace

std::vector<Property> SimulateExperimentVerdicts(int64_t experiments, int looks) {
  std::vector<Property> properties = EqualProportions(experiments, looks);
  Append(EqualValues(experiments, looks), properties);
  Append(Quantiles(experiments, looks), properties);
  properties.push_back(EqualInARamp(experiments, looks));
  Append(LossesOfTheMargin(experiments, looks), properties);
  Append(Withdrawals(experiments, looks), properties);
  return properties;
}

}  // namespace flywheel::simulations
