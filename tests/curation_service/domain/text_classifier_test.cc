#include "curation_service/domain/text_classifier.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "shared/status/errors.h"
#include "tests/curation_service/domain/intent_queries.h"

namespace flywheel::curation {
namespace {

constexpr std::size_t kNumIntents = 20;

// Queries in round-robin order of their intents, with their vectors.
struct Queries {
  Queries(std::size_t count, std::uint64_t seed) {
    TestRandom random(seed);
    for (std::size_t i = 0; i < count; ++i) {
      intents.push_back(i % kNumIntents);
      texts.push_back(IntentQuery(intents.back(), random));
    }
  }

  std::vector<TrainingExample> Rows(const TextVectorizer& vectorizer) {
    vectors.clear();
    for (const std::string& text : texts) vectors.push_back(vectorizer.Vectorize(text));
    std::vector<TrainingExample> rows;
    for (std::size_t i = 0; i < texts.size(); ++i) rows.push_back({&vectors[i], intents[i], 1.0F});
    return rows;
  }

  std::vector<std::string> texts;
  std::vector<std::size_t> intents;
  std::vector<SparseVector> vectors;
};

std::size_t Top(const std::vector<float>& probabilities) {
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                  probabilities.begin());
}

double Accuracy(const TextClassifier& classifier, const TextVectorizer& vectorizer,
                const Queries& queries) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < queries.texts.size(); ++i) {
    const auto probabilities = classifier.Probabilities(vectorizer.Vectorize(queries.texts[i]));
    if (Top(probabilities) == queries.intents[i]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(queries.texts.size());
}

TextClassifier Trained(std::span<const TrainingExample> rows, std::size_t num_features,
                       std::size_t num_classes, const TextClassifierOptions& options) {
  auto classifier = TextClassifier::Train(rows, num_features, num_classes, options, Deadline());
  EXPECT_TRUE(classifier.ok());
  return *std::move(classifier);
}

TEST(TextClassifier, PredictsTheIntentOfQueriesThatItHasNotSeen) {
  Queries training(400, /*seed=*/1);
  const Queries unseen(400, /*seed=*/2);
  const TextVectorizer vectorizer(training.texts);
  const auto classifier =
      Trained(training.Rows(vectorizer), vectorizer.num_features(), kNumIntents, {});
  EXPECT_GT(Accuracy(classifier, vectorizer, unseen), 0.95);
}

TEST(TextClassifier, StillPredictsWellWhenOneLabelInFiveIsWrong) {
  Queries training(1000, /*seed=*/1);
  const Queries unseen(400, /*seed=*/2);
  const TextVectorizer vectorizer(training.texts);
  std::vector<TrainingExample> rows = training.Rows(vectorizer);
  TestRandom random(3);
  for (TrainingExample& row : rows) {
    if (random.Chance(0.2)) row.label = random.Below(kNumIntents);
  }
  const auto classifier = Trained(rows, vectorizer.num_features(), kNumIntents, {});
  EXPECT_GT(Accuracy(classifier, vectorizer, unseen), 0.93);
}

TEST(TextClassifier, GivesProbabilitiesThatSumToOne) {
  Queries training(200, /*seed=*/1);
  const TextVectorizer vectorizer(training.texts);
  const auto classifier =
      Trained(training.Rows(vectorizer), vectorizer.num_features(), kNumIntents, {});
  for (const std::string& text : {training.texts[0], training.texts[1], std::string("unknown")}) {
    const auto probabilities = classifier.Probabilities(vectorizer.Vectorize(text));
    ASSERT_EQ(probabilities.size(), kNumIntents);
    EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1.0, 1e-5);
    for (const float probability : probabilities) EXPECT_GE(probability, 0.0F);
  }
}

TEST(TextClassifier, IsUndecidedWithoutTraining) {
  const auto classifier = Trained({}, /*num_features=*/0, /*num_classes=*/4, {});
  for (const float probability : classifier.Probabilities({})) {
    EXPECT_FLOAT_EQ(probability, 0.25F);
  }
}

TEST(TextClassifier, GivesTheSameBitsForTheSameRows) {
  Queries training(300, /*seed=*/1);
  const TextVectorizer vectorizer(training.texts);
  const auto rows = training.Rows(vectorizer);
  const auto one = Trained(rows, vectorizer.num_features(), kNumIntents, {});
  const auto two = Trained(rows, vectorizer.num_features(), kNumIntents, {});
  const auto other = Trained(rows, vectorizer.num_features(), kNumIntents, {.seed = 2});
  bool other_differs = false;
  for (const SparseVector& vector : training.vectors) {
    ASSERT_EQ(one.Probabilities(vector), two.Probabilities(vector));
    other_differs |= one.Probabilities(vector) != other.Probabilities(vector);
  }
  EXPECT_TRUE(other_differs) << "the seed should decide the order of the rows";
}

TEST(TextClassifier, LearnsNothingFromRowsOfWeightZero) {
  Queries training(400, /*seed=*/1);
  const Queries unseen(200, /*seed=*/2);
  const TextVectorizer vectorizer(training.texts);
  std::vector<TrainingExample> rows = training.Rows(vectorizer);
  std::vector<TrainingExample> poison = rows;
  for (TrainingExample& row : poison) row = {row.vector, (row.label + 1) % kNumIntents, 0.0F};
  rows.insert(rows.end(), poison.begin(), poison.end());
  const auto classifier = Trained(rows, vectorizer.num_features(), kNumIntents, {});
  EXPECT_GT(Accuracy(classifier, vectorizer, unseen), 0.95);
}

TEST(TextClassifier, DoubtsMoreUnderStrongerRegularization) {
  Queries training(400, /*seed=*/1);
  const TextVectorizer vectorizer(training.texts);
  const auto rows = training.Rows(vectorizer);
  const auto mild = Trained(rows, vectorizer.num_features(), kNumIntents, {.regularization = 0.1F});
  const auto strong =
      Trained(rows, vectorizer.num_features(), kNumIntents, {.regularization = 2.0F});
  const auto confidence = [&](const TextClassifier& classifier) {
    double sum = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum += classifier.Probabilities(training.vectors[i])[training.intents[i]];
    }
    return sum / static_cast<double>(rows.size());
  };
  EXPECT_GT(confidence(mild), confidence(strong) + 0.05);
}

TEST(TextClassifier, StopsWhenToldTo) {
  Queries training(3'000, /*seed=*/1);
  const TextVectorizer vectorizer(training.texts);
  int asked = 0;
  const Deadline deadline(absl::InfiniteFuture(),
                          [&] { return ++asked < 3 ? absl::OkStatus() : errors::Cancelled(); });
  const auto stopped = TextClassifier::Train(training.Rows(vectorizer), vectorizer.num_features(),
                                             kNumIntents, {}, deadline);
  EXPECT_EQ(stopped.status(), errors::Cancelled());
  EXPECT_EQ(asked, 3);
}

}  // namespace
}  // namespace flywheel::curation
