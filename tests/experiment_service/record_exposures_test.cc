// Exposures of clients that assign by themselves, and batches of assignments.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "experiment_service/domain/assignment.h"
#include "experiment_service/domain/experiment.h"
#include "shared/rpc/field_checks.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using common::v1::ITEM_STATUS_REJECTED;
using common::v1::ITEM_STATUS_REPLAYED;
using common::v1::ITEM_STATUS_STORED;

class RecordExposuresTest : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
    ASSERT_OK(Create(Comparison("exp")));
  }

  // The arm of a user, found out in a project's twin: asking Assign here would expose the user.
  std::string ArmOf(const std::string& user) const {
    Experiment experiment;
    experiment.experiment_id = "exp";
    experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
    return experiment.arms[Assignment("default", experiment).ArmOf(user)].arm_id;
  }

  v1::UnitExposure ExposureOf(const std::string& user) const {
    v1::UnitExposure exposure;
    exposure.set_experiment_id("exp");
    exposure.set_user_id(user);
    exposure.set_arm_id(ArmOf(user));
    *exposure.mutable_expose_time() = rpc::ToProto(clock_.Now());
    return exposure;
  }

  v1::RecordExposuresResponse Expose(const std::vector<v1::UnitExposure>& exposures) {
    v1::RecordExposuresRequest request;
    for (const v1::UnitExposure& exposure : exposures) *request.add_exposures() = exposure;
    v1::RecordExposuresResponse response;
    EXPECT_OK(Call(&Stub::RecordExposures, request, &response));
    EXPECT_EQ(response.results_size(), static_cast<int>(exposures.size()));
    EXPECT_EQ(response.assignment_tokens_size(), response.results_size());
    return response;
  }

  void ExpectRejected(const v1::UnitExposure& exposure, common::v1::ErrorReason reason) {
    const v1::RecordExposuresResponse response = Expose({exposure});
    EXPECT_EQ(response.results(0).status(), ITEM_STATUS_REJECTED);
    EXPECT_EQ(response.results(0).reason(), reason) << response.results(0).message();
    EXPECT_EQ(response.assignment_tokens(0), "");
  }

  int64_t Exposed() {
    const v1::Analysis analysis = Analyze("exp");
    return analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units();
  }
};

TEST_F(RecordExposuresTest, ExposesUnitsOnceAndSealsATokenForTheirOutcomes) {
  std::vector<v1::UnitExposure> exposures;
  for (int i = 0; i < 100; ++i) exposures.push_back(ExposureOf("user-" + std::to_string(i)));
  exposures.push_back(exposures.front());
  const v1::RecordExposuresResponse first = Expose(exposures);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.results(i).status(), ITEM_STATUS_STORED);
  EXPECT_EQ(first.results(100).status(), ITEM_STATUS_REPLAYED);
  EXPECT_EQ(first.assignment_tokens(100), first.assignment_tokens(0));
  EXPECT_EQ(Exposed(), 100);

  clock_.Advance(absl::Seconds(5));
  v1::UnitOutcome outcome;
  outcome.set_outcome_id("o-0");
  outcome.set_assignment_token(first.assignment_tokens(0));
  outcome.set_metric("accepted");
  outcome.set_value(1);
  *outcome.mutable_event_time() = rpc::ToProto(clock_.Now());
  EXPECT_EQ(Record({outcome})[0].status(), ITEM_STATUS_STORED);
  EXPECT_EQ(Record({OutcomeOf("o-1", "user-1", 1)})[0].status(), ITEM_STATUS_STORED)
      << "by its id too, because the exposure is on disk";
  // Sent again after a lost answer, with a restart between.
  Restart();
  const v1::RecordExposuresResponse again = Expose(exposures);
  for (int i = 0; i <= 100; ++i) {
    EXPECT_EQ(again.results(i).status(), ITEM_STATUS_REPLAYED);
    EXPECT_EQ(again.assignment_tokens(i), first.assignment_tokens(i));
  }
  EXPECT_EQ(Exposed(), 100);
}

TEST_F(RecordExposuresTest, IsTheSameExposureAsThatOfAssign) {
  Assign("ada");
  EXPECT_EQ(Record({OutcomeOf("o-1", "ada", 1)})[0].status(), ITEM_STATUS_STORED);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Expose({ExposureOf("ada")}).results(0).status(), ITEM_STATUS_REPLAYED);
  EXPECT_EQ(Exposed(), 1);
}

