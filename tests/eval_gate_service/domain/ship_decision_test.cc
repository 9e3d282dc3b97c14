#include "eval_gate_service/domain/ship_decision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace flywheel::evalgate {
namespace {

// Nothing serves yet.
const ShipQuestion kQuestion{"m1", "helper", ""};

Verdict MakeVerdict(const std::string& id, Decision decision, const std::string& baseline = "",
                    const std::string& agent = "helper") {
  Verdict verdict;
  verdict.verdict_id = id;
  verdict.agent = agent;
  verdict.model_version = "m1";
  verdict.baseline_model_version = baseline;
  verdict.decision = decision;
  return verdict;
}

ShipDecision Decide(const ShipQuestion& question, const std::vector<Verdict>& newest_first) {
  ShipDecision ship(question);
  for (const Verdict& verdict : newest_first) ship.Add(verdict);
  return ship;
}

std::string DecidedBy(const ShipDecision& ship) {
  return ship.strictest() == nullptr ? "" : ship.strictest()->verdict_id;
}

TEST(ShipDecision, IsNoneWithoutAVerdict) {
  EXPECT_EQ(ShipDecision(kQuestion).decision(), Decision::kNone);
  EXPECT_EQ(ShipDecision(kQuestion).strictest(), nullptr);
}

TEST(ShipDecision, IsTheStrictestWhateverTheOrder) {
  std::vector<Verdict> verdicts = {MakeVerdict("1-block", Decision::kBlock),
                                   MakeVerdict("2-inconclusive", Decision::kInconclusive),
                                   MakeVerdict("3-pass", Decision::kPass)};
  const auto by_id = [](const Verdict& a, const Verdict& b) { return a.verdict_id < b.verdict_id; };
  do {
    EXPECT_EQ(Decide(kQuestion, verdicts).decision(), Decision::kBlock);
    EXPECT_EQ(DecidedBy(Decide(kQuestion, verdicts)), "1-block");
  } while (std::next_permutation(verdicts.begin(), verdicts.end(), by_id));
  verdicts.erase(verdicts.begin());
  EXPECT_EQ(Decide(kQuestion, verdicts).decision(), Decision::kInconclusive);
}

TEST(ShipDecision, NamesTheNewestOfEqualOnes) {
  const ShipDecision ship = Decide(
      kQuestion, {MakeVerdict("newer", Decision::kPass), MakeVerdict("older", Decision::kPass)});
  EXPECT_EQ(DecidedBy(ship), "newer");
}

TEST(ShipDecision, CountsVerdictsOnTheVersionAndTheAgentAlone) {
  Verdict other_version = MakeVerdict("other", Decision::kBlock);
  other_version.model_version = "m2";
  const std::vector<Verdict> verdicts = {other_version,
                                         MakeVerdict("elsewhere", Decision::kBlock, "", "another"),
                                         MakeVerdict("here", Decision::kPass)};
  EXPECT_EQ(Decide(kQuestion, verdicts).decision(), Decision::kPass);
  EXPECT_EQ(Decide({"m1", "nobody", ""}, verdicts).decision(), Decision::kNone);
}

TEST(ShipDecision, APassCountsAgainstTheVersionThatServesAlone) {
  const ShipQuestion question{"m1", "helper", "serving"};
  std::vector<Verdict> verdicts = {MakeVerdict("floors", Decision::kPass),
                                   MakeVerdict("weak", Decision::kPass, "weak")};
  const ShipDecision before = Decide(question, verdicts);
  EXPECT_EQ(before.decision(), Decision::kInconclusive);
  EXPECT_EQ(DecidedBy(before), "weak");
  EXPECT_EQ(Decide(kQuestion, verdicts).decision(), Decision::kPass);
  EXPECT_EQ(DecidedBy(Decide(kQuestion, verdicts)), "floors");
  verdicts.push_back(MakeVerdict("oldest", Decision::kPass, "serving"));
  const ShipDecision after = Decide(question, verdicts);
  EXPECT_EQ(after.decision(), Decision::kPass);
  EXPECT_EQ(DecidedBy(after), "oldest");
}

TEST(ShipDecision, ABlockAgainstAnyBaselineStands) {
  const ShipDecision ship =
      Decide({"m1", "helper", "serving"}, {MakeVerdict("pass", Decision::kPass, "serving"),
                                           MakeVerdict("block", Decision::kBlock, "other")});
  EXPECT_EQ(ship.decision(), Decision::kBlock);
  EXPECT_EQ(DecidedBy(ship), "block");
}

}  // namespace
}  // namespace flywheel::evalgate
