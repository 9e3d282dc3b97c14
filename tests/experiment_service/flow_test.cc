#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Flow : public ServiceFixture {
 protected:
  std::string ActiveVersion() {
    v1::GetActiveVersionRequest request;
    request.set_agent("helper");
    v1::GetActiveVersionResponse response;
    EXPECT_OK(Call(&Stub::GetActiveVersion, request, &response));
    return response.active_version().model_version();
  }
  v1::Experiment Get(const std::string& experiment_id) {
    v1::GetExperimentRequest request;
    request.set_experiment_id(experiment_id);
    v1::GetExperimentResponse response;
    EXPECT_OK(Call(&Stub::GetExperiment, request, &response));
    return response.experiment();
  }
  grpc::Status Stop(const std::string& experiment_id, v1::StopExperimentResponse* response,
                    const std::string& reason = "enough") {
    v1::StopExperimentRequest request;
    request.set_experiment_id(experiment_id);
    request.set_reason(reason);
    return Call(&Stub::StopExperiment, request, response);
  }
  // 70 % accept the treatment, 40 % the control.
  static double Better(const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1 : 0;
  }
};

TEST_F(Flow, GoesFromTheFirstVersionThroughAnExperimentToTheNext) {
  PromoteFirstVersion();
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
  EXPECT_EQ(Assign("user-1").experiment_id(), "");

  ASSERT_OK(Create(Comparison("exp")));
  EXPECT_EQ(gate_.questions(), std::vector<std::string>{"default/v2"});
  Serve(0, 1'000, Better);
  const v1::Analysis analysis = Analyze("exp");
  EXPECT_EQ(OutcomesIn(analysis), 1'000);
  EXPECT_EQ(analysis.arms(0).exposed_units() + analysis.arms(1).exposed_units(), 1'000);
  EXPECT_GT(analysis.sample_ratio_p_value(), 0.001);
  ASSERT_EQ(analysis.comparisons_size(), 1);
  EXPECT_EQ(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_SUPERIOR);

  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  v1::PromoteVersionResponse promoted;
  ASSERT_OK(Call(&Stub::PromoteVersion, promotion, &promoted));
  EXPECT_EQ(promoted.active_version().experiment_id(), "exp");
  EXPECT_FALSE(promoted.active_version().has_waiver());
  EXPECT_EQ(ActiveVersion(), "v2");
  EXPECT_EQ(Get("exp").state(), v1::EXPERIMENT_STATE_STOPPED);
  EXPECT_THAT(Get("exp").stop_reason(), HasSubstr("p-2"));
  EXPECT_EQ(Assign("user-1").model_version(), "v2");
  EXPECT_EQ(Assign("user-1").arm_id(), "");
}

TEST_F(Flow, RecommendsARollbackOfAHarmfulTreatment) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 600, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 3 : 7) ? 1.0 : 0.0;
  });
  EXPECT_EQ(Analyze("exp").comparisons(0).recommendation(), v1::RECOMMENDATION_ROLLBACK);
  EXPECT_EQ(Analyze("exp").comparisons(0).reason(), v1::RECOMMENDATION_REASON_HARM);

  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kNotRecommended));
  EXPECT_EQ(ActiveVersion(), "v1");
}

TEST_F(Flow, RecommendsARollbackWhereNoRelativeLiftExists) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 200, [](const std::string& arm, int) { return arm == "treatment" ? -0.5 : 0.0; });
  const v1::Comparison comparison = Analyze("exp").comparisons(0);
  EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_ROLLBACK);
  EXPECT_EQ(comparison.reason(), v1::RECOMMENDATION_REASON_SEPARATED_HARM);
  EXPECT_EQ(comparison.metrics(0).absolute_lift(), -0.5);
  EXPECT_FALSE(comparison.metrics(0).has_relative_lift());
}

