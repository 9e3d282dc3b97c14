// Salts of assignments: nobody computes arms by ids, and nobody changes arms.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "experiment_service/assignment_salt.h"
#include "experiment_service/domain/assignment.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

constexpr int kUnits = 200;

class SaltTest : public ServiceFixture {
 protected:
  // The arms of some units, in their order.
  std::vector<std::string> Arms() {
    std::vector<std::string> arms;
    for (int i = 0; i < kUnits; ++i) arms.push_back(Assign("user-" + std::to_string(i)).arm_id());
    return arms;
  }

  // What anybody can compute who knows all ids.
  static std::vector<std::string> PublicArms() {
    Experiment experiment;
    experiment.experiment_id = "exp";
    experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
    const Assignment assignment("default", experiment);
    std::vector<std::string> arms;
    for (int i = 0; i < kUnits; ++i) {
      const size_t arm = assignment.ArmOf("user-" + std::to_string(i));
      arms.push_back(experiment.arms[arm].arm_id);
    }
    return arms;
  }
};

TEST_F(SaltTest, KeepsArmsFromWhoeverKnowsTheIds) {
  new_salt_ = RandomSalt;
  RestartEmpty();
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  const std::vector<std::string> arms = Arms();
  EXPECT_NE(arms, PublicArms());
  // Another time the same ids are dealt otherwise.
  RestartEmpty();
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_NE(Arms(), arms);
}

TEST_F(SaltTest, LastsAsLongAsTheExperiment) {
  new_salt_ = RandomSalt;
  RestartEmpty();
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  const std::vector<std::string> arms = Arms();
  Restart();
  EXPECT_EQ(Arms(), arms);
  // A replay of the creation makes no other one.
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(Arms(), arms);
}

TEST_F(SaltTest, IsNoneOfAnExperimentFromBefore) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(Arms(), PublicArms());
  new_salt_ = RandomSalt;
  Restart();
  EXPECT_EQ(Arms(), PublicArms());
}

}  // namespace
}  // namespace flywheel::experiment
