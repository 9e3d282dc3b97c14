// The analysis of counts that a client gives, held against reference numbers.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "statistics/distributions.h"
#include "tests/experiment_service/service_fixture.h"

namespace flywheel::experiment {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::HasSubstr;

class Summaries : public ServiceFixture {
 protected:
  static constexpr double kClose = 1e-9;
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // Arms with these weights, the first one the control, of which nothing is known.
  static v1::AnalyzeSummariesRequest WithWeights(const std::vector<double>& weights) {
    v1::AnalyzeSummariesRequest request;
    *request.mutable_plan() = Comparison("exp").plan();
    for (size_t i = 0; i < weights.size(); ++i) {
      v1::Arm* arm = request.add_arms();
      arm->set_arm_id(i == 0 ? "control" : "treatment-" + std::to_string(i));
      arm->set_weight(weights[i]);
      arm->set_control(i == 0);
      v1::ArmSummary* summary = request.add_summaries();
      summary->set_arm_id(arm->arm_id());
      v1::MetricSummary* metric = summary->add_metrics();
      metric->set_metric("accepted");
      metric->set_successes(0);
    }
    return request;
  }
  // So many units, all of them with an outcome.
  static v1::MetricSummary* Report(int64_t units, v1::ArmSummary* arm) {
    arm->set_exposed_units(units);
    arm->mutable_metrics(0)->set_units(units);
    return arm->mutable_metrics(0);
  }
  static void SetMoments(double mean, double deviation, v1::MetricSummary* metric) {
    metric->mutable_moments()->set_mean(mean);
    metric->mutable_moments()->set_standard_deviation(deviation);
  }
  // 400 of 1,000 against 550 of 1,000, after three weeks.
  static v1::AnalyzeSummariesRequest Better() {
    v1::AnalyzeSummariesRequest request = WithWeights({1, 1});
    Report(1'000, request.mutable_summaries(0))->set_successes(400);
    Report(1'000, request.mutable_summaries(1))->set_successes(550);
    request.mutable_running_time()->set_seconds(int64_t{21} * 86'400);
    return request;
  }
  v1::Analysis Analysed(const v1::AnalyzeSummariesRequest& request) {
    v1::AnalyzeSummariesResponse response;
    EXPECT_OK(Call(&Stub::AnalyzeSummaries, request, &response));
    return response.analysis();
  }
  void ExpectRefused(const std::string& field,
                     const std::function<void(v1::AnalyzeSummariesRequest&)>& change) {
    v1::AnalyzeSummariesRequest request = Better();
    change(request);
    const grpc::Status status = Call(&Stub::AnalyzeSummaries, request);
    EXPECT_THAT(status, HasReason(Reason::kInvalidArgument)) << field;
    EXPECT_THAT(status.error_message(), HasSubstr(field + ":"));
  }
};

TEST_F(Summaries, AreAnalysedAsOneLookThatStandsByItself) {
  const v1::Analysis analysis = Analysed(Better());
  EXPECT_EQ(analysis.experiment_id(), "");
  EXPECT_FALSE(analysis.has_as_of());
  ASSERT_EQ(analysis.arms_size(), 2);
  EXPECT_EQ(analysis.arms(1).arm_id(), "treatment-1");
  EXPECT_EQ(analysis.arms(1).metrics(0).mean(), 0.55);
  EXPECT_EQ(analysis.arms(1).metrics(0).outcomes(), 1'000);
  ASSERT_EQ(analysis.comparisons_size(), 1);
  const v1::Comparison& comparison = analysis.comparisons(0);
  EXPECT_EQ(comparison.recommendation(), v1::RECOMMENDATION_SHIP);
  EXPECT_EQ(comparison.recommendation(), comparison.look_recommendation());
  EXPECT_EQ(comparison.reason(), v1::RECOMMENDATION_REASON_SUPERIOR);
  EXPECT_EQ(comparison.message(), comparison.look_message());
  EXPECT_EQ(comparison.decision(), 0);
  const v1::MetricComparison& metric = comparison.metrics(0);
  EXPECT_NEAR(metric.absolute_lift(), 0.15, kClose);
  EXPECT_EQ(metric.running_absolute_interval().lower(), metric.absolute_interval().lower());
}

TEST_F(Summaries, SayWhatTheServiceSaysOfTheSameUnits) {
  PromoteFirstVersion();
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'500, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
  });
  v1::Analysis served = Analyze("exp");
  v1::AnalyzeSummariesRequest request;
  const v1::CreateExperimentRequest created = Comparison("exp");
  *request.mutable_arms() = created.arms();
  *request.mutable_plan() = created.plan();
  for (int i : {1, 0}) {  // In any order.
    const v1::ArmResult& arm = served.arms(i);
    v1::ArmSummary* summary = request.add_summaries();
    summary->set_arm_id(arm.arm_id());
    v1::MetricSummary* metric = summary->add_metrics();
    metric->set_metric("accepted");
    Report(arm.exposed_units(), summary)
        ->set_successes(
            std::llround(arm.metrics(0).mean() * static_cast<double>(arm.metrics(0).units())));
  }
  v1::Analysis analysed = Analysed(request);
  EXPECT_EQ(analysed.comparisons(0).look_message(), served.comparisons(0).look_message());
  // Of what stands, and of the time, it knows nothing.
  for (v1::Analysis* analysis : {&served, &analysed}) {
    analysis->clear_experiment_id();
    analysis->clear_as_of();
    for (v1::Comparison& comparison : *analysis->mutable_comparisons()) {
      comparison.clear_decision();
      comparison.clear_decide_time();
      comparison.clear_message();
      for (v1::MetricComparison& metric : *comparison.mutable_metrics()) {
        metric.clear_running_absolute_interval();
        metric.clear_running_relative_interval();
      }
    }
  }
  EXPECT_EQ(analysed.SerializeAsString(), served.SerializeAsString());
}

TEST_F(Summaries, ReproduceThePublishedPValuesOfSampleRatios) {
  // The reference with a weight of 0 has no counterpart: an arm that nobody is assigned to is none.
  const struct {
    std::vector<int64_t> units;
    std::vector<double> weights;
    double p_value;
  } published[] = {{{1'000, 1'200}, {0.5, 0.5}, 2.007865612426481e-5},
                   {{135, 115}, {0.5, 0.5}, 0.205903211},
                   {{310, 98}, {0.75, 0.25}, 0.647434186},
                   {{500, 500, 600}, {0.34, 0.33, 0.33}, 0.000592638}};
  for (const auto& [units, weights, p_value] : published) {
    v1::AnalyzeSummariesRequest request = WithWeights(weights);
    for (size_t i = 0; i < units.size(); ++i) {
      Report(units[i], request.mutable_summaries(static_cast<int>(i)));
    }
    EXPECT_NEAR(Analysed(request).sample_ratio_p_value(), p_value, kClose);
  }
  // The mixture of multinomial e-values, in 60-digit arithmetic: p is 1/E.
  v1::AnalyzeSummariesRequest request = WithWeights({0.5, 0.5});
  Report(1'000, request.mutable_summaries(0))->set_successes(500);
  Report(1'200, request.mutable_summaries(1))->set_successes(600);
  const v1::Analysis analysis = Analysed(request);
  EXPECT_NEAR(analysis.sample_ratio_always_valid_p_value(), std::exp(-6.0970248559036617), kClose);
  EXPECT_NEAR(std::log(analysis.sample_ratio_always_valid_p_value()), -6.0970248559036617, kClose);
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_SAMPLE_RATIO_MISMATCH);
  EXPECT_EQ(analysis.arms(0).expected_units(), 1'100);
  request = WithWeights({99, 1});
  Report(99'000, request.mutable_summaries(0));
  Report(1'100, request.mutable_summaries(1));
  EXPECT_NEAR(std::log(Analysed(request).sample_ratio_always_valid_p_value()), -2.3986553932593458,
              kClose);
}

TEST_F(Summaries, ReproduceWelchsTestButForTheSmallerVariance) {
  // A (n 3407, sum 1396.87, ss 52377.9767) and B (n 3461, sum 2422.7, ss 134698.29) of GrowthBook.
  const double mean_a = 1396.87 / 3'407;
  const double mean_b = 2422.7 / 3'461;
  const double variance_a = (52377.9767 - 1396.87 * mean_a) / 3'406;
  const double variance_b = (134698.29 - 2422.7 * mean_b) / 3'460;
  v1::AnalyzeSummariesRequest request = WithWeights({1, 1});
  SetMoments(mean_a, std::sqrt(variance_a), Report(3'407, request.mutable_summaries(0)));
  SetMoments(mean_b, std::sqrt(variance_b), Report(3'461, request.mutable_summaries(1)));
  const v1::Analysis analysis = Analysed(request);
  EXPECT_NEAR(analysis.arms(0).metrics(0).standard_deviation() / std::sqrt(variance_a), 1, 1e-12);
  EXPECT_NEAR(analysis.arms(1).metrics(0).standard_deviation() / std::sqrt(variance_b), 1, 1e-12);
  const v1::MetricComparison& metric = analysis.comparisons(0).metrics(0);
  EXPECT_NEAR(metric.absolute_lift(), 0.29, kClose);
  EXPECT_NEAR(metric.relative_lift(), 0.7073170731707317, kClose);
  // The reference's half-width, in standard errors at its degrees of freedom. An arm's variance is
  // at least the pooled one here, which A's is not: a small arm that has not met its rare large
  // values yet would be called worse.
  const double reference = (0.5346221074407098 - 0.04537789255929009) / 2 /
                           statistics::StudentTQuantile(0.975, 5841.742032093565);
  const double pooled = (3'406 * variance_a + 3'460 * variance_b) / 6'866;
  EXPECT_NEAR(std::sqrt(variance_a / 3'407 + variance_b / 3'461), reference, kClose);
  EXPECT_NEAR(metric.standard_error(), std::sqrt(pooled / 3'407 + variance_b / 3'461), kClose);
  EXPECT_GT(metric.standard_error(), reference);
}

TEST_F(Summaries, HaveWelchsStandardErrorWhereTheArmsVaryAlike) {
  v1::AnalyzeSummariesRequest request = WithWeights({1, 1});
  SetMoments(10, 3, Report(400, request.mutable_summaries(0)));
  SetMoments(10.5, 3, Report(900, request.mutable_summaries(1)));
  const v1::MetricComparison metric = Analysed(request).comparisons(0).metrics(0);
  EXPECT_NEAR(metric.absolute_lift(), 0.5, kClose);
  EXPECT_NEAR(metric.standard_error(), std::sqrt(9.0 / 400 + 9.0 / 900), kClose);
  EXPECT_NEAR(metric.relative_lift(), 0.05, kClose);
}

TEST_F(Summaries, KeepTheDigitsOfASmallSpreadOnALargeMean) {
  // NIST StRD NumAcc1 to NumAcc4.
  const struct {
    int64_t units;
    double mean, deviation;
  } certified[] = {
      {3, 10'000'002, 1}, {1'001, 1.2, 0.1}, {1'001, 1'000'000.2, 0.1}, {1'001, 10'000'000.2, 0.1}};
  for (const auto& [units, mean, deviation] : certified) {
    v1::AnalyzeSummariesRequest request = WithWeights({1, 1});
    SetMoments(mean, deviation, Report(units, request.mutable_summaries(0)));
    const v1::ArmMetric metric = Analysed(request).arms(0).metrics(0);
    EXPECT_EQ(metric.mean(), mean);
    EXPECT_NEAR(metric.standard_deviation() / deviation, 1, 1e-12);
  }
}

TEST_F(Summaries, CountWhoHasNoOutcomeAsThePlanSays) {
  v1::AnalyzeSummariesRequest request = Better();
  for (v1::ArmSummary& arm : *request.mutable_summaries()) arm.set_exposed_units(2'000);
  request.mutable_summaries(1)->mutable_metrics(0)->set_units(900);
  EXPECT_LT(Analysed(request).missing_outcomes_always_valid_p_value(), 1) << "left out";
  request.mutable_plan()->mutable_primary()->set_counts_as(0);
  const v1::Analysis analysis = Analysed(request);
  EXPECT_EQ(analysis.missing_outcomes_always_valid_p_value(), 1);
  EXPECT_EQ(analysis.arms(1).metrics(0).units(), 2'000);
  EXPECT_EQ(analysis.arms(1).metrics(0).units_with_outcome(), 900);
  EXPECT_EQ(analysis.arms(1).metrics(0).mean(), 0.275);
}

TEST_F(Summaries, HoldWhereMaturedUnitsHaveNoOutcome) {
  v1::AnalyzeSummariesRequest request = Better();
  for (v1::ArmSummary& arm : *request.mutable_summaries()) {
    arm.set_exposed_units(2'000);
    arm.set_matured_units(1'200);
    arm.mutable_metrics(0)->set_matured_units(1'000);
  }
  request.mutable_summaries(1)->mutable_metrics(0)->set_matured_units(700);
  const v1::Analysis analysis = Analysed(request);
  EXPECT_LT(analysis.missing_outcomes_always_valid_p_value(), 0.05);
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
  EXPECT_EQ(analysis.arms(1).metrics(0).matured_units_with_outcome(), 700);
}

TEST_F(Summaries, KnowThePlansTimes) {
  v1::AnalyzeSummariesRequest request = Better();
  request.mutable_plan()->clear_min_duration();  // 14 days
  EXPECT_EQ(Analysed(request).comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
  request.mutable_running_time()->set_seconds(int64_t{13} * 86'400);
  EXPECT_EQ(Analysed(request).comparisons(0).reason(), v1::RECOMMENDATION_REASON_TOO_EARLY);
  request.clear_running_time();
  EXPECT_EQ(Analysed(request).comparisons(0).reason(), v1::RECOMMENDATION_REASON_TOO_EARLY);
}

TEST_F(Summaries, AreRefusedWhereTheyContradictTheRequest) {
  using Request = v1::AnalyzeSummariesRequest;
  ExpectRefused("arms", [](Request& r) { r.mutable_arms(1)->set_control(true); });
  ExpectRefused("arms[1].weight", [](Request& r) { r.mutable_arms(1)->set_weight(0); });
  ExpectRefused("arms[1].model_version",
                [](Request& r) { r.mutable_arms(1)->set_model_version(std::string(129, 'v')); });
  ExpectRefused("plan.primary.name", [](Request& r) { r.clear_plan(); });
  ExpectRefused("plan.primary.quantile",
                [](Request& r) { r.mutable_plan()->mutable_primary()->set_quantile(0.95); });
  ExpectRefused("plan.primary.cap_quantile",
                [](Request& r) { r.mutable_plan()->mutable_primary()->set_cap_quantile(0.95); });
  ExpectRefused("plan.alpha", [](Request& r) { r.mutable_plan()->set_alpha(0.3); });
  ExpectRefused("running_time", [](Request& r) { r.mutable_running_time()->set_seconds(-1); });
  ExpectRefused("summaries[1].arm_id",
                [](Request& r) { r.mutable_summaries(1)->set_arm_id("other"); });
  ExpectRefused("summaries[2].arm_id", [](Request& r) { *r.add_summaries() = r.summaries(1); });
  ExpectRefused("summaries", [](Request& r) { r.mutable_summaries()->RemoveLast(); });
  ExpectRefused("summaries[0].metrics",
                [](Request& r) { r.mutable_summaries(0)->clear_metrics(); });
  ExpectRefused("summaries[0].metrics[1].metric", [](Request& r) {
    *r.mutable_summaries(0)->add_metrics() = r.summaries(0).metrics(0);
  });
  ExpectRefused("summaries[0].metrics[0].metric", [](Request& r) {
    r.mutable_summaries(0)->mutable_metrics(0)->set_metric("acepted");
  });
}

TEST_F(Summaries, AreRefusedWhereTheyContradictThemselves) {
  const auto arm = [this](const std::string& field,
                          const std::function<void(v1::ArmSummary&)>& change) {
    ExpectRefused("summaries[0]." + field,
                  [&](v1::AnalyzeSummariesRequest& r) { change(*r.mutable_summaries(0)); });
  };
  arm("exposed_units", [](v1::ArmSummary& a) { a.set_exposed_units(-1); });
  arm("exposed_units", [](v1::ArmSummary& a) { a.set_exposed_units(1'000'000'000'001); });
  arm("mixed_units", [](v1::ArmSummary& a) { a.set_mixed_units(1'001); });
  arm("mixed_units",
      [](v1::ArmSummary& a) { a.set_mixed_units(std::numeric_limits<int64_t>::min()); });
  arm("matured_units", [](v1::ArmSummary& a) { a.set_matured_units(1'001); });
  const auto metric = [&](const std::string& field,
                          const std::function<void(v1::MetricSummary&)>& change) {
    arm("metrics[0]." + field, [&](v1::ArmSummary& a) { change(*a.mutable_metrics(0)); });
  };
  metric("units", [](v1::MetricSummary& m) { m.set_units(1'001); });
  metric("units", [](v1::MetricSummary& m) { m.set_units(-1); });
  metric("matured_units", [](v1::MetricSummary& m) { m.set_matured_units(1); });
  arm("metrics[0].matured_units", [](v1::ArmSummary& a) { a.set_matured_units(1); });
  metric("successes", [](v1::MetricSummary& m) { m.set_successes(1'001); });
  metric("successes", [](v1::MetricSummary& m) { m.set_successes(-1); });
  metric("values", [](v1::MetricSummary& m) { m.clear_values(); });
  for (const double mean : {kNaN, kInfinity, 1.1e12}) {
    metric("moments.mean", [&](v1::MetricSummary& m) { SetMoments(mean, 1, &m); });
  }
  for (const double deviation : {kNaN, kInfinity, -1.0, 1.1e12}) {
    metric("moments.standard_deviation",
           [&](v1::MetricSummary& m) { SetMoments(0, deviation, &m); });
  }
  metric("moments.standard_deviation", [](v1::MetricSummary& m) {
    m.set_units(1);
    SetMoments(0, 1, &m);
  });
}

// Cost per answer, of 4,000 users each.
v1::AnalyzeSummariesRequest Ratios(v1::AnalyzeSummariesRequest request) {
  v1::Metric* metric = request.mutable_plan()->mutable_primary();
  metric->set_denominator("answers");
  metric->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  for (int i : {0, 1}) {
    v1::ArmSummary* arm = request.mutable_summaries(i);
    arm->set_exposed_units(4'000);
    arm->mutable_metrics(0)->set_units(4'000);
    v1::RatioMoments* moments = arm->mutable_metrics(0)->mutable_ratio_moments();
    moments->set_numerator_mean(i == 0 ? 2.4 : 2.16);
    moments->set_numerator_standard_deviation(1.6);
    moments->set_denominator_mean(8);
    moments->set_denominator_standard_deviation(5);
    moments->set_covariance(7);
  }
  return request;
}

TEST_F(Summaries, OfRatiosAreComparedByTheDeltaMethod) {
  const v1::Analysis analysis = Analysed(Ratios(Better()));
  const auto variance = [](double ratio) {
    return (1.6 * 1.6 - 2 * ratio * 7 + ratio * ratio * 25) / 64;
  };
  EXPECT_NEAR(analysis.arms(0).metrics(0).mean(), 0.3, kClose);
  EXPECT_NEAR(analysis.arms(0).metrics(0).standard_deviation(), std::sqrt(variance(0.3)), kClose);
  const v1::MetricComparison& metric = analysis.comparisons(0).metrics(0);
  EXPECT_NEAR(metric.relative_lift(), -0.1, kClose);
  const double pooled = (variance(0.3) + variance(0.27)) / 2;
  EXPECT_NEAR(
      metric.standard_error(),
      std::sqrt((std::max(pooled, variance(0.3)) + std::max(pooled, variance(0.27))) / 4'000),
      kClose);
  EXPECT_EQ(analysis.comparisons(0).recommendation(), v1::RECOMMENDATION_SHIP);
}

TEST_F(Summaries, OfRatiosSayNothingWithoutADenominator) {
  v1::AnalyzeSummariesRequest request = Ratios(Better());
  v1::RatioMoments* moments =
      request.mutable_summaries(1)->mutable_metrics(0)->mutable_ratio_moments();
  moments->set_denominator_mean(0);
  moments->set_denominator_standard_deviation(0);
  moments->set_covariance(0);
  const v1::Analysis analysis = Analysed(request);
  EXPECT_EQ(analysis.arms(1).metrics(0).units(), 0);
  EXPECT_EQ(analysis.arms(1).metrics(0).units_with_outcome(), 4'000);
  EXPECT_EQ(analysis.comparisons(0).reason(), v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
}

TEST_F(Summaries, OfRatiosAreRefusedWhereTheyContradictThemselves) {
  using Request = v1::AnalyzeSummariesRequest;
  const auto refused = [this](const std::string& field,
                              const std::function<void(v1::MetricSummary&)>& change) {
    ExpectRefused("summaries[0].metrics[0]." + field, [&](Request& request) {
      request = Ratios(request);
      change(*request.mutable_summaries(0)->mutable_metrics(0));
    });
  };
  using Moments = v1::RatioMoments;
  const auto moments = [&](const std::string& field, const std::function<void(Moments&)>& change) {
    refused("ratio_moments." + field,
            [&](v1::MetricSummary& m) { change(*m.mutable_ratio_moments()); });
  };
  refused("values", [](v1::MetricSummary& m) { m.set_successes(5); });
  refused("values", [](v1::MetricSummary& m) { m.clear_values(); });
  ExpectRefused("summaries[0].metrics[0].values", [](Request& request) {
    request.mutable_summaries(0)->mutable_metrics(0)->mutable_ratio_moments();
  });
  for (const double bad : {kNaN, kInfinity, 1.1e12}) {
    moments("numerator_mean", [&](Moments& m) { m.set_numerator_mean(bad); });
    moments("denominator_mean", [&](Moments& m) { m.set_denominator_mean(bad); });
    moments("numerator_standard_deviation",
            [&](Moments& m) { m.set_numerator_standard_deviation(bad); });
    moments("denominator_standard_deviation",
            [&](Moments& m) { m.set_denominator_standard_deviation(bad); });
    moments("covariance", [&](Moments& m) { m.set_covariance(bad); });
  }
  moments("denominator_mean", [](Moments& m) { m.set_denominator_mean(-1); });
  moments("covariance", [](Moments& m) { m.set_covariance(8.1); });
  moments("covariance", [](Moments& m) { m.set_covariance(-8.1); });
}

TEST_F(Summaries, AreForReaders) {
  api_keys_file_ = directory_->path() + "/keys";
  std::ofstream(api_keys_file_) << "reader key-of-a-reader-of-this shop reader\n";
  key_ = "key-of-a-reader-of-this";
  Restart();
  EXPECT_EQ(Analysed(Better()).comparisons_size(), 1);
  key_ = "key-of-nobody-at-all-here";
  EXPECT_THAT(Call(&Stub::AnalyzeSummaries, Better()), HasReason(Reason::kUnauthenticated));
}

}  // namespace
}  // namespace flywheel::experiment