TEST_F(RecordExposuresTest, KeepsTheEarliestExposureOfAUnit) {
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Expose({ExposureOf("ada")}).results(0).status(), ITEM_STATUS_STORED);
  v1::UnitOutcome earlier = OutcomeOf("o-1", "ada", 1);
  *earlier.mutable_event_time() = rpc::ToProto(clock_.Now() - absl::Minutes(10));
  EXPECT_EQ(Record({earlier})[0].status(), ITEM_STATUS_REJECTED) << "from before the exposure";
  v1::UnitExposure exposure = ExposureOf("ada");
  *exposure.mutable_expose_time() = rpc::ToProto(clock_.Now() - absl::Minutes(20));
  EXPECT_EQ(Expose({exposure}).results(0).status(), ITEM_STATUS_STORED);
  EXPECT_EQ(Record({earlier})[0].status(), ITEM_STATUS_STORED);
  EXPECT_EQ(Exposed(), 1);
}

TEST_F(RecordExposuresTest, BelievesNobody) {
  v1::UnitExposure exposure = ExposureOf("ada");
  exposure.set_arm_id(ArmOf("ada") == "control" ? "treatment" : "control");
  ExpectRejected(exposure, common::v1::ERROR_REASON_INVALID_ARGUMENT);
  exposure = ExposureOf("ada");
  exposure.set_experiment_id("another");
  ExpectRejected(exposure, common::v1::ERROR_REASON_NOT_FOUND);
  exposure = ExposureOf("ada");
  exposure.clear_user_id();
  exposure.set_session_id("ada");
  ExpectRejected(exposure, common::v1::ERROR_REASON_INVALID_ARGUMENT);
  exposure = ExposureOf("ada");
  exposure.clear_expose_time();
  ExpectRejected(exposure, common::v1::ERROR_REASON_INVALID_ARGUMENT);
  exposure = ExposureOf("ada");
  *exposure.mutable_expose_time() = rpc::ToProto(clock_.Now() - absl::Minutes(6));
  ExpectRejected(exposure, common::v1::ERROR_REASON_INVALID_ARGUMENT);
  *exposure.mutable_expose_time() = rpc::ToProto(clock_.Now() + absl::Minutes(6));
  ExpectRejected(exposure, common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_EQ(Exposed(), 0);
}

// Otherwise whoever's clock is ahead had outcomes from before their exposure.
TEST_F(RecordExposuresTest, TakesAnExposureOfTheFutureForOneOfNow) {
  v1::UnitExposure exposure = ExposureOf("ada");
  *exposure.mutable_expose_time() = rpc::ToProto(clock_.Now() + absl::Minutes(4));
  EXPECT_EQ(Expose({exposure}).results(0).status(), ITEM_STATUS_STORED);
  EXPECT_EQ(Record({OutcomeOf("o-1", "ada", 1)})[0].status(), ITEM_STATUS_STORED);
}

TEST_F(RecordExposuresTest, TakesNothingNewAfterTheStop) {
  const v1::RecordExposuresResponse before = Expose({ExposureOf("ada")});
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  ExpectRejected(ExposureOf("bob"), common::v1::ERROR_REASON_ALREADY_ENDED);
  const v1::RecordExposuresResponse again = Expose({ExposureOf("ada")});
  EXPECT_EQ(again.results(0).status(), ITEM_STATUS_REPLAYED);
  EXPECT_EQ(again.assignment_tokens(0), before.assignment_tokens(0));
  EXPECT_EQ(Exposed(), 1);
}

TEST_F(RecordExposuresTest, TakesNobodyWhomTheRampLeavesOut) {
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  stop.set_reason("enough");
  ASSERT_OK(Call(&Stub::StopExperiment, stop));
  v1::CreateExperimentRequest ramped = Comparison("ramped");
  ramped.mutable_ramp()->add_steps()->set_coverage(0.2);
  ramped.mutable_ramp()->mutable_steps(0)->mutable_min_duration()->set_seconds(3'600);
  ramped.mutable_ramp()->add_steps()->set_coverage(1);
  ASSERT_OK(Create(ramped));
  Experiment experiment;
  experiment.experiment_id = "ramped";
  experiment.arms = {{"control", "v1", 1, true}, {"treatment", "v2", 1, false}};
  const Assignment assignment("default", experiment);
  std::map<common::v1::ItemStatus, int> counts;
  std::vector<v1::UnitExposure> exposures;
  for (int i = 0; i < 500; ++i) {
    v1::UnitExposure exposure = ExposureOf("user-" + std::to_string(i));
    exposure.set_experiment_id("ramped");
    exposure.set_arm_id(experiment.arms[assignment.ArmOf(exposure.user_id())].arm_id);
    exposures.push_back(exposure);
  }
  const v1::RecordExposuresResponse response = Expose(exposures);
  for (const common::v1::ItemResult& result : response.results()) {
    ++counts[result.status()];
    if (result.status() != ITEM_STATUS_REJECTED) continue;
    EXPECT_EQ(result.reason(), common::v1::ERROR_REASON_NOT_EXPOSED) << result.message();
  }
  EXPECT_NEAR(counts[ITEM_STATUS_STORED], 100, 45);
  EXPECT_EQ(counts[ITEM_STATUS_STORED] + counts[ITEM_STATUS_REJECTED], 500);
}

TEST_F(RecordExposuresTest, RefusesBatchesThatAreEmptyOrTooLarge) {
  v1::RecordExposuresRequest request;
  EXPECT_THAT(Call(&Stub::RecordExposures, request), testing::HasReason(Reason::kEmptyBatch));
  for (int i = 0; i <= 10'000; ++i) request.add_exposures();
  EXPECT_THAT(Call(&Stub::RecordExposures, request), testing::HasReason(Reason::kTooLarge));
}

using AssignBatchTest = RecordExposuresTest;

TEST_F(AssignBatchTest, AnswersAsAssignDoesAndExposes) {
  v1::AssignBatchRequest request;
  for (int i = 0; i < 1'000; ++i) {
    v1::AssignRequest* one = request.add_requests();
    one->set_agent("helper");
    // Some have no id of the kind that the experiment randomises by.
    (i % 10 == 9 ? *one->mutable_session_id() : *one->mutable_user_id()) =
        "user-" + std::to_string(i);
  }
  v1::AssignBatchResponse response;
  ASSERT_OK(Call(&Stub::AssignBatch, request, &response));
  ASSERT_EQ(response.responses_size(), 1'000);
  for (int i = 0; i < 1'000; ++i) {
    v1::AssignResponse single;
    ASSERT_OK(Call(&Stub::Assign, request.requests(i), &single));
    EXPECT_EQ(response.responses(i).SerializeAsString(), single.SerializeAsString()) << i;
  }
  // A flush, by an outcome.
  EXPECT_EQ(Record({OutcomeOf("o-1", "user-1", 1)})[0].status(), ITEM_STATUS_STORED);
  EXPECT_EQ(Exposed(), 900);
}

TEST_F(AssignBatchTest, AnswersForSeveralAgentsOrForNone) {
  v1::PromoteVersionRequest other = Waived("p-other", "v9");
  other.set_agent("other");
  ASSERT_OK(Call(&Stub::PromoteVersion, other));
  v1::AssignBatchRequest request;
  for (const char* agent : {"helper", "other", "helper"}) {
    v1::AssignRequest* one = request.add_requests();
    one->set_agent(agent);
    one->set_user_id("ada");
  }
  v1::AssignBatchResponse response;
  ASSERT_OK(Call(&Stub::AssignBatch, request, &response));
  EXPECT_EQ(response.responses(0).arm_id(), ArmOf("ada"));
  EXPECT_EQ(response.responses(1).model_version(), "v9");
  EXPECT_EQ(response.responses(2).arm_id(), ArmOf("ada"));
  request.mutable_requests(2)->set_agent("nobody");
  EXPECT_THAT(Call(&Stub::AssignBatch, request), testing::HasReason(Reason::kNotFound));
}

TEST_F(AssignBatchTest, NamesThePlaceOfWhatIsWrong) {
  v1::AssignBatchRequest request;
  EXPECT_THAT(Call(&Stub::AssignBatch, request), testing::HasReason(Reason::kEmptyBatch));
  request.add_requests()->set_agent("helper");
  request.mutable_requests(0)->set_user_id("ada");
  request.add_requests()->set_agent("helper");
  const grpc::Status refused = Call(&Stub::AssignBatch, request);
  EXPECT_THAT(refused, testing::HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("requests[1].user_id"));
  for (int i = 0; i < 1'000; ++i) *request.add_requests() = request.requests(0);
  EXPECT_THAT(Call(&Stub::AssignBatch, request), testing::HasReason(Reason::kTooLarge));
}

}  // namespace
}  // namespace flywheel::experiment
