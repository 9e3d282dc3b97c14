#include "eval_gate_service/domain/content_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "eval_gate_service/domain/evidence_hash.h"
#include "eval_gate_service/domain/judged_case.h"
#include "shared/hashing/sha256.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

TEST(RequestHashes, KeepTheirFieldsApart) {
  EXPECT_NE(VerdictRequestHash("ab", "c", "", {}, {}), VerdictRequestHash("a", "bc", "", {}, {}));
  EXPECT_NE(VerdictRequestHash("a", "", "c", {}, {}), VerdictRequestHash("a", "c", "", {}, {}));
  EXPECT_NE(SuiteRequestHash("d1", {}, "s", {}), SuiteRequestHash("d2", {}, "s", {}));
  EXPECT_NE(CallsHash({{"a", ""}, {"b", ""}}), CallsHash({{"b", ""}, {"a", ""}}));
}

TEST(RequestHashes, HoldTheLabelsByNameAndValue) {
  std::set<std::string> hashes;
  for (const Labels& labels :
       std::vector<Labels>{{}, {{"", ""}}, {{"a", "b"}}, {{"b", "a"}}, {{"a", "b"}, {"b", "a"}}}) {
    hashes.insert(SuiteRequestHash("d1", {}, "s", labels));
    hashes.insert(VerdictRequestHash("d1", "", "", {}, labels));
  }
  EXPECT_EQ(hashes.size(), 10u);
}

// What is stored must mean the same for every later version of the program.
TEST(Hashes, NeverChangeForTheSameContent) {
  const std::vector<ToolCall> calls = {{"book", R"({"seat":1})"}};
  Bar bar;
  bar.cohort_floors["app"] = 0.9;
  EXPECT_EQ(ToHex(BarHash(
                bar, SuiteHash({{"e", "exact", 1}}, {{"c1", "question", "answer", calls, "app"}}))),
            "64042d44936fcd15fef586a7f59033d423692f7e520724e1ab848f49eb6ac7bf");
  EXPECT_EQ(ToHex(CallsHash(calls)),
            "5f445d61657b4007533438bb51ae3d77cc343354818fbc5fca38d2ceae00f89f");
  EXPECT_EQ(ToHex(OutputHash({"c1", "answer", calls, "late"})),
            "ae1b55aac2169248623bf0e922231a8165ba457ac19dfcf102c566067047d03a");
  EXPECT_EQ(ToHex(SuiteRequestHash("d1", {}, "s", {})),
            "d166a7b84a171eb5cf33f93c73dfbeb319ac4f80c8ab9f54cd3b63b09bc968a3");
  EXPECT_EQ(ToHex(VerdictRequestHash("s1", "m2", "m1", {}, {})),
            "93a913435e86d25ea4c38c6d9ee88ef511ffaecf514149886f5b1492676686c0");
}

// What cases got later is told apart, each from the others, and leaves the older hashes as they
// are.
TEST(SuiteHash, ChangesWithEveryFieldThatCasesGotLater) {
  const std::vector<std::function<void(SuiteCase&)>> changes = {
      [](SuiteCase&) {},
      [](SuiteCase& one) { one.other_ideals = {"b"}; },
      [](SuiteCase& one) {
        one.other_ideals = {"b", "c"};
      },
      [](SuiteCase& one) { one.group = "b"; },
      [](SuiteCase& one) { one.critical = true; },
      [](SuiteCase& one) {
        one.labels = {{"b", "c"}};
      },
      [](SuiteCase& one) {
        one.labels = {{"c", "b"}};
      },
      [](SuiteCase& one) { one.expected_tool_calls->front().any_of = true; }};
  std::set<std::string> hashes;
  for (const auto& change : changes) {
    SuiteCase one{"c1", "question", "answer", std::vector<ToolCall>{{"book", "{}"}}, "app"};
    change(one);
    hashes.insert(SuiteHash({}, {one}));
  }
  EXPECT_EQ(hashes.size(), changes.size());
}

TEST(RequestHashes, OfUploadsKeepTheirFieldsApart) {
  std::set<std::string> hashes = {
      SuiteUploadHash("a", "s", {}, "h"), SuiteUploadHash("b", "s", {}, "h"),
      SuiteUploadHash("a", "t", {}, "h"), SuiteUploadHash("a", "s", {{"l", "v"}}, "h"),
      SuiteUploadHash("a", "s", {}, "i")};
  EXPECT_EQ(hashes.size(), 5u);
}

TEST(SuiteHash, DoesNotDependOnTheOrderOfTheCases) {
  std::vector<SuiteCase> cases = MakeCases(20, "app");
  const std::string hash = SuiteHash({}, cases);
  std::reverse(cases.begin(), cases.end());
  EXPECT_EQ(SuiteHash({}, cases), hash);
  EXPECT_EQ(hash.size(), 32u);
}

