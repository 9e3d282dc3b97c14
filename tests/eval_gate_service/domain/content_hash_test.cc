#include "eval_gate_service/domain/content_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "shared/hashing/sha256.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

TEST(RequestHashes, KeepTheirFieldsApart) {
  EXPECT_NE(VerdictRequestHash("ab", "c", "", {}), VerdictRequestHash("a", "bc", "", {}));
  EXPECT_NE(VerdictRequestHash("a", "", "c", {}), VerdictRequestHash("a", "c", "", {}));
  EXPECT_NE(SuiteRequestHash("d1", {}, {}), SuiteRequestHash("d2", {}, {}));
  EXPECT_NE(CallsHash({{"a", ""}, {"b", ""}}), CallsHash({{"b", ""}, {"a", ""}}));
}

TEST(RequestHashes, HoldTheLabelsByNameAndValue) {
  std::set<std::string> hashes;
  for (const Labels& labels :
       std::vector<Labels>{{}, {{"", ""}}, {{"a", "b"}}, {{"b", "a"}}, {{"a", "b"}, {"b", "a"}}}) {
    hashes.insert(SuiteRequestHash("d1", {}, labels));
    hashes.insert(VerdictRequestHash("d1", "", "", labels));
  }
  EXPECT_EQ(hashes.size(), 10u);
  // What a policy says of cohorts is no label.
  SuitePolicy policy;
  policy.cohort_margin = 0.2;
  EXPECT_NE(SuiteRequestHash("d1", policy, {}), SuiteRequestHash("d1", {}, {{"0.2", "150"}}));
}

// What is stored must mean the same for every later version of the program.
TEST(Hashes, NeverChangeForTheSameContent) {
  const std::vector<ToolCall> calls = {{"book", R"({"seat":1})"}};
  SuitePolicy policy;
  policy.cohort_floors["app"] = 0.9;
  EXPECT_EQ(ToHex(BarHash(policy, {{"c1", "question", "answer", calls, "app"}})),
            "aace68e52f29ba3071c442b3b2a9f919488115728b5ba5a84c5f75123bb8959f");
  EXPECT_EQ(ToHex(CallsHash(calls)),
            "5f445d61657b4007533438bb51ae3d77cc343354818fbc5fca38d2ceae00f89f");
  EXPECT_EQ(ToHex(OutputHash({"c1", "answer", calls, "late"})),
            "ae1b55aac2169248623bf0e922231a8165ba457ac19dfcf102c566067047d03a");
  EXPECT_EQ(ToHex(SuiteRequestHash("d1", policy, {})),
            "c670cdac636b13a30c167617c6470b4092cc570c7fc4d441394ca23f73f3a468");
  EXPECT_EQ(ToHex(VerdictRequestHash("s1", "m2", "m1", {})),
            "93a913435e86d25ea4c38c6d9ee88ef511ffaecf514149886f5b1492676686c0");
}

TEST(BarHash, DoesNotDependOnTheOrderOfTheCases) {
  std::vector<SuiteCase> cases = MakeCases(20, "app");
  const std::string hash = BarHash({}, cases);
  std::reverse(cases.begin(), cases.end());
  EXPECT_EQ(BarHash({}, cases), hash);
  EXPECT_EQ(hash.size(), 32u);
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
      [](SuitePolicy& p, SuiteCase&) { p.cohort_margin = 0.05; },
      [](SuitePolicy& p, SuiteCase&) { p.cohort_margin_cases = 100; },
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
      [](SuitePolicy&, SuiteCase& c) { c.question = "x"; },
      [](SuitePolicy&, SuiteCase& c) { c.question = "y"; },
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