TEST_F(Flow, FillsInThePlansDefaults) {
  PromoteFirstVersion();
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->clear_min_duration();
  v1::Metric* guardrail = request.mutable_plan()->add_guardrails();
  guardrail->set_name("latency_ms");
  guardrail->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  guardrail->set_left_out(true);
  ASSERT_OK(Create(request));
  const v1::Experiment experiment = Get("exp");
  EXPECT_EQ(experiment.unit(), v1::RANDOMISATION_UNIT_USER);
  const v1::AnalysisPlan& plan = experiment.plan();
  EXPECT_EQ(plan.primary().goal(), v1::GOAL_SUPERIOR);
  EXPECT_EQ(plan.primary().aggregation(), v1::AGGREGATION_MEAN);
  EXPECT_EQ(plan.primary().direction(), v1::DIRECTION_HIGHER_IS_BETTER);
  EXPECT_EQ(plan.primary().scale(), v1::SCALE_RELATIVE);
  EXPECT_EQ(plan.primary().min_lift(), 0.02);
  EXPECT_EQ(plan.primary().margin(), 0.05);
  EXPECT_TRUE(plan.primary().left_out());
  ASSERT_EQ(plan.guardrails_size(), 1);
  EXPECT_EQ(plan.guardrails(0).goal(), v1::GOAL_NOT_INFERIOR);
  EXPECT_EQ(plan.guardrails(0).direction(), v1::DIRECTION_LOWER_IS_BETTER);
  EXPECT_EQ(plan.alpha(), 0.05);
  EXPECT_EQ(plan.planned_units(), 0);
  EXPECT_EQ(plan.min_units_per_arm(), 30);
  EXPECT_EQ(plan.min_units(), 1'000);
  EXPECT_EQ(plan.min_duration().seconds(), 14 * 24 * 3'600);
  EXPECT_FALSE(plan.has_max_duration());
  EXPECT_EQ(plan.outcome_window().seconds(), 7 * 24 * 3'600);
  EXPECT_EQ(experiment.state(), v1::EXPERIMENT_STATE_RUNNING);
  EXPECT_EQ(experiment.create_time().seconds(), 1'800'000'000);
  EXPECT_FALSE(experiment.has_stop_time());
}

TEST_F(Flow, ShipsWhatIsNotWorseUnderThatGoal) {
  PromoteFirstVersion();
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_goal(v1::GOAL_NOT_INFERIOR);
  request.mutable_plan()->mutable_primary()->set_margin(0.3);
  ASSERT_OK(Create(request));
  Serve(0, 1'000, [](const std::string&, int unit) { return unit % 10 < 8 ? 1.0 : 0.0; });
  EXPECT_EQ(Analyze("exp").comparisons(0).reason(), v1::RECOMMENDATION_REASON_NOT_INFERIOR);
}

TEST_F(Flow, GivesEveryUnitTheSameArmAsLongAsTheExperimentRuns) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  std::vector<std::string> arms;
  for (int i = 0; i < 100; ++i) arms.push_back(Assign(std::to_string(i)).arm_id());
  EXPECT_THAT(arms, ::testing::Contains("control"));
  EXPECT_THAT(arms, ::testing::Contains("treatment"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Assign(std::to_string(i)).arm_id(), arms[static_cast<size_t>(i)]);
  }
}

TEST_F(Flow, StopsOnceAndServesTheActiveVersionFromThenOn) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  clock_.Advance(absl::Hours(1));
  v1::StopExperimentResponse first, second;
  ASSERT_OK(Stop("exp", &first));
  EXPECT_FALSE(first.replayed());
  EXPECT_EQ(first.experiment().stop_reason(), "enough");
  EXPECT_EQ(first.experiment().stop_time().seconds(), 1'800'003'600);
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Stop("exp", &second));
  EXPECT_TRUE(second.replayed());
  EXPECT_EQ(second.experiment().SerializeAsString(), first.experiment().SerializeAsString());
  EXPECT_EQ(Assign("user-1").experiment_id(), "");
  EXPECT_EQ(Assign("user-1").model_version(), "v1");
  EXPECT_THAT(Stop("other", &first), HasReason(Reason::kNotFound));
}

TEST_F(Flow, KeepsTheFirstReasonOfAStop) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  v1::StopExperimentResponse response;
  ASSERT_OK(Stop("exp", &response));
  const grpc::Status again = Stop("exp", &response, "harm");
  EXPECT_THAT(again, HasReason(Reason::kAlreadyExistsWithOtherContent));
  EXPECT_THAT(again.error_message(), ::testing::HasSubstr("It was stopped already at "));
  EXPECT_THAT(again.error_message(), ::testing::HasSubstr("because: enough"));
  EXPECT_EQ(Get("exp").stop_reason(), "enough");
}

TEST_F(Flow, RunsOneExperimentAnAgent) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  const grpc::Status second = Create(Comparison("exp-2"));
  EXPECT_THAT(second, HasReason(Reason::kAlreadyUnderWay));
  EXPECT_THAT(second.error_message(), HasSubstr("'exp'"));
  v1::StopExperimentResponse stopped;
  ASSERT_OK(Stop("exp", &stopped));
  EXPECT_OK(Create(Comparison("exp-2")));
}

TEST_F(Flow, WantsAControlThatServesTheActiveVersion) {
  const grpc::Status before = Create(Comparison("exp"));
  EXPECT_THAT(before, HasReason(Reason::kVersionNotActive));
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-0", "v0")));
  const grpc::Status other = Create(Comparison("exp"));
  EXPECT_THAT(other, HasReason(Reason::kVersionNotActive));
  EXPECT_THAT(other.error_message(), HasSubstr("'v1'"));
  EXPECT_THAT(other.error_message(), HasSubstr("'v0'"));
  EXPECT_TRUE(gate_.questions().empty());
}

TEST_F(Flow, PromotesOnTheEvidenceOfAStoppedExperiment) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Better);
  v1::StopExperimentResponse stopped;
  ASSERT_OK(Stop("exp", &stopped));
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  EXPECT_OK(Call(&Stub::PromoteVersion, promotion));
  EXPECT_EQ(Get("exp").stop_reason(), "enough");
}