// What a bar hash is over, beside the cases.
struct Judged {
  Bar bar;
  std::vector<EvaluatorSpec> evaluators = {{"e", "exact", 1}};
};

TEST(BarHash, ChangesWithEveryFieldOfTheBarAndOfACase) {
  using Change = std::function<void(Judged&, SuiteCase&)>;
  const std::vector<Change> changes = {
      [](Judged&, SuiteCase&) {},
      [](Judged& p, SuiteCase&) { p.evaluators[0].evaluator_id = "f"; },
      [](Judged& p, SuiteCase&) { p.evaluators[0].kind = "numeric"; },
      [](Judged& p, SuiteCase&) { p.evaluators[0].version = 2; },
      [](Judged& p, SuiteCase&) { p.evaluators[0].parameters_json = "{}"; },
      [](Judged& p, SuiteCase&) { p.evaluators[0].threshold = 0.5; },
      [](Judged& p, SuiteCase&) { p.evaluators[0].informative = true; },
      [](Judged& p, SuiteCase&) {
        p.evaluators.push_back({"g", "exact", 1});
      },
      [](Judged& p, SuiteCase&) { p.bar.pass_rate_floor = 0.93; },
      [](Judged& p, SuiteCase&) { p.bar.cohort_floors["app"] = 0.92; },
      [](Judged& p, SuiteCase&) { p.bar.non_inferiority_margin = 0.02; },
      [](Judged& p, SuiteCase&) { p.bar.alpha = 0.01; },
      [](Judged& p, SuiteCase&) { p.bar.min_cohort_cases = 2; },
      [](Judged& p, SuiteCase&) { p.bar.cohort_margin = 0.05; },
      [](Judged& p, SuiteCase&) { p.bar.cohort_margin_cases = 100; },
      [](Judged& p, SuiteCase&) { p.bar.least_cases = 100; },
      [](Judged& p, SuiteCase&) { p.bar.repeat_rule = RepeatRule::kAll; },
      [](Judged& p, SuiteCase&) { p.bar.repeat_rule = RepeatRule::kAny; },
      [](Judged& p, SuiteCase&) { p.bar.least_attempts = 3; },
      [](Judged& p, SuiteCase&) { p.bar.point_floor = 0.9; },
      [](Judged& p, SuiteCase&) {
        p.bar.evaluators = {{"e1", "exact"}};
      },
      [](Judged&, SuiteCase& c) { c.case_id += "x"; },
      [](Judged&, SuiteCase& c) { c.input += "x"; },
      [](Judged&, SuiteCase& c) { c.ideal_output += "x"; },
      [](Judged&, SuiteCase& c) {
        c.expected_tool_calls = std::vector<ToolCall>{{"a", ""}};
      },
      [](Judged&, SuiteCase& c) {
        c.expected_tool_calls = std::vector<ToolCall>{{"a", "{}"}};
      },
      [](Judged&, SuiteCase& c) { c.expected_tool_calls.emplace(); },
      [](Judged&, SuiteCase& c) { c.cohort += "x"; },
      [](Judged&, SuiteCase& c) { c.question = "x"; },
      [](Judged&, SuiteCase& c) { c.question = "y"; },
  };
  std::set<std::string> hashes;
  for (const Change& change : changes) {
    Judged judged;
    std::vector<SuiteCase> cases = MakeCases(3, "app");
    change(judged, cases[1]);
    hashes.insert(BarHash(judged.bar, SuiteHash(judged.evaluators, cases)));
  }
  EXPECT_EQ(hashes.size(), changes.size());
}

TEST(OutputHash, CoversOutputCallsAndError) {
  const std::set<std::string> hashes = {
      OutputHash({"c", "", {}, ""}), OutputHash({"c", "x", {}, ""}), OutputHash({"c", "", {}, "x"}),
      OutputHash({"c", "", {{"x", ""}}, ""}), OutputHash({"c", "", {{"", "x"}}, ""})};
  EXPECT_EQ(hashes.size(), 5u);
}

// What verdicts of before were given on is the same evidence, whatever is known of a case since.
TEST(EvidenceHashOfBefore, KnowsNoCohortsOfLabels) {
  std::vector<JudgedCase> cases(3);
  cases[1].cohort = "app";
  const std::string before = EvidenceHashOfBefore({&cases}, {});
  const std::string now = OutcomesHash(cases);
  const std::vector<std::string_view> cohorts = {"language=de"};
  cases[1].label_cohorts = cohorts;
  EXPECT_EQ(EvidenceHashOfBefore({&cases}, {}), before);
  EXPECT_NE(OutcomesHash(cases), now);
}

}  // namespace
}  // namespace flywheel::evalgate
