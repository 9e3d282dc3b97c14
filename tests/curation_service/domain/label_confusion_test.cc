#include "curation_service/domain/label_confusion.h"

#include <gtest/gtest.h>

#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

constexpr std::size_t kClasses = 4;

// 100 examples a class, of which the first `habit` of class 0 are given as class 1. The classifier
// has learnt that, and is a little unsure besides.
struct Given {
  std::vector<GivenLabel> labels;
  ClassProbabilities predictions{kClasses, {}};

  explicit Given(std::size_t habit) {
    const auto share = static_cast<float>(habit) / 100.0F;
    for (std::size_t truth = 0; truth < kClasses; ++truth) {
      for (std::size_t i = 0; i < 100; ++i) {
        labels.push_back({.label = truth == 0 && i < habit ? 1 : truth, .annotator = i});
        for (std::size_t k = 0; k < kClasses; ++k) {
          float p = k == truth ? 0.88F : 0.04F;
          if (truth == 0 && k == 0) p -= 0.84F * share;
          if (truth == 0 && k == 1) p += 0.84F * share;
          predictions.values.push_back(p);
        }
      }
    }
  }
};

TEST(LabelConfusion, IsTheShareThatIsGivenForAnotherClass) {
  const Given given(25);
  const LabelConfusion confusion(given.labels, given.predictions, {});
  ASSERT_FALSE(confusion.empty());
  EXPECT_NEAR(confusion.Share(0, 1), 25.0 / 110, 0.01) << "shrunk by ten examples";
  EXPECT_EQ(confusion.Share(1, 0), 0);
  EXPECT_EQ(confusion.Share(0, 2), 0);
  EXPECT_EQ(confusion.ShareOfAll(0), confusion.Share(0, 1));
  EXPECT_EQ(confusion.ShareOfAll(2), 0);
}

TEST(LabelConfusion, TakesAFewForMistakesLikeOthers) {
  const Given given(5);
  EXPECT_TRUE(LabelConfusion(given.labels, given.predictions, {}).empty());
  EXPECT_TRUE(LabelConfusion().empty());
  EXPECT_EQ(LabelConfusion().Share(0, 1), 0);
}

TEST(LabelConfusion, IsTakenOutOfWhatTheClassifierLearnt) {
  Given given(25);
  const LabelConfusion confusion(given.labels, given.predictions, {});
  const float before = given.predictions.Row(0)[0];
  ASSERT_OK(confusion.Undo(given.predictions, Deadline()));
  const auto row = given.predictions.Row(0);
  EXPECT_GT(row[0], before + 0.1F);
  EXPECT_LT(row[1], 0.1F);
  float sum = 0;
  for (const float p : row) sum += p;
  EXPECT_NEAR(sum, 1, 1e-4);
  // Another class is hardly changed.
  EXPECT_NEAR(given.predictions.Row(350)[3], 0.88F, 0.05F);
}

}  // namespace
}  // namespace flywheel::curation
