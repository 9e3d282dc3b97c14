#include "eval_gate_service/domain/ship_decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

// A policy of two suites; "m0" serves, and is the best that was approved.
ShipEvidence Evidence() {
  ShipEvidence evidence;
  evidence.policy.agent = "helper";
  evidence.policy.policy_version = 3;
  evidence.policy.suites = {{"refunds", {}}, {"orders", {}}};
  evidence.baselines = {"m0", "m0"};
  return evidence;
}

Verdict MakeVerdict(const std::string& suite_name, Decision decision,
                    const std::string& baseline = "m0") {
  Verdict verdict;
  verdict.verdict_id = suite_name + "-verdict";
  verdict.agent = "helper";
  verdict.suite_name = suite_name;
  verdict.suite_version = 1;
  verdict.policy_version = 3;
  verdict.look = 1;
  verdict.model_version = "m1";
  verdict.baseline_model_version = baseline;
  verdict.decision = decision;
  return verdict;
}

VerdictWaiver MakeWaiver(const std::vector<std::string>& suite_names, absl::Duration left) {
  VerdictWaiver waiver;
  waiver.waiver_id = "w1";
  waiver.agent = "helper";
  waiver.model_version = "m1";
  waiver.suite_names = suite_names;
  waiver.owner = "the owner";
  waiver.reason = "known, and mended by hand";
  waiver.expire_time = kNow + left;
  return waiver;
}

ShipDecision Decide(const ShipEvidence& evidence, const std::string& replaces = "") {
  return DecideShip({"m1", "helper", replaces}, evidence, kNow);
}

TEST(ShipDecision, PassesWhatPassesEverySuite) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass),
                       MakeVerdict("orders", Decision::kPass)};
  const ShipDecision decision = Decide(evidence, "m0");
  EXPECT_EQ(decision.decision, Decision::kPass);
  EXPECT_TRUE(decision.may_ship);
  EXPECT_EQ(decision.policy_version, 3);
  ASSERT_EQ(decision.suites.size(), 2u);
  EXPECT_EQ(decision.suites[1].suite_name, "orders");
  EXPECT_EQ(decision.suites[1].verdict->verdict_id, "orders-verdict");
}

TEST(ShipDecision, TheStrictestSuiteDecides) {
  // In the order of their strictness, with that of the other suite.
  const std::vector<Decision> decisions = {Decision::kBlock, Decision::kInconclusive,
                                           Decision::kNone, Decision::kPass};
  for (size_t i = 0; i < decisions.size(); ++i) {
    for (size_t j = 0; j < decisions.size(); ++j) {
      ShipEvidence evidence = Evidence();
      if (decisions[i] != Decision::kNone) {
        evidence.verdicts.push_back(MakeVerdict("refunds", decisions[i]));
      }
      if (decisions[j] != Decision::kNone) {
        evidence.verdicts.push_back(MakeVerdict("orders", decisions[j]));
      }
      const ShipDecision decision = Decide(evidence);
      EXPECT_EQ(decision.decision, decisions[std::min(i, j)]) << i << " " << j;
      EXPECT_EQ(decision.may_ship, i == 3 && j == 3);
    }
  }
}

TEST(ShipDecision, ABlockStandsWhateverCameLaterAndWhateverIsAskedNow) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("orders", Decision::kPass),
                       MakeVerdict("refunds", Decision::kPass),
                       MakeVerdict("refunds", Decision::kBlock, "an older one")};
  evidence.verdicts.back().bar.pass_rate_floor = 0.99;
  EXPECT_EQ(Decide(evidence).decision, Decision::kBlock);
  EXPECT_EQ(Decide(evidence).suites.at(0).reason, StandingReason::kBlocked);
}

TEST(ShipDecision, APassAtAnyLookStands) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("orders", Decision::kPass),
                       MakeVerdict("refunds", Decision::kPass),
                       MakeVerdict("refunds", Decision::kInconclusive)};
  EXPECT_EQ(Decide(evidence).decision, Decision::kPass);
}

TEST(ShipDecision, ExplorationsAndOtherSuitesSayNothing) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {
      MakeVerdict("refunds", Decision::kPass), MakeVerdict("hobby", Decision::kBlock),
      MakeVerdict("orders", Decision::kPass), MakeVerdict("orders", Decision::kBlock)};
  evidence.verdicts.back().policy_version = 0;
  EXPECT_EQ(Decide(evidence).decision, Decision::kPass);
  evidence.verdicts[2].policy_version = 0;
  EXPECT_EQ(Decide(evidence).decision, Decision::kNone);
  EXPECT_EQ(Decide(evidence).suites.at(1).reason, StandingReason::kNotJudged);
}

