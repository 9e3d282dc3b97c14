#include "experiment_service/request_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "shared/hashing/sha256.h"

namespace flywheel::experiment {
namespace {

// What is stored must mean the same for every later version of the program.
TEST(RequestHashes, NeverChangeForTheSameContent) {
  Experiment experiment;
  experiment.experiment_id = "e1";
  experiment.agent = "helper";
  experiment.arms = {{"control", "v1", 0.5, true, false}, {"candidate", "v2", 0.5, false, true}};
  experiment.plan.metrics[0].name = "solved";
  experiment.plan.planned_units = 5'000;
  experiment.plan.min_units = 0;
  experiment.plan.min_duration = absl::ZeroDuration();
  experiment.waiver = {"ada", "hotfix"};
  EXPECT_EQ(ToHex(RequestHash(experiment)),
            "3c4e8f225ad790cc04f1548d3d55abb1717116c7a738de5eae4a71b9463d3c45");

  ActiveVersion promotion;
  promotion.promotion_id = "p1";
  promotion.agent = "helper";
  promotion.model_version = "v2";
  promotion.waiver = {"ada", "hotfix"};
  EXPECT_EQ(ToHex(RequestHash(promotion)),
            "b8277099382633fd1d84d7e2dca8c05a2fd60cef3a347df1d3b5a0596cca1dac");
  promotion.experiment_id = "e1";
  const std::string by_evidence = RequestHash(promotion);
  EXPECT_EQ(ToHex(by_evidence), "c26af8c0b13c74ff04e3307a988916037c24a509f31f19cba985778b33908f97");
  promotion.waiver = {};
  EXPECT_EQ(RequestHash(promotion), by_evidence) << "the waiver was the experiment's";

  StoredOutcome outcome;
  outcome.unit_hash = std::string(16, '\x0a');
  outcome.metric = "solved";
  outcome.value = 0.25;
  outcome.event_time = absl::FromUnixMicros(1'700'000'000'000'001);
  EXPECT_EQ(ToHex(OutcomeHash("e1", outcome)),
            "b6500cd9445a7eb7da7574a87ba3781ec634c5d69fcff544714ca04af5cb87e7");
}

TEST(RequestHashes, HoldTheLabelsByNameAndValue) {
  std::set<std::string> hashes;
  for (const Labels& labels :
       std::vector<Labels>{{}, {{"", ""}}, {{"a", "b"}}, {{"b", "a"}}, {{"a", "b"}, {"b", "a"}}}) {
    Experiment experiment;
    experiment.labels = labels;
    hashes.insert(RequestHash(experiment));
    ActiveVersion promotion;
    promotion.labels = labels;
    hashes.insert(RequestHash(promotion));
  }
  EXPECT_EQ(hashes.size(), 10u);
}

TEST(RequestHashes, HoldWhatAMetricIs) {
  std::set<std::string> hashes;
  for (const std::string& denominator : std::vector<std::string>{"", "answers", "views"}) {
    Experiment experiment;
    experiment.plan.metrics[0].denominator = denominator;
    hashes.insert(RequestHash(experiment));
    experiment.plan.metrics[0].secondary = true;
    hashes.insert(RequestHash(experiment));
  }
  EXPECT_EQ(hashes.size(), 6u);
}

TEST(RequestHashes, HoldQuantilesAndWhatACapIsMadeOf) {
  std::set<std::string> hashes = {RequestHash(Experiment())};
  for (const double nu : {0.5, 0.9}) {
    for (const auto field : {&Metric::cap, &Metric::quantile, &Metric::cap_quantile}) {
      Experiment experiment;
      experiment.plan.metrics[0].*field = nu;
      hashes.insert(RequestHash(experiment));
    }
  }
  EXPECT_EQ(hashes.size(), 7u);
}

TEST(RequestHashes, HoldTheRampStepByStep) {
  std::set<std::string> hashes = {RequestHash(Experiment())};
  const std::vector<std::vector<RampStep>> ramps = {
      {{0.1, {}, 0}},
      {{0.2, {}, 0}},
      {{0.1, absl::Hours(1), 0}},
      {{0.1, {}, 1}},
      {{0.1, {}, 0}, {0.2, {}, 0}},
  };
  for (const std::vector<RampStep>& steps : ramps) {
    for (const bool promote : {false, true}) {
      Experiment experiment;
      experiment.ramp = Ramp{steps, promote};
      hashes.insert(RequestHash(experiment));
      experiment.ramp->state.step = steps.size() - 1;
      experiment.ramp->state.message = "later";
      EXPECT_TRUE(hashes.contains(RequestHash(experiment))) << "what is asked for, not its state";
    }
  }
  EXPECT_EQ(hashes.size(), 2 * ramps.size() + 1);
}

}  // namespace
}  // namespace flywheel::experiment
