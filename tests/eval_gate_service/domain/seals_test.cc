#include "eval_gate_service/domain/seals.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {
namespace {

const std::string kSalt = "sixteen bytes ..";

SuiteCase Case() {
  return {"c1", "question", "answer", std::vector<ToolCall>{{"book", "{}"}}, "app"};
}

OutputFacts Output() {
  return {"c1", 2, {CaseOutcome::kFailed, 1, 77}, Sha256("answer"), absl::FromUnixMicros(5)};
}

// Stored: a seal of today has to be that of next year.
TEST(Seals, NeverChangeForTheSameContent) {
  EXPECT_EQ(ToHex(CaseSeal(kSalt, Case())),
            "81613f9d1e3c2e29cd4c399030d9a8eac7f2b1079cd09a90e5beb5e3d709593b");
  EXPECT_EQ(ToHex(OutputSeal(kSalt, Output())),
            "62cc912f0697ce207f19a21793a1cef45c422c542cc8389637fe22b3a2c536bf");
  SealSet set;
  set.Add(Sha256("a"));
  set.Add(Sha256("b"));
  EXPECT_EQ(ToHex(set.Hash()), "dd63610fc5d5443ff443352aca2734b05c29349be7eca328e754ea982c1bc481");
}

TEST(Seals, ChangeWithEveryFieldAndWithTheSalt) {
  const std::vector<std::function<void(SuiteCase&)>> changes = {
      [](SuiteCase&) {},
      [](SuiteCase& one) { one.case_id = "c2"; },
      [](SuiteCase& one) { one.input = "b"; },
      [](SuiteCase& one) { one.ideal_output = "b"; },
      [](SuiteCase& one) { one.expected_tool_calls.reset(); },
      [](SuiteCase& one) { one.cohort = "b"; },
      [](SuiteCase& one) { one.question = "b"; },
      [](SuiteCase& one) { one.other_ideals = {"b"}; },
      [](SuiteCase& one) { one.group = "b"; },
      [](SuiteCase& one) { one.critical = true; },
      [](SuiteCase& one) {
        one.labels = {{"b", "c"}};
      },
      [](SuiteCase& one) {
        one.checks = {{"e", "exact", 1}};
      },
  };
  std::set<std::string> seals = {CaseSeal("another", Case())};
  for (const auto& change : changes) {
    SuiteCase one = Case();
    change(one);
    seals.insert(CaseSeal(kSalt, one));
  }
  EXPECT_EQ(seals.size(), changes.size() + 1);

  const std::vector<std::function<void(OutputFacts&)>> of_outputs = {
      [](OutputFacts&) {},
      [](OutputFacts& one) { one.case_id = "c2"; },
      [](OutputFacts& one) { one.attempt = 1; },
      [](OutputFacts& one) { one.judgement.outcome = CaseOutcome::kPassed; },
      [](OutputFacts& one) { one.judgement.failed_by = 0; },
      [](OutputFacts& one) { one.judgement.answer_key = 78; },
      [](OutputFacts& one) { one.content_hash = Sha256("b"); },
      [](OutputFacts& one) { one.create_time += absl::Microseconds(1); },
  };
  seals = {OutputSeal("another", Output())};
  for (const auto& change : of_outputs) {
    OutputFacts one = Output();
    change(one);
    seals.insert(OutputSeal(kSalt, one));
  }
  EXPECT_EQ(seals.size(), of_outputs.size() + 1);
}

std::string HashOf(const std::vector<std::string>& seals) {
  SealSet set;
  for (const std::string& seal : seals) set.Add(seal);
  return set.Hash();
}

TEST(SealSet, IsTheSameInWhateverOrderAndHoweverOftenASealComes) {
  const std::string a = Sha256("a");
  const std::string b = Sha256("b");
  EXPECT_EQ(HashOf({a, b}), HashOf({b, a, b}));
  EXPECT_NE(HashOf({a, b}), HashOf({a}));
  EXPECT_NE(HashOf({a}), HashOf({b}));
  EXPECT_NE(HashOf({a}), HashOf({a.substr(0, 31)})) << "one that was put in by hand";
  EXPECT_NE(HashOf({a}), HashOf({a + "x"}));
  SealSet set;
  EXPECT_EQ(set.size(), 0u);
  set.Add(a);
  set.Add(a);
  EXPECT_EQ(set.size(), 1u);
}

}  // namespace
}  // namespace flywheel::evalgate