TEST(ShipDecision, APassForAnotherBarOrAgainstAnotherVersionAnswersAnotherQuestion) {
  ShipEvidence evidence = Evidence();
  evidence.policy.suites = {{"refunds", {}}};
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass)};
  evidence.verdicts[0].bar.pass_rate_floor = 0.5;
  EXPECT_EQ(Decide(evidence).decision, Decision::kNone);
  EXPECT_EQ(Decide(evidence).suites.at(0).reason, StandingReason::kOtherBar);

  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass, "older")};
  EXPECT_EQ(Decide(evidence).suites.at(0).reason, StandingReason::kOtherBaseline);
  EXPECT_THAT(Decide(evidence).message, HasSubstr("judge it against 'm0', under a new"));

  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass)};
  evidence.baselines.reference = "best";
  EXPECT_EQ(Decide(evidence).suites.at(0).reason, StandingReason::kOtherBaseline);
}

TEST(ShipDecision, WhatServesNeedsNoComparisonAnyMore) {
  ShipEvidence evidence = Evidence();
  evidence.policy.suites = {{"refunds", {}}};
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass)};
  evidence.baselines = {"M1", "m1"};
  EXPECT_EQ(Decide(evidence).decision, Decision::kPass);
}

TEST(ShipDecision, ACallerWhoWouldReplaceAnotherVersionGetsNoPass) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass),
                       MakeVerdict("orders", Decision::kPass)};
  const ShipDecision decision = Decide(evidence, "m7");
  EXPECT_EQ(decision.decision, Decision::kInconclusive);
  EXPECT_FALSE(decision.may_ship);
  EXPECT_THAT(decision.message, HasSubstr("would replace 'm7'"));
}

TEST(ShipDecision, AWaiverLetsShipAndChangesNoDecision) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("refunds", Decision::kBlock)};
  evidence.waivers = {MakeWaiver({"refunds"}, absl::Hours(1))};
  EXPECT_FALSE(Decide(evidence).may_ship) << "the other suite was not judged";
  evidence.waivers = {MakeWaiver({}, absl::Hours(1))};
  const ShipDecision decision = Decide(evidence);
  EXPECT_TRUE(decision.may_ship);
  EXPECT_EQ(decision.decision, Decision::kBlock);
  EXPECT_EQ(decision.suites.at(0).reason, StandingReason::kWaived);
  EXPECT_THAT(decision.suites.at(0).message, HasSubstr("waived by the owner until"));
  evidence.waivers = {MakeWaiver({}, absl::ZeroDuration())};
  EXPECT_FALSE(Decide(evidence).may_ship) << "it ends with its time";
}

TEST(ShipDecision, AWaivedSuiteDoesNotHideThatTheCallerReplacesAnother) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass)};
  evidence.waivers = {MakeWaiver({"orders"}, absl::Hours(1))};
  EXPECT_TRUE(Decide(evidence, "m0").may_ship);
  const ShipDecision other = Decide(evidence, "m7");
  EXPECT_FALSE(other.may_ship);
  EXPECT_EQ(other.decision, Decision::kInconclusive);
}

TEST(ShipDecision, AWaiverDoesNotCoverWhatIsFoundAfterIt) {
  ShipEvidence evidence = Evidence();
  evidence.policy.suites = {{"refunds", {}}};
  evidence.verdicts = {MakeVerdict("refunds", Decision::kBlock)};
  evidence.waivers = {MakeWaiver({}, absl::Hours(1))};
  evidence.verdicts[0].create_time = kNow - absl::Hours(1);
  evidence.waivers[0].create_time = kNow - absl::Hours(2);
  EXPECT_FALSE(Decide(evidence).may_ship);
  evidence.waivers[0].create_time = kNow - absl::Minutes(30);
  EXPECT_TRUE(Decide(evidence).may_ship);
}

TEST(ShipDecision, TheNewestWaiverCounts) {
  ShipEvidence evidence = Evidence();
  evidence.policy.suites = {{"refunds", {}}};
  evidence.verdicts = {MakeVerdict("refunds", Decision::kBlock)};
  evidence.waivers = {MakeWaiver({"refunds"}, absl::ZeroDuration()),
                      MakeWaiver({}, absl::Hours(9))};
  EXPECT_FALSE(Decide(evidence).may_ship) << "it was taken back";
  evidence.waivers[0].suite_names = {"orders"};
  EXPECT_TRUE(Decide(evidence).may_ship);
}

