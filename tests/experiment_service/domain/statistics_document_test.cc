// The examples of docs/statistics.md, recomputed: each number to the digits that are printed.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/contrast.h"
#include "experiment_service/domain/decision_boundary.h"
#include "experiment_service/domain/experiment_size.h"
#include "experiment_service/domain/missing_outcomes.h"
#include "experiment_service/domain/standing.h"
#include "statistics/distributions.h"
#include "statistics/effect.h"

namespace flywheel::experiment {
namespace {

constexpr char kPage[] = "docs/statistics.md";
// An example is a row of a table with this header. Its cells hold "name: value; name: value".
constexpr char kHeader[] = "| Given | Found |";
// The one that computes nothing.
constexpr char kSectionWithoutExample[] = "What is not there";
// Of its value: a number with fewer digits than that shows nothing.
constexpr double kMaxRelativeTolerance = 0.2;

// A number as it is printed: "+37.5 %" is .375, give or take .0005.
struct Printed {
  double value;
  double tolerance;
};

std::vector<Printed> NumbersIn(const std::string& text) {
  static const std::regex kNumber(
      R"(([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?:e([+-]?\d+))?( %)?)");
  std::vector<Printed> numbers;
  for (std::sregex_iterator it(text.begin(), text.end(), kNumber), end; it != end; ++it) {
    const std::smatch& match = *it;
    std::string digits = match.str(2);
    std::erase(digits, ',');
    const int exponent =
        (match[4].matched ? std::stoi(match.str(4)) : 0) - (match[5].matched ? 2 : 0);
    const double value = std::stod(match.str(1) + digits + "." + match.str(3) + "0");
    numbers.push_back({value * std::pow(10, exponent),
                       0.5 * std::pow(10, exponent - static_cast<int>(match.length(3)))});
  }
  return numbers;
}

// What an example is given, by name. Whatever is not asked for in the end was of no use.
class Given {
 public:
  explicit Given(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  bool Has(const std::string& name) { return values_.contains(name); }
  std::string Text(const std::string& name, const std::string& otherwise = "") {
    used_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }
  std::vector<double> Numbers(const std::string& name) {
    std::vector<double> numbers;
    for (const Printed& number : NumbersIn(Text(name))) numbers.push_back(number.value);
    return numbers;
  }
  std::vector<int64_t> Counts(const std::string& name) {
    std::vector<int64_t> counts;
    for (const double number : Numbers(name)) counts.push_back(std::llround(number));
    return counts;
  }
  double Number(const std::string& name, double otherwise) {
    const std::vector<double> numbers = Numbers(name);
    return numbers.empty() ? otherwise : numbers.front();
  }
  int64_t Count(const std::string& name, int64_t otherwise = 0) {
    return std::llround(Number(name, static_cast<double>(otherwise)));
  }
  std::vector<std::string> Unused() const {
    std::vector<std::string> unused;
    for (const auto& [name, value] : values_) {
      if (!used_.contains(name)) unused.push_back(name);
    }
    return unused;
  }

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> used_;
};

// Words, or one number, or several.
using Result = std::variant<std::string, std::vector<double>>;
using Found = std::map<std::string, Result>;

Result One(double value) { return std::vector<double>{value}; }
Result Ends(const statistics::Interval& interval) {
  return std::vector<double>{interval.lower, interval.upper};
}
Result OneIfAny(const std::optional<double>& value) {
  return value ? One(*value) : Result(std::string("none"));
}

std::string NameOf(Recommendation recommendation) {
  static const std::map<Recommendation, std::string> kNames = {
      {Recommendation::kShip, "SHIP"},
      {Recommendation::kRollback, "ROLLBACK"},
      {Recommendation::kContinue, "CONTINUE"},
      {Recommendation::kHold, "HOLD"},
      {Recommendation::kStopFutile, "STOP_FUTILE"}};
  return kNames.at(recommendation);
}

Recommendation RecommendationNamed(const std::string& name) {
  for (const Recommendation each :
       {Recommendation::kShip, Recommendation::kRollback, Recommendation::kContinue,
        Recommendation::kHold, Recommendation::kStopFutile}) {
    if (NameOf(each) == name) return each;
  }
  ADD_FAILURE() << "no recommendation " << name;
  return Recommendation::kContinue;
}

std::string NameOf(RecommendationReason reason) {
  using enum RecommendationReason;
  static const std::map<RecommendationReason, std::string> kNames = {
      {kSuperior, "SUPERIOR"},
      {kNotInferior, "NOT_INFERIOR"},
      {kHarm, "HARM"},
      {kTooFewUnits, "TOO_FEW_UNITS"},
      {kUndecided, "UNDECIDED"},
      {kSampleRatioMismatch, "SAMPLE_RATIO_MISMATCH"},
      {kNotComputable, "NOT_COMPUTABLE"},
      {kLiftTooSmall, "LIFT_TOO_SMALL"},
      {kSeparatedHarm, "SEPARATED_HARM"},
      {kMissingOutcomes, "MISSING_OUTCOMES"},
      {kMixedExposure, "MIXED_EXPOSURE"},
      {kGuardrailHarm, "GUARDRAIL_HARM"},
      {kGuardrailUndecided, "GUARDRAIL_UNDECIDED"},
      {kTooEarly, "TOO_EARLY"},
      {kPlanEnded, "PLAN_ENDED"}};
  return kNames.at(reason);
}

// "400 of 1,000", which are ones among units, or "500 units, mean 12.4, sd 6.2", or of a ratio "500
// units, cost 2.4, sd 1.1, answers 8.0, sd 4.0, covariance 3.1".
OutcomeCounts ArmOf(Given& given, const std::string& name) {
  const std::vector<double> numbers = given.Numbers(name);
  const std::vector<int64_t> counts = given.Counts(name);
  if (numbers.size() == 2) return OutcomeCounts::OfSuccesses(counts[1], counts[0]);
  if (numbers.size() == 3) return OutcomeCounts::OfMoments(counts[0], numbers[1], numbers[2]);
  if (numbers.size() == 6) {
    return OutcomeCounts::OfRatio(counts[0],
                                  {numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]});
  }
  ADD_FAILURE() << name << " is no arm";
  return OutcomeCounts();
}

Metric MetricOf(Given& given, const std::string& prefix, Goal goal) {
  Metric metric;
  metric.name = prefix + "metric";
  const std::string goal_name = given.Text(prefix + "goal");
  metric.goal = goal_name == "NOT_INFERIOR" ? Goal::kNotInferior : goal;
  if (given.Text(prefix + "direction") == "LOWER_IS_BETTER") {
    metric.direction = Direction::kLowerIsBetter;
  }
  if (given.Text(prefix + "scale") == "ABSOLUTE") metric.scale = Scale::kAbsolute;
  metric.min_lift = given.Number(prefix + "min_lift", metric.min_lift);
  metric.margin = given.Number(prefix + "margin", metric.margin);
  metric.denominator = given.Text(prefix + "denominator");
  if (given.Has(prefix + "counts_as")) {
    metric.value_without_outcome = given.Number(prefix + "counts_as", 0);
  }
  return metric;
}

absl::Duration Days(double days) { return days * absl::Hours(24); }

// Two arms, that have what the example says and else the defaults of the contract.
Experiment ExperimentOf(Given& given) {
  Experiment experiment;
  std::vector<double> weights = given.Numbers("weights");
  if (weights.empty()) weights = {1, 1};
  experiment.arms = {{"control", "v1", weights.at(0), true}, {"treatment", "v2", weights.at(1)}};
  AnalysisPlan& plan = experiment.plan;
  plan.metrics = {MetricOf(given, "", Goal::kSuperior)};
  if (given.Has("guardrail control")) {
    plan.metrics.push_back(MetricOf(given, "guardrail ", Goal::kNotInferior));
  }
  if (given.Has("secondary control")) {
    const Metric secondary = MetricOf(given, "secondary ", Goal::kSuperior);
    for (int64_t i = 0; i < given.Count("secondary metrics", 1); ++i) {
      plan.metrics.push_back(secondary);
      plan.metrics.back().secondary = true;
    }
  }
  plan.alpha = given.Number("alpha", plan.alpha);
  plan.planned_units = given.Count("planned_units");
  plan.max_duration = Days(given.Number("max_duration", 0));
  return experiment;
}

ArmCounts CountsOf(Given& given, const std::string& arm, size_t position) {
  ArmCounts counts;
  counts.metrics = {ArmOf(given, arm)};
  if (given.Has("guardrail " + arm)) counts.metrics.push_back(ArmOf(given, "guardrail " + arm));
  if (given.Has("secondary " + arm)) {
    for (int64_t i = 0; i < given.Count("secondary metrics", 1); ++i) {
      counts.metrics.push_back(ArmOf(given, "secondary " + arm));
    }
  }
  counts.exposed_units = counts.metrics[0].units();
  if (given.Has("exposed")) counts.exposed_units = given.Counts("exposed").at(position);
  if (given.Has("mixed")) counts.mixed_units = given.Counts("mixed").at(position);
  return counts;
}

// How far the data are from the goal, on the side of a gain.
double GoalZ(const Metric& metric, const Contrast& contrast, double goal_lift) {
  const bool no_such_lift = contrast.binary() && metric.goal == Goal::kSuperior &&
                            metric.scale == Scale::kRelative && metric.gain_sign() > 0 &&
                            contrast.control_mean() * (1 + metric.min_lift) > 1;
  if (no_such_lift) return contrast.ZOfComplement(1 - metric.min_lift);
  return metric.gain_sign() * contrast.Z(metric.scale, goal_lift);
}

Analysis AnalysisOf(Given& given, const std::string& prefix = "") {
  const Experiment experiment = ExperimentOf(given);
  return Analyze(experiment, Assignment("p", experiment).shares(),
                 {CountsOf(given, prefix + "control", 0), CountsOf(given, prefix + "treatment", 1)},
                 experiment.create_time + Days(given.Number("days", 20)));
}

std::string LookOf(const Analysis& analysis) {
  const Decision& look = analysis.comparisons.at(0).look;
  return NameOf(look.recommendation) + " " + NameOf(look.reason);
}

Found Compared(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const Metric& metric = experiment.plan.primary();
  const Analysis analysis = AnalysisOf(given);
  const MetricComparison& comparison = analysis.comparisons.at(0).metrics.at(0);
  const Contrast contrast =
      Contrast::Estimate(ArmOf(given, "control"), ArmOf(given, "treatment")).value();
  const DecisionBoundary boundary(experiment.plan.alpha, experiment.plan.planned_units);
  const double z = metric.gain_sign() * contrast.Z(metric.scale, 0);
  const double relative_error = comparison.standard_error / contrast.control_mean();
  Found found = {
      {"absolute lift", One(comparison.absolute_lift)},
      {"relative lift", OneIfAny(comparison.relative_lift)},
      {"standard error", One(comparison.standard_error)},
      {"relative standard error", One(relative_error)},
      {"absolute interval", Ends(comparison.absolute_interval)},
      {"relative interval", Ends(comparison.relative_interval)},
      {"shrunk lift", OneIfAny(comparison.shrunk_relative_lift)},
      {"z", One(z)},
      {"z of the goal", One(GoalZ(metric, contrast, comparison.goal_lift))},
      {"harm at", One(-boundary.Harm(contrast.units()))},
      {"gain at", One(boundary.Gain(contrast.units()))},
      {"gain alone at", One(boundary.GainAlone(contrast.units()))},
      {"p of one look", One(2 * statistics::NormalSf(std::fabs(z)))},
      {"p", One(std::exp(comparison.log_p_value))},
      {"ln p", One(comparison.log_p_value)},
      {"goal", One(comparison.goal_lift)},
      {"bound", OneIfAny(comparison.goal_bound)},
      {"units", One(static_cast<double>(comparison.treatment_units))},
      {"mean", One(analysis.arms.at(1).metrics.at(0).mean)},
      {"look", LookOf(analysis)},
  };
  for (const MetricComparison& other : analysis.comparisons[0].metrics) {
    if (other.role == MetricRole::kPrimary) continue;
    const std::string role = other.role == MetricRole::kGuardrail ? "guardrail" : "secondary";
    found[role + " lift"] = OneIfAny(other.relative_lift);
    found[role + " bound"] = OneIfAny(other.goal_bound);
    found[role + " p"] = One(std::exp(other.log_p_value));
  }
  const auto own = statistics::EstimateEffect(ArmOf(given, "control").moments(),
                                              ArmOf(given, "treatment").moments(),
                                              statistics::EffectScale::kAbsolute);
  if (own.ok()) {
    found["own standard error"] = One(own->standard_error);
    found["own z"] = One(own->estimate / own->standard_error);
  }
  return found;
}

Found UnitValues(Given& given) {
  if (!given.Has("outcomes")) return Compared(given);
  UnitTotal total;
  for (const double value : given.Numbers("outcomes")) total.Add(value);
  Metric metric;
  if (given.Has("cap")) metric.cap = given.Number("cap", 0);
  const auto value = [&](Aggregation aggregation) {
    metric.aggregation = aggregation;
    return One(total.Value(metric));
  };
  return {{"mean", value(Aggregation::kMean)},
          {"sum", value(Aggregation::kSum)},
          {"count", value(Aggregation::kCount)},
          {"any", value(Aggregation::kAny)}};
}

Found Boundaries(Given& given) {
  if (given.Has("control")) return Compared(given);
  const auto treatments = static_cast<double>(given.Count("treatments", 1));
  const auto metrics = static_cast<double>(given.Count("metrics", 1));
  const double alpha = given.Number("alpha", 0.05) / treatments;
  const int64_t planned_units = given.Count("planned_units");
  const DecisionBoundary goal(alpha, planned_units);
  const auto units = static_cast<double>(given.Count("units"));
  return {{"alpha of harm", One(alpha / metrics)},
          {"alpha of a gain", One(alpha)},
          {"harm at", One(-DecisionBoundary(alpha / metrics, planned_units).Harm(units))},
          {"gain at", One(goal.Gain(units))},
          {"gain alone at", One(goal.GainAlone(units))}};
}

Found WhatStands(Given& given) {
  Standing standing;
  std::string stood;
  std::string look;
  std::istringstream looks(given.Text("looks"));
  while (std::getline(looks >> std::ws, look, ',')) {
    const Recommendation recommendation = RecommendationNamed(look);
    standing.decision =
        Stand(standing.decision, {recommendation, RecommendationReason::kUndecided, look});
    stood += (stood.empty() ? "" : ", ") + NameOf(standing.decision.recommendation);
  }
  return {{"stands", stood}};
}

Found Intersected(Given& given) {
  const Comparison first = AnalysisOf(given, "first ").comparisons.at(0);
  const Comparison second = AnalysisOf(given, "second ").comparisons.at(0);
  const auto running = Narrow(Narrow({}, first), second);
  return {{"first", Ends(first.metrics.at(0).relative_interval)},
          {"second", Ends(second.metrics.at(0).relative_interval)},
          {"running", Ends(running.at(0).relative)}};
}

// Of arms that are the same but for their sizes, or for who reports.
Found SampleRatio(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const std::vector<int64_t> exposed = given.Counts("exposed");
  std::vector<ArmCounts> arms;
  for (const int64_t units : exposed) {
    OutcomeCounts::Parts parts;
    parts.units = units;
    arms.emplace_back().metrics = {OutcomeCounts(parts)};
    arms.back().exposed_units = units;
  }
  const Analysis analysis = Analyze(experiment, Assignment("p", experiment).shares(), arms,
                                    experiment.create_time + Days(20));
  const double p = analysis.quality.sample_ratio_p_value;
  return {{"chi-square p", One(analysis.sample_ratio_p_value)},
          {"p", One(p)},
          {"answer", std::string(p < kSampleRatioHold      ? "HOLD"
                                 : p < kSampleRatioWarning ? "warning"
                                                           : "none")}};
}

Found MissingOutcomes(Given& given) {
  const Experiment experiment = ExperimentOf(given);
  const ReportingArms arms{given.Counts("exposed"), given.Counts("with outcome"),
                           given.Counts("matured without")};
  const double p = MissingOutcomesPValue(Assignment("p", experiment).shares(), arms);
  return {{"p", One(p)}, {"answer", std::string(p < kMissingOutcomesHold ? "HOLD" : "none")}};
}

Found Planned(Given& given) {
  SizeQuestion question;
  question.metric = MetricOf(given, "", Goal::kSuperior);
  question.control_mean = given.Has("rate") ? given.Number("rate", 0) : given.Number("mean", 0);
  if (given.Has("sd")) question.standard_deviation = given.Number("sd", 0);
  question.treatment_share = given.Number("treatment share", question.treatment_share);
  const ExperimentSize size(question);
  if (given.Has("units")) {
    return {{"detectable lift", OneIfAny(size.DetectableLift(given.Number("units", 0)))}};
  }
  const std::optional<Size> needed = size.SizeFor(given.Number("lift", 0));
  if (!needed) return {};
  return {{"planned units", One(static_cast<double>(needed->planned_units))},
          {"one look at the end", One(static_cast<double>(needed->fixed_sample_units))},
          {"power", One(needed->power)}};
}

using Calculator = std::function<Found(Given&)>;

// By the heading of the section that an example stands in.
const std::map<std::string, Calculator>& Calculators() {
  static const std::map<std::string, Calculator> kCalculators = {
      {"What does a unit count?", UnitValues},
      {"How large is the lift?", Compared},
      {"How sure is it, of rates?", Compared},
      {"How sure is it, of other values?", Compared},
      {"How sure is it, of a ratio?", Compared},
      {"When is it harm?", Boundaries},
      {"When is it a gain?", Boundaries},
      {"Is it not worse by much?", Compared},
      {"What if the rate is near 1 already?", Compared},
      {"What must not get worse?", Boundaries},
      {"What else is to be seen?", Compared},
      {"What stands after many looks?", WhatStands},
      {"What do all looks leave of the lift?", Intersected},
      {"What does the p-value say?", Compared},
      {"What lift is to be expected afterwards?", Compared},
      {"Did the arms get the units they should?", SampleRatio},
      {"Who has no outcome?", MissingOutcomes},
      {"Who saw both versions?", Compared},
      {"When is it too early?", Compared},
      {"How many units does it need?", Planned},
      {"When is it no use to go on?", Compared},
  };
  return kCalculators;
}

struct Example {
  std::string section;
  int line = 0;
  std::map<std::string, std::string> given;
  std::map<std::string, std::string> found;
};

std::map<std::string, std::string> Pairs(const std::string& cell, int line) {
  static const std::regex kPair(R"(\s*([^:;]+): ([^;]*[^;\s])\s*(?:;|$))");
  std::map<std::string, std::string> pairs;
  size_t length = 0;
  for (std::sregex_iterator it(cell.begin(), cell.end(), kPair), end; it != end; ++it) {
    EXPECT_TRUE(pairs.emplace(it->str(1), it->str(2)).second) << "line " << line << ": " << cell;
    length += static_cast<size_t>(it->length());
  }
  EXPECT_EQ(length, cell.size()) << "line " << line << ": not all are pairs: " << cell;
  return pairs;
}

struct Page {
  std::vector<std::string> sections;
  std::vector<Example> examples;
};

Page ReadPage() {
  static const std::regex kRow(R"(\| ([^|]+) \| ([^|]+) \|)");
  Page page;
  std::ifstream file(kPage);
  std::string text;
  bool in_table = false;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.starts_with("## ")) page.sections.push_back(text.substr(3));
    if (text == kHeader) {
      in_table = std::getline(file, text) && text == "| --- | --- |";
      ++line;
      continue;
    }
    in_table = in_table && text.starts_with("|");
    std::smatch cells;
    if (!in_table) continue;
    EXPECT_TRUE(std::regex_match(text, cells, kRow)) << "line " << line;
    page.examples.push_back(
        {page.sections.back(), line, Pairs(cells[1], line), Pairs(cells[2], line)});
  }
  return page;
}

