#include "curation_service/domain/label_noise_model.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/curation_service/domain/intent_queries.h"

namespace flywheel::curation {
namespace {

constexpr double kTinyFloor = 1e-9;

LabelNoiseEstimate Estimated(std::span<const GivenLabel> labels,
                             const ClassProbabilities& predictions, std::size_t num_annotators,
                             const LabelNoiseOptions& options) {
  auto estimate = EstimateLabelNoise(labels, predictions, num_annotators, LabelConfusion(), options,
                                     Deadline());
  EXPECT_TRUE(estimate.ok());
  return *std::move(estimate);
}

TEST(LabelNoiseModel, AgreesWithBayesByHand) {
  // One label of class 1 by one annotator; nothing known, so reliability starts at 0.8, and both
  // ways to be wrong lead to the only other class:
  //   right 0.8 x 0.1 = 0.08, wrong 0.2 x 0.9 = 0.18; 0.08 / 0.26 = 0.3077.
  // Then the population's mean is (0.3077 + 1) / (1 + 2) = 0.4359, which weighs 4 labels:
  //   (0.3077 + 4 x 0.4359) / (1 + 4) = 0.4103.
  const std::vector<GivenLabel> labels = {{.label = 1, .annotator = 0}};
  const ClassProbabilities predictions = {.num_classes = 2, .values = {0.9F, 0.1F}};
  const LabelNoiseEstimate estimate =
      Estimated(labels, predictions, /*num_annotators=*/1,
                {.prior_labels = 4.0, .prediction_floor = kTinyFloor, .iterations = 1});
  EXPECT_NEAR(estimate.posteriors[0].given_is_true, 0.3077, 1e-4);
  EXPECT_EQ(estimate.posteriors[0].alternative, 0U);
  EXPECT_NEAR(estimate.posteriors[0].alternative_is_true, 0.6923, 1e-4);
  EXPECT_NEAR(estimate.reliability[0], 0.4103, 1e-4);
}

TEST(LabelNoiseModel, ExpectsPlausibleMistakesWhereTheClassifierDoubts) {
  // Given class 1 of p = (0.7, 0.2, 0.1), all mistakes plausible:
  //   1: 0.8 x 0.2 = 0.16;  0: 0.2 x 0.7 x 0.2 / 0.3 = 0.0933;  2: 0.2 x 0.1 x 0.2 / 0.9 = 0.0044.
  const std::vector<GivenLabel> labels = {{.label = 1, .annotator = 0}};
  const ClassProbabilities predictions = {.num_classes = 3, .values = {0.7F, 0.2F, 0.1F}};
  const LabelNoiseEstimate estimate =
      Estimated(labels, predictions, 1,
                {.plausible_share = 1.0, .prediction_floor = kTinyFloor, .iterations = 1});
  EXPECT_NEAR(estimate.posteriors[0].given_is_true, 0.6207, 1e-4);
  EXPECT_NEAR(estimate.posteriors[0].alternative_is_true, 0.3621, 1e-4);
}

// Ten annotators of thirty labels over five classes, predicted right with probability 0.8. The
// annotators below `num_hostile` always give a wrong class.
struct Crowd {
  explicit Crowd(std::size_t num_hostile) {
    TestRandom random(1);
    predictions.num_classes = 5;
    for (std::size_t i = 0; i < 300; ++i) {
      const std::size_t truth = random.Below(5);
      const std::size_t annotator = i % 10;
      const std::size_t wrong = (truth + 1 + random.Below(4)) % 5;
      labels.push_back({.label = annotator < num_hostile ? wrong : truth, .annotator = annotator});
      const std::size_t predicted = random.Chance(0.8) ? truth : (truth + 1) % 5;
      for (std::size_t k = 0; k < 5; ++k) {
        predictions.values.push_back(k == predicted ? 0.8F : 0.05F);
      }
    }
  }