TEST(ShipDecision, APassOfAKeyThatIsNoJudgeAnyMoreDoesNotCountAndItsBlockStands) {
  ShipEvidence evidence = Evidence();
  evidence.policy.suites = {{"refunds", {}}};
  evidence.policy.judges = {"release"};
  evidence.verdicts = {MakeVerdict("refunds", Decision::kPass)};
  evidence.verdicts[0].created_by = "nightly";
  EXPECT_EQ(Decide(evidence).decision, Decision::kNone);
  evidence.verdicts[0].created_by = "release";
  EXPECT_EQ(Decide(evidence).decision, Decision::kPass);
  evidence.verdicts = {MakeVerdict("refunds", Decision::kBlock)};
  evidence.verdicts[0].created_by = "nightly";
  EXPECT_EQ(Decide(evidence).decision, Decision::kBlock);
}

TEST(ShipDecision, NamesWhatIsMissingRatherThanWhatIsWaived) {
  ShipEvidence evidence = Evidence();
  evidence.verdicts = {MakeVerdict("refunds", Decision::kBlock)};
  evidence.waivers = {MakeWaiver({"refunds"}, absl::Hours(1))};
  const ShipDecision decision = Decide(evidence);
  EXPECT_THAT(decision.message, HasSubstr("not judged on suite 'orders' yet"));
  EXPECT_EQ(DecidingSuite(decision)->suite_name, "orders");
}

TEST(ShipDecision, WithoutAPolicyNothingMayShip) {
  const ShipDecision decision = NotConfigured({"m1", "helper"});
  EXPECT_FALSE(decision.may_ship);
  EXPECT_EQ(decision.decision, Decision::kNotConfigured);
  EXPECT_THAT(decision.message, HasSubstr("SetReleasePolicy"));
}

TEST(ReleaseQuestion, ComparesNoVersionWithItself) {
  const Baselines baselines{"m0", "best"};
  EXPECT_EQ(QuestionTo("m1", {}, baselines).reference_model_version, "best");
  EXPECT_EQ(QuestionTo("BEST", {}, baselines).reference_model_version, "");
  EXPECT_EQ(QuestionTo("m0", {}, baselines).baseline_model_version, "");
  EXPECT_EQ(QuestionTo("m1", {}, {"m0", " M0"}).reference_model_version, "");
}

SuiteStanding Standing(Decision decision, double lower, const std::string& against = "best") {
  SuiteStanding standing;
  standing.decision = decision;
  standing.verdict = MakeVerdict("refunds", decision);
  Finding finding;
  finding.kind = FindingKind::kNotWorseThanBaseline;
  finding.estimate = lower + 0.01;
  finding.lower = lower;
  finding.baseline_model_version = against;
  standing.verdict->findings = {finding};
  return standing;
}

TEST(NewReference, TakesAPassThatLostNothing) {
  EXPECT_TRUE(IsNewReference({}, ""));
  EXPECT_TRUE(IsNewReference({Standing(Decision::kPass, 0)}, "best"));
  EXPECT_FALSE(IsNewReference({Standing(Decision::kPass, -0.001)}, "best"));
  EXPECT_FALSE(IsNewReference({Standing(Decision::kPass, 0.1, "m0")}, "best"));
  EXPECT_FALSE(IsNewReference({Standing(Decision::kInconclusive, 0.1)}, "best"));
  EXPECT_FALSE(
      IsNewReference({Standing(Decision::kPass, 0.1), Standing(Decision::kPass, -0.1)}, "best"));
}

TEST(Looks, ShareOneAlphaHoweverManyThereAre) {
  Bar bar;
  double spent = 0;
  for (int look = 1; look <= 40; ++look) spent += AtLook(bar, look).alpha;
  EXPECT_NEAR(spent, bar.alpha, 1e-12);
  EXPECT_DOUBLE_EQ(AtLook(bar, 1).alpha, 0.045);
  EXPECT_DOUBLE_EQ(AtLook(bar, 3).alpha, 0.00125);
  EXPECT_EQ(AtLook(bar, 0).alpha, bar.alpha);
}

}  // namespace
}  // namespace flywheel::evalgate
