#include <cmath>
#include <limits>

#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Validation : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    PromoteFirstVersion();
  }
  // Changes a good request; expects a refusal that names `field`.
  void ExpectRefused(const std::string& field,
                     const std::function<void(v1::CreateExperimentRequest&)>& change) {
    v1::CreateExperimentRequest request = Comparison("exp");
    change(request);
    const grpc::Status status = Create(request);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(status.error_message(), HasSubstr(field + ":"));
  }
  void ExpectRejected(const std::string& field,
                      const std::function<void(v1::UnitOutcome&)>& change) {
    v1::UnitOutcome outcome = Served("o-1", "u-1", 1);
    change(outcome);
    const std::vector<common::v1::ItemResult> results = Record({Served("good", "u-2", 1), outcome});
    ASSERT_EQ(results.size(), 2u);
    EXPECT_NE(results[0].status(), common::v1::ITEM_STATUS_REJECTED);
    EXPECT_EQ(results[1].status(), common::v1::ITEM_STATUS_REJECTED) << field;
    EXPECT_EQ(results[1].reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
    EXPECT_THAT(results[1].message(), HasSubstr("outcomes[1]." + field + ":"));
  }
};

TEST_F(Validation, RefusesExperimentsThatBreakTheContract) {
  using Request = v1::CreateExperimentRequest;
  ExpectRefused("experiment_id", [](Request& r) { r.set_experiment_id("a b"); });
  ExpectRefused("experiment_id", [](Request& r) { r.set_experiment_id(std::string(129, 'a')); });
  ExpectRefused("agent", [](Request& r) { r.clear_agent(); });
  ExpectRefused("agent", [](Request& r) { r.set_agent(std::string(129, 'a')); });
  ExpectRefused("unit", [](Request& r) { r.set_unit(static_cast<v1::RandomisationUnit>(9)); });
  ExpectRefused("arms", [](Request& r) { r.mutable_arms()->RemoveLast(); });
  ExpectRefused("arms", [](Request& r) {
    for (int i = 0; i < 9; ++i) {
      *r.add_arms() = r.arms(1);
      r.mutable_arms(2 + i)->set_arm_id("arm" + std::to_string(i));
    }
  });
  ExpectRefused("arms", [](Request& r) { r.mutable_arms(1)->set_control(true); });
  ExpectRefused("arms", [](Request& r) { r.mutable_arms(0)->set_control(false); });
  ExpectRefused("arms[1].arm_id", [](Request& r) { r.mutable_arms(1)->set_arm_id("control"); });
  ExpectRefused("arms[1].arm_id", [](Request& r) { r.mutable_arms(1)->set_arm_id(""); });
  ExpectRefused("arms[1].model_version",
                [](Request& r) { r.mutable_arms(1)->clear_model_version(); });
  ExpectRefused("arms[1].model_version",
                [](Request& r) { r.mutable_arms(1)->set_model_version(std::string(129, 'v')); });
  for (const double weight : {0.0, -1.0, kNaN, kInfinity, 0.0009, 1'001.0, 5e-324, 1e308}) {
    ExpectRefused("arms[1].weight", [&](Request& r) { r.mutable_arms(1)->set_weight(weight); });
  }
  EXPECT_TRUE(gate_.questions().empty());
}

TEST_F(Validation, KeepsAHundredthOfTheUnitsForTheControl) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_arms(0)->set_weight(1);
  request.mutable_arms(1)->set_weight(100);
  const grpc::Status starved = Create(request);
  EXPECT_THAT(starved, HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(starved.error_message(), HasSubstr("a control with 0.0099 of all weight"));
  request.mutable_arms(1)->set_weight(99);
  EXPECT_OK(Create(request));
}

TEST_F(Validation, TakesWeightsFromAThousandthToAThousand) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_arms(0)->set_weight(1'000);
  request.mutable_arms(1)->set_weight(0.001);
  EXPECT_OK(Create(request));
}

TEST_F(Validation, RefusesPlansThatBreakTheContract) {
  const auto plan = [this](const std::string& field,
                           const std::function<void(v1::AnalysisPlan&)>& change) {
    ExpectRefused("plan." + field,
                  [&](v1::CreateExperimentRequest& r) { change(*r.mutable_plan()); });
  };
  const auto primary = [&](const std::string& field,
                           const std::function<void(v1::Metric&)>& change) {
    plan("primary." + field, [&](v1::AnalysisPlan& p) { change(*p.mutable_primary()); });
  };
  primary("name", [](v1::Metric& m) { m.clear_name(); });
  primary("without_outcome", [](v1::Metric& m) { m.clear_without_outcome(); });
  primary("without_outcome", [](v1::Metric& m) { m.set_left_out(false); });
  for (const double v : {kNaN, kInfinity}) {
    primary("counts_as", [&](v1::Metric& m) { m.set_counts_as(v); });
  }
  primary("aggregation", [](v1::Metric& m) { m.set_aggregation(static_cast<v1::Aggregation>(9)); });
  primary("direction", [](v1::Metric& m) { m.set_direction(static_cast<v1::Direction>(9)); });
  primary("scale", [](v1::Metric& m) { m.set_scale(static_cast<v1::Scale>(9)); });
  primary("cap", [](v1::Metric& m) { m.set_cap(kNaN); });
  for (const double v : {kNaN, 0.0, 0.009, 0.9991, 1.0}) {
    primary("quantile", [&](v1::Metric& m) { m.set_quantile(v); });
  }
  primary("quantile", [](v1::Metric& m) {
    m.set_quantile(0.5);
    m.set_aggregation(v1::AGGREGATION_ANY);
  });
  primary("quantile", [](v1::Metric& m) {
    m.set_quantile(0.5);
    m.set_cap(10);
  });
  primary("quantile", [](v1::Metric& m) {
    m.set_quantile(0.5);
    m.set_cap_quantile(0.9);
  });
  for (const double v : {kNaN, 0.49, 0.99991}) {
    primary("cap_quantile", [&](v1::Metric& m) { m.set_cap_quantile(v); });
  }
  primary("cap_quantile", [](v1::Metric& m) {
    m.set_cap_quantile(0.9);
    m.set_cap(10);
  });
  primary("cap_quantile", [](v1::Metric& m) {
    m.set_cap_quantile(0.9);
    m.set_aggregation(v1::AGGREGATION_ANY);
  });
  const auto guardrail = [](v1::AnalysisPlan& p, const std::string& name) {
    v1::Metric* metric = p.add_guardrails();
    metric->set_name(name);
    metric->set_left_out(true);
    return metric;
  };
  plan("guardrails[0].name", [&](v1::AnalysisPlan& p) { guardrail(p, "accepted"); });
  plan("guardrails[1].name", [&](v1::AnalysisPlan& p) {
    guardrail(p, "cost");
    guardrail(p, "cost");
  });
  plan("guardrails[0].goal",
       [&](v1::AnalysisPlan& p) { guardrail(p, "cost")->set_goal(v1::GOAL_SUPERIOR); });
  plan("guardrails[0].margin",
       [&](v1::AnalysisPlan& p) { guardrail(p, "cost")->set_margin(0.51); });
  plan("guardrails", [&](v1::AnalysisPlan& p) {
    for (int i = 0; i < 21; ++i) guardrail(p, "metric-" + std::to_string(i));
  });
  for (const int64_t v : {19L, 1'000'000'001L}) {
    plan("min_units", [&](auto& p) { p.set_min_units(v); });
  }
  plan("min_duration", [](v1::AnalysisPlan& p) { p.mutable_min_duration()->set_seconds(-1); });
  plan("max_duration", [](v1::AnalysisPlan& p) { p.mutable_max_duration()->set_seconds(0); });
  plan("max_duration", [](v1::AnalysisPlan& p) {
    p.mutable_min_duration()->set_seconds(60);
    p.mutable_max_duration()->set_seconds(59);
  });
  plan("outcome_window", [](v1::AnalysisPlan& p) { p.mutable_outcome_window()->set_seconds(-1); });
  plan("outcome_window", [](v1::AnalysisPlan& p) { p.mutable_outcome_window()->set_nanos(1); });
  primary("goal", [](v1::Metric& m) { m.set_goal(static_cast<v1::Goal>(9)); });
  for (const double v : {-0.1, 10.1, kNaN}) {
    primary("min_lift", [&](v1::Metric& m) { m.set_min_lift(v); });
  }
  for (const double v : {0.0, 0.51, kNaN}) {
    primary("margin", [&](v1::Metric& m) { m.set_margin(v); });
  }
  for (const double v : {0.0, 5e-324, 9.9e-7, 0.21, kNaN})
    plan("alpha", [&](auto& p) { p.set_alpha(v); });
  for (const int64_t v : {-1L, 1L, 1'000'000'001L}) {
    plan("planned_units", [&](auto& p) { p.set_planned_units(v); });
  }
  for (const int64_t v : {2L, 9L, 1'000'000'001L}) {
    plan("min_units_per_arm", [&](auto& p) { p.set_min_units_per_arm(v); });
  }
}

TEST_F(Validation, RefusesRatiosThatAreNone) {
  const auto ratio = [this](const std::string& field,
                            const std::function<void(v1::Metric&)>& change) {
    ExpectRefused("plan.primary." + field, [&](v1::CreateExperimentRequest& r) {
      v1::Metric* metric = r.mutable_plan()->mutable_primary();
      metric->set_denominator("answers");
      change(*metric);
    });
  };
  ratio("denominator", [](v1::Metric& m) { m.set_denominator(m.name()); });
  ratio("denominator", [](v1::Metric& m) { m.set_denominator(std::string(257, 'a')); });
  for (const auto aggregation :
       {v1::AGGREGATION_MEAN, v1::AGGREGATION_COUNT, v1::AGGREGATION_ANY}) {
    ratio("aggregation", [&](v1::Metric& m) { m.set_aggregation(aggregation); });
  }
  ratio("counts_as", [](v1::Metric& m) { m.set_counts_as(1); });
}

TEST_F(Validation, TakesThePlanWithTheWidestBounds) {
  v1::CreateExperimentRequest request = Comparison("exp");
  request.mutable_plan()->mutable_primary()->set_margin(0.5);
  request.mutable_plan()->set_min_units_per_arm(10);
  request.mutable_plan()->set_min_units(20);
  v1::Metric* guardrail = request.mutable_plan()->add_guardrails();
  guardrail->set_name("cost");
  guardrail->set_scale(v1::SCALE_ABSOLUTE);
  guardrail->set_margin(1e12);
  guardrail->set_cap(1e12);
  guardrail->set_counts_as(-1e12);
  EXPECT_OK(Create(request));
}

TEST_F(Validation, RefusesWaiversOfNobodyOrForNoReason) {
  ExpectRefused("waiver.owner", [](auto& r) { r.mutable_waiver()->set_reason("because"); });
  ExpectRefused("waiver.reason", [](auto& r) { r.mutable_waiver()->set_owner("ada"); });
  for (const char* blank : {" ", "\t\n", "\u00A0", "\u200B\u3000"}) {
    const auto waive = [](auto& r, const std::string& owner, const std::string& reason) {
      r.mutable_waiver()->set_owner(owner);
      r.mutable_waiver()->set_reason(reason);
    };
    ExpectRefused("waiver.owner", [&](auto& r) { waive(r, blank, "because"); });
    ExpectRefused("waiver.reason", [&](auto& r) { waive(r, "ada", blank); });
    v1::PromoteVersionRequest promotion = Waived("p", "v2");
    promotion.mutable_waiver()->set_owner(blank);
    EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kInvalidArgument));
    promotion = Waived("p", "v2");
    promotion.mutable_waiver()->set_reason(blank);
    EXPECT_THAT(Call(&Stub::PromoteVersion, promotion), HasReason(Reason::kInvalidArgument));
  }
}

TEST_F(Validation, RejectsSingleOutcomesThatBreakTheContract) {
  ASSERT_OK(Create(Comparison("exp")));
  ExpectRejected("outcome_id", [](auto& o) { o.set_outcome_id("a/b"); });
  ExpectRejected("experiment_id", [](auto& o) { o.clear_experiment_id(); });
  ExpectRejected("assignment_token", [](auto& o) { o.clear_user_id(); });
  ExpectRejected("assignment_token", [](auto& o) { o.set_assignment_token("AQ"); });
  ExpectRejected("user_id", [](auto& o) { o.set_user_id(std::string(257, 'u')); });
  ExpectRejected("served_version", [](auto& o) { o.set_fallback(true); });
  ExpectRejected("served_version", [](auto& o) { o.set_served_version(std::string(129, 'v')); });
  ExpectRejected("revision", [](auto& o) { o.set_revision(-1); });
  ExpectRejected("metric", [](auto& o) { o.clear_metric(); });
  for (const double value : {kNaN, kInfinity, -kInfinity, 1.1e12}) {
    ExpectRejected("value", [&](auto& o) { o.set_value(value); });
  }
  ExpectRejected("event_time", [](auto& o) { o.clear_event_time(); });
  ExpectRejected("event_time", [](auto& o) { o.mutable_event_time()->set_seconds(1'800'000'301); });
  ExpectRejected("event_time", [](auto& o) { o.mutable_event_time()->set_seconds(946'684'799); });
  ExpectRejected("event_time", [](auto& o) { o.mutable_event_time()->set_nanos(-1); });
  EXPECT_EQ(OutcomesIn(Analyze("exp")), 1);
}

TEST_F(Validation, TakesAnOutcomeFromFiveMinutesAhead) {
  ASSERT_OK(Create(Comparison("exp")));
  v1::UnitOutcome outcome = Served("o-1", "u-1", 1);
  outcome.mutable_event_time()->set_seconds(1'800'000'300);
  EXPECT_EQ(Record({outcome})[0].status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(Validation, RejectsOutcomesOfUnknownExperimentsOneByOne) {
  ASSERT_OK(Create(Comparison("exp")));
  v1::UnitOutcome unknown = OutcomeOf("o-1", "u-1", 1);
  unknown.set_experiment_id("other");
  const auto results = Record({unknown, Served("o-2", "u-1", 1)});
  EXPECT_EQ(results[0].status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(results[0].reason(), common::v1::ERROR_REASON_NOT_FOUND);
  EXPECT_EQ(results[1].status(), common::v1::ITEM_STATUS_STORED);
}

TEST_F(Validation, RefusesEmptyAndOversizedBatches) {
  v1::RecordOutcomesRequest request;
  EXPECT_THAT(Call(&Stub::RecordOutcomes, request), HasReason(Reason::kEmptyBatch));
  for (int i = 0; i < 10'001; ++i) request.add_outcomes();
  EXPECT_THAT(Call(&Stub::RecordOutcomes, request), HasReason(Reason::kTooLarge));
}

TEST_F(Validation, RefusesPromotionsWithoutOrWithTwoGrounds) {
  EXPECT_THAT(Call(&Stub::PromoteVersion, Promotion("p", "v2")),
              HasReason(Reason::kInvalidArgument));
  v1::PromoteVersionRequest both = Waived("p", "v2");
  both.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::PromoteVersion, both), HasReason(Reason::kInvalidArgument));
  v1::PromoteVersionRequest nobody = Waived("p", "v2");
  nobody.mutable_waiver()->clear_owner();
  EXPECT_THAT(Call(&Stub::PromoteVersion, nobody), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Call(&Stub::PromoteVersion, Waived("", "v2")), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Call(&Stub::PromoteVersion, Waived("p", "")), HasReason(Reason::kInvalidArgument));
}

TEST_F(Validation, RefusesOtherRequestsThatBreakTheContract) {
  v1::AssignRequest assign;
  assign.set_agent("helper");
  EXPECT_THAT(Call(&Stub::Assign, assign), HasReason(Reason::kInvalidArgument));
  assign.set_user_id(std::string(257, 'u'));
  EXPECT_THAT(Call(&Stub::Assign, assign), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Call(&Stub::GetExperiment, v1::GetExperimentRequest()),
              HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Call(&Stub::Analyze, v1::AnalyzeRequest()), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Call(&Stub::GetActiveVersion, v1::GetActiveVersionRequest()),
              HasReason(Reason::kInvalidArgument));
  v1::StopExperimentRequest stop;
  stop.set_experiment_id("exp");
  EXPECT_THAT(Call(&Stub::StopExperiment, stop), HasReason(Reason::kInvalidArgument));
  v1::ListExperimentsRequest list;
  list.set_page_size(-1);
  EXPECT_THAT(Call(&Stub::ListExperiments, list), HasReason(Reason::kInvalidArgument));
  list.set_page_size(0);
  list.set_page_token("nonsense");
  EXPECT_THAT(Call(&Stub::ListExperiments, list), HasReason(Reason::kInvalidArgument));
  list.clear_page_token();
  list.set_state(static_cast<v1::ExperimentState>(9));
  EXPECT_THAT(Call(&Stub::ListExperiments, list), HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::experiment