  std::vector<GivenLabel> labels;
  ClassProbabilities predictions;
};

TEST(LabelNoiseModel, SeparatesHostileFromHonestAnnotators) {
  const Crowd crowd(/*num_hostile=*/3);
  const LabelNoiseEstimate estimate = Estimated(crowd.labels, crowd.predictions, 10, {});
  for (std::size_t a = 0; a < 10; ++a) {
    if (a < 3) {
      EXPECT_LT(estimate.reliability[a], 0.3) << a;
    } else {
      EXPECT_GT(estimate.reliability[a], 0.7) << a;
    }
  }
}

TEST(LabelNoiseModel, BelievesAReliableAnnotatorAgainstAnUnsurePrediction) {
  const Crowd crowd(/*num_hostile=*/0);
  const LabelNoiseEstimate estimate = Estimated(crowd.labels, crowd.predictions, 10, {});
  std::size_t disputed = 0;
  for (std::size_t i = 0; i < crowd.labels.size(); ++i) {
    if (crowd.predictions.Row(i)[crowd.labels[i].label] > 0.5F) continue;
    ++disputed;
    EXPECT_GT(estimate.posteriors[i].given_is_true, 0.5);
  }
  EXPECT_GT(disputed, 30U);
}

TEST(LabelNoiseModel, HoldsAFavouriteWrongLabelAgainstTheAnnotator) {
  // Two annotators with as many contradicted labels: one's all say class 4, the other's differ.
  // A last label of class 4 by each, on which the prediction is open, is doubted more of the first.
  std::vector<GivenLabel> labels;
  ClassProbabilities predictions{.num_classes = 21, .values = {}};
  const auto add = [&](std::size_t label, std::size_t annotator, float predicted_0) {
    labels.push_back({.label = label, .annotator = annotator});
    for (std::size_t k = 0; k < 21; ++k) {
      predictions.values.push_back(k == 0 ? predicted_0 : (1.0F - predicted_0) / 20.0F);
    }
  };
  for (std::size_t i = 0; i < 10; ++i) {
    add(4, /*annotator=*/0, 0.99F);
    add(5 + i, /*annotator=*/1, 0.99F);
    add(0, /*annotator=*/0, 0.99F);
    add(0, /*annotator=*/1, 0.99F);
  }
  add(4, /*annotator=*/0, 0.3F);
  add(4, /*annotator=*/1, 0.3F);
  const LabelNoiseEstimate estimate = Estimated(labels, predictions, 2, {});
  EXPECT_LT(estimate.posteriors[40].given_is_true, estimate.posteriors[41].given_is_true - 0.1);
}

TEST(LabelNoiseModel, LearnsNothingOfAnAnnotatorFromTrustedLabels) {
  std::vector<GivenLabel> labels = {{.label = 1, .annotator = 0, .trusted = true},
                                    {.label = 0, .annotator = 1}};
  const ClassProbabilities predictions = {.num_classes = 2, .values = {0.99F, 0.01F, 0.9F, 0.1F}};
  const LabelNoiseEstimate estimate = Estimated(labels, predictions, 2, {});
  EXPECT_EQ(estimate.posteriors[0].given_is_true, 1.0);
  EXPECT_GT(estimate.reliability[0], 0.6) << "the mean of the others, not the contradiction";
}

TEST(LabelNoiseModel, CalibrationSharpensPredictionsThatAreTooDoubtful) {
  // Right four times in five at a stated 0.4: doubtful. Wrong as often at a stated 0.97: too sure.
  for (const float stated : {0.4F, 0.97F}) {
    TestRandom random(3);
    std::vector<GivenLabel> labels;
    ClassProbabilities predictions{.num_classes = 4, .values = {}};
    for (std::size_t i = 0; i < 500; ++i) {
      labels.push_back({.label = random.Chance(0.8) ? 0U : 1 + random.Below(3), .trusted = true});
      for (std::size_t k = 0; k < 4; ++k) {
        predictions.values.push_back(k == 0 ? stated : (1.0F - stated) / 3.0F);
      }
    }
    ASSERT_TRUE(CalibratePredictions(labels, predictions, Deadline()).ok());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      EXPECT_NEAR(predictions.Row(i)[0], stated < 0.5F ? 0.8F : 0.91F, 0.06F);
      EXPECT_NEAR(predictions.Row(i)[1], (1.0F - predictions.Row(i)[0]) / 3.0F, 1e-5F);
    }
  }
}

TEST(LabelNoiseModel, KeepsNoRecordOfUnknownAnnotators) {
  // Half of the labels come from nobody in particular, and are all wrong.
  Crowd crowd(/*num_hostile=*/5);
  for (GivenLabel& label : crowd.labels) {
    if (label.annotator < 5) label.annotator = kUnknownAnnotator;
  }
  const LabelNoiseEstimate estimate = Estimated(crowd.labels, crowd.predictions, 10, {});
  EXPECT_NEAR(estimate.population, 0.5, 0.1);
  for (std::size_t a = 0; a < 5; ++a) {  // No labels: the population's mean, and nothing else.
    EXPECT_NEAR(estimate.reliability[a], estimate.population, 1e-9);
  }
  for (std::size_t a = 5; a < 10; ++a) EXPECT_GT(estimate.reliability[a], 0.75);
  // A right label of nobody in particular is believed as much as the population is.
  const ClassProbabilities sure = {.num_classes = 2, .values = {0.95F, 0.05F, 0.95F, 0.05F}};
  const std::vector<GivenLabel> labels = {{.label = 0, .annotator = kUnknownAnnotator},
                                          {.label = 1, .annotator = kUnknownAnnotator}};
  const LabelNoiseEstimate two = Estimated(labels, sure, 0, {});
  EXPECT_GT(two.posteriors[0].given_is_true, 0.9);
  EXPECT_LT(two.posteriors[1].given_is_true, 0.5);
}

}  // namespace
}  // namespace flywheel::curation
