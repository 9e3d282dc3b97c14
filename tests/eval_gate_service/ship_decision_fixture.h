// Test fixture: a gate with a release policy, a version that serves and two that want to.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SHIP_DECISION_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SHIP_DECISION_FIXTURE_H_

#include <string>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {

class ShipDecisionFixture : public EvalGateTest {
 protected:
  // "s1": 400 cases, and the policy's only suite. "m0" serves; "m1" is as good, "bad" is not.
  void SetUp() override {
    MakeSuite(400);
    ASSERT_OK(SetPolicy(PolicyRequest()));
    ASSERT_OK(Approve("m0"));
    SubmitAll("m0", 400, /*wrong=*/4);
    SubmitAll("m1", 400, /*wrong=*/4);
    SubmitAll("bad", 400, /*wrong=*/80);
  }

  // A version of "s1" with `count` cases, of which the serving version has `wrong` wrong.
  void MakeVersion(const std::string& suite_id, int count, int wrong = 0) {
    PutRows(count, "", "d-" + suite_id);
    v1::CreateSuiteRequest request = SuiteRequest(suite_id, "d-" + suite_id);
    request.set_suite_name("s1");
    ASSERT_OK(Create(request));
    SubmitAll("m0", count, wrong, suite_id);
  }

  // A suite of an agent of its own, of which nothing is approved yet.
  void MakeSuiteOf(const std::string& agent, int count) {
    agent_ = agent;
    PutRows(count, "", "d-" + agent);
    curation_.SetAgent("d-" + agent, agent);
    ASSERT_OK(Create(SuiteRequest(agent, "d-" + agent)));
  }

  static v1::StandingReason ReasonOf(const v1::GetShipDecisionResponse& response) {
    return response.suites_size() == 0 ? v1::STANDING_REASON_UNSPECIFIED
                                       : response.suites(0).reason();
  }

  void ExpectBlocked(const std::string& model_version, const std::string& verdict_id) {
    const v1::GetShipDecisionResponse response = ShipDecision(model_version);
    EXPECT_FALSE(response.may_ship());
    EXPECT_EQ(response.decision(), v1::DECISION_BLOCK);
    EXPECT_EQ(response.suites(0).verdict().verdict_id(), verdict_id);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SHIP_DECISION_FIXTURE_H_