void ExpectPrinted(const std::string& printed, const Result& result, const std::string& where) {
  if (const auto* words = std::get_if<std::string>(&result)) {
    EXPECT_EQ(printed, *words) << where;
    return;
  }
  const auto& computed = std::get<std::vector<double>>(result);
  const std::vector<Printed> numbers = NumbersIn(printed);
  const std::string all =
      fmt::format("{}: '{}' is printed, {} is computed", where, printed, computed);
  ASSERT_EQ(numbers.size(), computed.size()) << all;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto& [value, tolerance] = numbers[i];
    EXPECT_LE(std::fabs(value - computed[i]), tolerance * (1 + 1e-9)) << all;
    const bool exact = std::fabs(value - computed[i]) < 1e-9 * std::fabs(value);
    EXPECT_TRUE(exact || tolerance <= kMaxRelativeTolerance * std::fabs(computed[i])) << all;
  }
}

TEST(StatisticsDocument, SaysWhatIsComputed) {
  const Page page = ReadPage();
  EXPECT_GE(page.examples.size(), Calculators().size());
  for (const Example& example : page.examples) {
    const std::string line = fmt::format("{}:{}", kPage, example.line);
    const auto calculator = Calculators().find(example.section);
    if (calculator == Calculators().end()) {
      ADD_FAILURE() << line << ": nothing computes the section '" << example.section << "'";
      continue;
    }
    Given given(example.given);
    const Found found = calculator->second(given);
    EXPECT_TRUE(given.Unused().empty()) << line << ": of no use: " << given.Unused().front();
    for (const auto& [name, printed] : example.found) {
      const auto result = found.find(name);
      if (result == found.end()) {
        ADD_FAILURE() << line << ": nothing computes '" << name << "'";
      } else {
        std::string where = line;
        where.append(": ").append(name);
        ExpectPrinted(printed, result->second, where);
      }
    }
  }
}

TEST(StatisticsDocument, HasAnExampleOfEverySection) {
  const Page page = ReadPage();
  std::set<std::string> shown;
  for (const Example& example : page.examples) {
    EXPECT_FALSE(example.found.empty()) << example.line;
    shown.insert(example.section);
  }
  for (const std::string& section : page.sections) {
    EXPECT_NE(shown.contains(section), section == kSectionWithoutExample) << section;
  }
  for (const auto& [section, calculator] : Calculators()) {
    EXPECT_TRUE(shown.contains(section)) << "no example of '" << section << "'";
  }
}

}  // namespace
}  // namespace flywheel::experiment
