// ListAgents: what serves each agent, and what is compared with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/experiment_service/ramp_fixture.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;

class AgentsTest : public RampFixture {
 protected:
  void Promote(const std::string& promotion_id, const std::string& agent,
               const std::string& version) {
    v1::PromoteVersionRequest request = Waived(promotion_id, version);
    request.set_agent(agent);
    ASSERT_OK(Call(&Stub::PromoteVersion, request));
  }
  std::vector<v1::Agent> Agents(int page_size = 0) {
    std::vector<v1::Agent> agents;
    v1::ListAgentsRequest request;
    request.set_page_size(page_size);
    do {
      v1::ListAgentsResponse response;
      EXPECT_OK(Call(&Stub::ListAgents, request, &response));
      agents.insert(agents.end(), response.agents().begin(), response.agents().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return agents;
  }
  std::vector<std::string> Names(int page_size) {
    std::vector<std::string> names;
    for (const v1::Agent& agent : Agents(page_size)) {
      names.push_back(agent.active_version().agent());
    }
    return names;
  }
};

TEST_F(AgentsTest, ShowsWhatServesAndWhatStandsOfTheExperimentThatRuns) {
  ASSERT_OK(Create(Ramped(/*promote=*/false)));
  std::vector<v1::Agent> agents = Agents();
  ASSERT_EQ(agents.size(), 1);
  EXPECT_EQ(agents[0].active_version().SerializeAsString(), Active().SerializeAsString());
  EXPECT_EQ(agents[0].promotions(), 1);
  EXPECT_EQ(agents[0].experiments(), 1);
  const v1::RunningExperiment& running = agents[0].running_experiment();
  EXPECT_EQ(running.experiment_id(), "exp");
  EXPECT_EQ(running.ramp_state().SerializeAsString(), StateOf().SerializeAsString());
  EXPECT_EQ(running.ramp_steps(), 3);
  ASSERT_EQ(running.treatments_size(), 1);
  EXPECT_EQ(running.treatments(0).arm_id(), "treatment");
  EXPECT_EQ(running.treatments(0).model_version(), "v2");
  EXPECT_EQ(running.treatments(0).recommendation(), v1::RECOMMENDATION_CONTINUE);
  EXPECT_EQ(running.treatments(0).reason(), v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
  EXPECT_EQ(running.treatments(0).decision(), 0);

  ServeCovered(0, 1'200, {{"accepted", Accepts(4, 7)}});
  agents = Agents();
  const v1::TreatmentStanding& shipped = agents[0].running_experiment().treatments(0);
  EXPECT_EQ(shipped.recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(shipped.decision(), Analyze("exp").comparisons(0).decision());

  Promote("p-2", "helper", "v2");
  agents = Agents();
  EXPECT_FALSE(agents[0].has_running_experiment()) << "the promotion stopped it";
  EXPECT_EQ(agents[0].active_version().model_version(), "v2");
  EXPECT_EQ(agents[0].promotions(), 2);
  EXPECT_EQ(agents[0].experiments(), 1);
}

TEST_F(AgentsTest, GoByNameInPagesOfOneProject) {
  Promote("p-b", "agent b", "b1");
  Promote("p-a", "agent-a", "a1");
  Promote("p-z", "z", "z1");
  const auto names = ElementsAre("agent b", "agent-a", "helper", "z");
  EXPECT_THAT(Names(0), names);
  for (const int page_size : {1, 2, 3, 4}) EXPECT_THAT(Names(page_size), names) << page_size;
  project_ = "other";
  EXPECT_THAT(Names(1), ElementsAre());

  v1::ListAgentsRequest foreign;
  foreign.set_page_token("0123456789abcdef-z");
  EXPECT_THAT(Call(&Stub::ListAgents, foreign), HasReason(Reason::kInvalidArgument));
  foreign.clear_page_token();
  foreign.set_page_size(-1);
  EXPECT_THAT(Call(&Stub::ListAgents, foreign), HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::experiment
