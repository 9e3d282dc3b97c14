#include "eval_gate_service/domain/content_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

TEST(RequestHashes, KeepTheirFieldsApart) {
  EXPECT_NE(VerdictRequestHash("ab", "c", ""), VerdictRequestHash("a", "bc", ""));
  EXPECT_NE(VerdictRequestHash("a", "", "c"), VerdictRequestHash("a", "c", ""));
  EXPECT_NE(SuiteRequestHash("d1", {}), SuiteRequestHash("d2", {}));
  EXPECT_NE(CallsHash({{"a", ""}, {"b", ""}}), CallsHash({{"b", ""}, {"a", ""}}));
}

TEST(BarHash, DoesNotDependOnTheOrderOfTheCases) {
  std::vector<SuiteCase> cases = MakeCases(20, "app");
  const std::string hash = BarHash({}, cases);
  std::reverse(cases.begin(), cases.end());
  EXPECT_EQ(BarHash({}, cases), hash);
  EXPECT_EQ(hash.size(), 64u);
}

TEST(BarHash, ChangesWithEveryFieldOfThePolicyAndOfACase) {
  using Change = std::function<void(SuitePolicy&, SuiteCase&)>;
  const std::vector<Change> changes = {
      [](SuitePolicy&, SuiteCase&) {},
      [](SuitePolicy& p, SuiteCase&) { p.evaluator = Evaluator::kToolSelection; },
      [](SuitePolicy& p, SuiteCase&) { p.pass_rate_floor = 0.93; },
      [](SuitePolicy& p, SuiteCase&) { p.cohort_floors["app"] = 0.92; },
      [](SuitePolicy& p, SuiteCase&) { p.non_inferiority_margin = 0.02; },
      [](SuitePolicy& p, SuiteCase&) { p.alpha = 0.01; },
      [](SuitePolicy& p, SuiteCase&) { p.min_cohort_cases = 2; },
      [](SuitePolicy&, SuiteCase& c) { c.case_id += "x"; },
      [](SuitePolicy&, SuiteCase& c) { c.input += "x"; },
      [](SuitePolicy&, SuiteCase& c) { c.ideal_output += "x"; },
      [](SuitePolicy&, SuiteCase& c) {
        c.expected_tool_calls = {{"a", ""}};
      },
      [](SuitePolicy&, SuiteCase& c) {
        c.expected_tool_calls = {{"a", "{}"}};
      },
      [](SuitePolicy&, SuiteCase& c) { c.cohort += "x"; },
  };
  std::set<std::string> hashes;
  for (const Change& change : changes) {
    SuitePolicy policy;
    std::vector<SuiteCase> cases = MakeCases(3, "app");
    change(policy, cases[1]);
    hashes.insert(BarHash(policy, cases));
  }
  EXPECT_EQ(hashes.size(), changes.size());
}

TEST(OutputHash, CoversOutputCallsAndError) {
  const std::set<std::string> hashes = {
      OutputHash({"c", "", {}, ""}), OutputHash({"c", "x", {}, ""}), OutputHash({"c", "", {}, "x"}),
      OutputHash({"c", "", {{"x", ""}}, ""}), OutputHash({"c", "", {{"", "x"}}, ""})};
  EXPECT_EQ(hashes.size(), 5u);
}

}  // namespace
}  // namespace flywheel::evalgate