TEST_F(Flow, TakesNoEvidenceAgainstAVersionThatIsActiveNoLonger) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Better);
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-3", "v3")));
  EXPECT_EQ(Get("exp").state(), v1::EXPERIMENT_STATE_STOPPED) << "its control is not active now";
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v2");
  promotion.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kVersionNotActive));
  EXPECT_EQ(ActiveVersion(), "v3");
}

TEST_F(Flow, PromotesOnlyWhatTheExperimentComparedForThatAgent) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, Better);
  v1::PromoteVersionRequest promotion = Promotion("p-2", "v9");
  promotion.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kNotRecommended));
  promotion.set_model_version("v2");
  promotion.set_agent("another");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kInvalidArgument));
  promotion.set_agent("helper");
  promotion.set_experiment_id("unknown");
  EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kNotFound));
}

TEST_F(Flow, ReplaysACreationAndRefusesOtherContentUnderItsId) {
  PromoteFirstVersion();
  v1::CreateExperimentResponse first, second;
  ASSERT_OK(Call(&Stub::CreateExperiment, Comparison("exp"), &first));
  EXPECT_FALSE(first.replayed());
  clock_.Advance(absl::Hours(1));
  gate_.Stop();
  v1::CreateExperimentRequest same = Comparison("exp");
  same.mutable_plan()->set_alpha(0.05);
  ASSERT_OK(Call(&Stub::CreateExperiment, same, &second)) << "a default that is spelled out";
  EXPECT_TRUE(second.replayed());
  EXPECT_EQ(second.experiment().SerializeAsString(), first.experiment().SerializeAsString());
  EXPECT_EQ(gate_.questions().size(), 1u);

  v1::CreateExperimentRequest other = Comparison("exp");
  other.mutable_plan()->set_alpha(0.01);
  EXPECT_THAT(Create(other), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Flow, ReplaysAPromotionAndRefusesOtherContentUnderItsId) {
  PromoteFirstVersion();
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-2", "v2")));
  v1::PromoteVersionResponse again;
  ASSERT_OK(Call(&Stub::PromoteVersion, Waived("p-first", "v1"), &again));
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.active_version().model_version(), "v1");
  EXPECT_EQ(again.active_version().promote_time().seconds(), 1'800'000'000);
  EXPECT_EQ(again.active_version().waiver().owner(), "ada");
  EXPECT_EQ(ActiveVersion(), "v2") << "a replay changes nothing";
  EXPECT_THAT(Call(&Stub::PromoteVersion, Waived("p-first", "v2")),
              HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(Flow, ListsTheNewestFirstPageByPage) {
  PromoteFirstVersion();
  v1::StopExperimentResponse stopped;
  for (const char* id : {"e1", "e2", "e3"}) {
    ASSERT_OK(Create(Comparison(id)));
    if (std::string(id) == "e3") break;
    ASSERT_OK(Stop(id, &stopped));
  }
  v1::ListExperimentsRequest request;
  v1::ListExperimentsResponse page;
  request.set_page_size(2);
  ASSERT_OK(Call(&Stub::ListExperiments, request, &page));
  ASSERT_EQ(page.experiments_size(), 2);
  EXPECT_EQ(page.experiments(0).experiment_id(), "e3");
  EXPECT_EQ(page.experiments(1).experiment_id(), "e2");
  EXPECT_EQ(page.experiments(1).arms_size(), 2);
  request.set_page_token(page.next_page_token());
  ASSERT_OK(Call(&Stub::ListExperiments, request, &page));
  ASSERT_EQ(page.experiments_size(), 1);
  EXPECT_EQ(page.experiments(0).experiment_id(), "e1");
  EXPECT_EQ(page.next_page_token(), "");

  v1::ListExperimentsRequest first;
  first.set_page_size(2);
  ASSERT_OK(Call(&Stub::ListExperiments, first, &page));
  first.set_agent("helper");
  first.set_page_token(page.next_page_token());
  EXPECT_THAT(Call(&Stub::ListExperiments, first), HasReason(Reason::kInvalidArgument))
      << "a token of another list";
  first.clear_agent();
  EXPECT_OK(Call(&Stub::ListExperiments, first));
  project_ = "another";
  EXPECT_THAT(Call(&Stub::ListExperiments, first), HasReason(Reason::kInvalidArgument))
      << "a token of another project";
  project_.clear();

  v1::ListExperimentsRequest running;
  running.set_state(v1::EXPERIMENT_STATE_RUNNING);
  ASSERT_OK(Call(&Stub::ListExperiments, running, &page));
  ASSERT_EQ(page.experiments_size(), 1);
  EXPECT_EQ(page.experiments(0).experiment_id(), "e3");
  running.set_agent("another");
  ASSERT_OK(Call(&Stub::ListExperiments, running, &page));
  EXPECT_EQ(page.experiments_size(), 0);
}

TEST_F(Flow, HidesOneProjectsThingsFromAnother) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  project_ = "another";
  v1::AnalyzeRequest analyze;
  analyze.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::Analyze, analyze), HasReason(Reason::kNotFound));
  v1::GetExperimentRequest get;
  get.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::GetExperiment, get), HasReason(Reason::kNotFound));
  v1::StopExperimentResponse stopped;
  EXPECT_THAT(Stop("exp", &stopped), HasReason(Reason::kNotFound));
  v1::AssignRequest assign;
  assign.set_agent("helper");
  assign.set_user_id("user-1");
  EXPECT_THAT(Call(&Stub::Assign, assign), HasReason(Reason::kNotFound));
  v1::GetActiveVersionRequest active;
  active.set_agent("helper");
  EXPECT_THAT(Call(&Stub::GetActiveVersion, active), HasReason(Reason::kNotFound));
  const std::vector<common::v1::ItemResult> results = Record({OutcomeOf("o-1", "user-1", 1)});
  EXPECT_EQ(results[0].status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(results[0].reason(), common::v1::ERROR_REASON_NOT_FOUND);
  v1::ListExperimentsResponse list;
  ASSERT_OK(Call(&Stub::ListExperiments, v1::ListExperimentsRequest(), &list));
  EXPECT_EQ(list.experiments_size(), 0);
  // Ids are free again, and the gate is asked for the caller's own project.
  PromoteFirstVersion();
  EXPECT_OK(Create(Comparison("exp")));
  EXPECT_EQ(gate_.questions().back(), "another/v2");
}

}  // namespace
}  // namespace flywheel::experiment
