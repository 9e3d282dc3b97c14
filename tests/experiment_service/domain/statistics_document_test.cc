// The examples of docs/statistics.md, recomputed: each number to the digits that are printed.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tests/experiment_service/domain/statistics_examples.h"
#include "tests/experiment_service/domain/statistics_page.h"

namespace flywheel::experiment {
namespace {

// The one that computes nothing.
constexpr char kSectionWithoutExample[] = "What is not there";
// Of its value: a number with fewer digits than that shows nothing.
constexpr double kMaxRelativeTolerance = 0.2;

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
      {"How does it do for some of the units?", Segmented},
      {"Does the lift depend on the segment?", Segmented},
      {"Does the mix of units mislead?", Segmented},
      {"Are the data of each value sound?", Segmented},
  };
  return kCalculators;
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
    const std::string line = fmt::format("{}:{}", kStatisticsPage, example.line);
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
