#include "curation_service/domain/label_quality.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "shared/status/errors.h"
#include "tests/curation_service/domain/intent_queries.h"

namespace flywheel::curation {
namespace {

constexpr std::size_t kNumIntents = 20;
constexpr std::size_t kNumUsers = 50;
constexpr std::size_t kNumTrusted = 200;
constexpr std::size_t kNumGiven = 1200;

// How the users of a simulated service err.
struct World {
  std::size_t hostile_users = 0;  // The first users; they never give a right label.
  bool hostile_has_favourite = false;
  double noise = 0.0;  // Share of wrong labels of everybody else.
};

struct Collected {
  std::vector<LabelledExample> examples;
  std::vector<std::string> truth;

  void Add(const std::string& input, std::size_t intent, std::size_t given,
           const std::string& annotator, bool trusted) {
    examples.push_back({input, IntentName(given), annotator, trusted});
    truth.push_back(IntentName(intent));
  }
};

std::string UserName(std::size_t user) { return "user_" + std::to_string(user); }

Collected Collect(const World& world, std::uint64_t seed = 1) {
  TestRandom random(seed);
  Collected collected;
  for (std::size_t i = 0; i < kNumTrusted + kNumGiven; ++i) {
    const std::size_t intent = random.Below(kNumIntents);
    const std::string query = IntentQuery(intent, random);
    if (i < kNumTrusted) {
      collected.Add(query, intent, intent, "", /*trusted=*/true);
      continue;
    }
    const std::size_t user = random.Below(kNumUsers);
    const std::size_t wrong = (intent + 1 + random.Below(kNumIntents - 1)) % kNumIntents;
    std::size_t given = intent;
    if (user < world.hostile_users) {
      const std::size_t favourite = user % kNumIntents;
      given = world.hostile_has_favourite && favourite != intent ? favourite : wrong;
    } else if (random.Chance(world.noise)) {
      given = wrong;
    }
    collected.Add(query, intent, given, UserName(user), /*trusted=*/false);
  }
  return collected;
}

// The training set that the reviews leave.
struct Curated {
  std::size_t rows = 0;
  std::size_t wrong_rows = 0;
  std::size_t good_rows_lost = 0;  // Right labels dropped or changed.
};

Curated Curate(const Collected& collected, const std::vector<LabelReview>& reviews) {
  Curated curated;
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    const bool was_right = collected.examples[i].label == collected.truth[i];
    if (was_right && reviews[i].decision != LabelDecision::kKeep) ++curated.good_rows_lost;
    if (reviews[i].decision == LabelDecision::kDrop) continue;
    ++curated.rows;
    if (reviews[i].label != collected.truth[i]) ++curated.wrong_rows;
  }
  return curated;
}

std::vector<LabelReview> Reviewed(const std::vector<LabelledExample>& examples,
                                  const LabelQualityOptions& options) {
  auto reviews = ReviewLabels(examples, options, Deadline());
  EXPECT_TRUE(reviews.ok());
  return *std::move(reviews);
}

void ExpectNothingJudged(const std::vector<LabelledExample>& examples,
                         const std::vector<LabelReview>& reviews) {
  ASSERT_EQ(reviews.size(), examples.size());
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    EXPECT_EQ(reviews[i].decision, LabelDecision::kKeep);
    EXPECT_EQ(reviews[i].reason,
              examples[i].trusted ? LabelReason::kTrusted : LabelReason::kNotJudged);
    EXPECT_EQ(reviews[i].label, examples[i].label);
    EXPECT_EQ(reviews[i].confidence, 1.0);
  }
}

TEST(LabelQuality, KeepsNearlyAllOfCleanLabels) {
  const Collected collected = Collect({});
  const Curated curated = Curate(collected, Reviewed(collected.examples, {}));
  EXPECT_LE(curated.good_rows_lost, kNumGiven / 100);
}

TEST(LabelQuality, RemovesRandomMistakesAndRecoversMostOfTheirRows) {
  const Collected collected = Collect({.noise = 0.2});
  const Curated curated = Curate(collected, Reviewed(collected.examples, {}));
  EXPECT_LE(curated.wrong_rows, curated.rows / 50) << "of one in five before";
  EXPECT_LE(curated.good_rows_lost, kNumGiven / 50);
  EXPECT_GE(curated.rows, collected.examples.size() * 9 / 10);
}

TEST(LabelQuality, RemovesTheLabelsOfHostileUsersAndNamesThemAsTheReason) {
  for (const bool has_favourite : {false, true}) {
    const Collected collected =
        Collect({.hostile_users = 10, .hostile_has_favourite = has_favourite});
    const auto reviews = Reviewed(collected.examples, {});
    const Curated curated = Curate(collected, reviews);
    EXPECT_LE(curated.wrong_rows, curated.rows / 100) << has_favourite;
    EXPECT_LE(curated.good_rows_lost, kNumGiven / 100) << has_favourite;
    std::map<LabelReason, std::size_t> reasons_of_wrong;
    for (std::size_t i = 0; i < reviews.size(); ++i) {
      if (collected.examples[i].label != collected.truth[i]) ++reasons_of_wrong[reviews[i].reason];
    }
    EXPECT_GT(reasons_of_wrong[LabelReason::kUnreliableAnnotator],
              20 * reasons_of_wrong[LabelReason::kAgreed]);
    EXPECT_EQ(reasons_of_wrong[LabelReason::kContradicted], 0U);
  }
}

TEST(LabelQuality, DoesNotCondemnAUserForOneOddLabel) {
  Collected collected = Collect({});
  TestRandom random(99);
  collected.Add(IntentQuery(3, random), /*intent=*/3, /*given=*/11, "newcomer", false);
  collected.Add(IntentQuery(4, random), /*intent=*/4, /*given=*/4, "newcomer", false);
  const auto reviews = Reviewed(collected.examples, {});
  const LabelReview& odd = reviews[reviews.size() - 2];
  EXPECT_NE(odd.decision, LabelDecision::kKeep);
  EXPECT_EQ(odd.reason, LabelReason::kContradicted);
  EXPECT_EQ(reviews.back().decision, LabelDecision::kKeep);
}

TEST(LabelQuality, RelabelsWithTheTrueIntentAndSaysHowSureItIs) {
  const Collected collected = Collect({.noise = 0.2});
  const LabelQualityOptions options;
  std::size_t relabelled = 0;
  std::size_t right = 0;
  double confidence = 0.0;
  const auto reviews = Reviewed(collected.examples, options);
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    if (reviews[i].decision != LabelDecision::kRelabel) continue;
    ++relabelled;
    if (reviews[i].label == collected.truth[i]) ++right;
    confidence += reviews[i].confidence;
    EXPECT_NE(reviews[i].label, collected.examples[i].label);
    EXPECT_GE(reviews[i].confidence, options.relabel_probability);
    EXPECT_LE(reviews[i].confidence, 1.0);
  }
  ASSERT_GT(relabelled, 100U);
  EXPECT_NEAR(static_cast<double>(right), confidence, 0.1 * static_cast<double>(relabelled));
}

TEST(LabelQuality, NeverTouchesTrustedRowsEvenWhenTheyLookWrong) {
  Collected collected = Collect({});
  for (std::size_t i = 0; i < 20; ++i) collected.examples[i].label = IntentName(i % 3);
  const auto reviews = Reviewed(collected.examples, {});
  for (std::size_t i = 0; i < kNumTrusted; ++i) {
    EXPECT_EQ(reviews[i].decision, LabelDecision::kKeep);
    EXPECT_EQ(reviews[i].reason, LabelReason::kTrusted);
    EXPECT_EQ(reviews[i].label, collected.examples[i].label);
  }
}

TEST(LabelQuality, WorksWithoutTrustedRowsAndWithoutAnnotators) {
  Collected collected = Collect({.noise = 0.2});
  for (LabelledExample& example : collected.examples) {
    example.trusted = false;
    example.annotator.clear();
  }
  const Curated curated = Curate(collected, Reviewed(collected.examples, {}));
  EXPECT_LE(curated.wrong_rows, curated.rows / 40);
  EXPECT_LE(curated.good_rows_lost, kNumGiven / 50);
}

TEST(LabelQuality, KeepsFreeTextUnjudged) {
  Collected collected = Collect({.noise = 0.2});
  for (std::size_t i = 0; i < collected.examples.size(); ++i) {
    collected.examples[i].label = "An ideal answer, written for case " + std::to_string(i);
  }
  ExpectNothingJudged(collected.examples, Reviewed(collected.examples, {}));
}

TEST(LabelQuality, KeepsTooFewExamplesUnjudged) {
  Collected collected = Collect({.noise = 0.2});
  collected.examples.resize(99);
  ExpectNothingJudged(collected.examples, Reviewed(collected.examples, {}));
  ExpectNothingJudged({}, Reviewed({}, {}));
}

TEST(LabelQuality, KeepsASingleLabelUnjudged) {
  Collected collected = Collect({});
  for (LabelledExample& example : collected.examples) example.label = "the only label";
  ExpectNothingJudged(collected.examples, Reviewed(collected.examples, {}));
}

TEST(LabelQuality, KeepsLabelsUnjudgedThatTheInputsDoNotTell) {
  Collected collected = Collect({});
  TestRandom random(5);
  for (LabelledExample& example : collected.examples) {
    example.label = random.Chance(0.9) ? "resolved" : "escalated";
  }
  ExpectNothingJudged(collected.examples, Reviewed(collected.examples, {}));
}

TEST(LabelQuality, KeepsARareLabelUnjudgedAmongClasses) {
  Collected collected = Collect({});
  TestRandom random(5);
  collected.Add(IntentQuery(0, random), 0, 777, UserName(0), false);
  const auto reviews = Reviewed(collected.examples, {});
  EXPECT_EQ(reviews.back().decision, LabelDecision::kKeep);
  EXPECT_EQ(reviews.back().reason, LabelReason::kNotJudged);
  EXPECT_EQ(reviews[kNumTrusted].reason, LabelReason::kAgreed);
}

TEST(LabelQuality, SeesThroughAWrongLabelThatIsRepeatedOnTheSameInput) {
  // Were the copies spread over the folds, each would vouch for the others.
  Collected collected = Collect({});
  TestRandom random(6);
  const std::string query = IntentQuery(7, random);
  for (int i = 0; i < 5; ++i) collected.Add(query, 7, 12, UserName(i), false);
  const auto reviews = Reviewed(collected.examples, {});
  for (std::size_t i = reviews.size() - 5; i < reviews.size(); ++i) {
    EXPECT_NE(reviews[i].decision, LabelDecision::kKeep);
  }
}

TEST(LabelQuality, GivesTheSameBitsForTheSameExamples) {
  const Collected collected = Collect({.hostile_users = 5, .noise = 0.1});
  const auto one = Reviewed(collected.examples, {});
  const auto two = Reviewed(collected.examples, {});
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].decision, two[i].decision);
    ASSERT_EQ(one[i].label, two[i].label);
    ASSERT_EQ(one[i].confidence, two[i].confidence);
  }
}

TEST(LabelQuality, NamesNobodyWhereTheAnnotatorsAreUnknown) {
  // Hostile users without a name must not drag down everybody else who has none.
  Collected collected = Collect({.hostile_users = 10});
  for (std::size_t i = kNumTrusted; i < collected.examples.size(); ++i) {
    if (i % 2 == 0) collected.examples[i].annotator.clear();
  }
  const auto reviews = Reviewed(collected.examples, {});
  const Curated curated = Curate(collected, reviews);
  EXPECT_LE(curated.wrong_rows, curated.rows / 50);
  EXPECT_LE(curated.good_rows_lost, kNumGiven / 50);
  std::size_t contradicted = 0;
  for (std::size_t i = 0; i < reviews.size(); ++i) {
    if (!collected.examples[i].annotator.empty()) continue;
    EXPECT_NE(reviews[i].reason, LabelReason::kUnreliableAnnotator);
    if (reviews[i].reason == LabelReason::kContradicted) ++contradicted;
  }
  EXPECT_GT(contradicted, 50U);
}

TEST(LabelQuality, JudgesTheMostFrequentLabelsWhereThereAreTooMany) {
  Collected collected = Collect({.noise = 0.1});
  TestRandom random(8);
  for (int i = 0; i < 20; ++i) {  // Frequent enough for a class, but fewer than the others.
    const std::size_t rare = 100 + static_cast<std::size_t>(i) % 4;
    collected.Add(IntentQuery(rare, random), rare, rare, UserName(0), false);
  }
  LabelQualityOptions options;
  options.max_classes = kNumIntents;
  const auto by_classes = Reviewed(collected.examples, options);
  options = LabelQualityOptions();
  options.max_predictions = kNumIntents * collected.examples.size();
  const auto by_predictions = Reviewed(collected.examples, options);
  for (std::size_t i = 0; i < by_classes.size(); ++i) {
    const bool rare = i >= kNumTrusted + kNumGiven;
    EXPECT_EQ(by_classes[i].reason == LabelReason::kNotJudged, rare);
    EXPECT_EQ(by_classes[i].decision, by_predictions[i].decision);
  }
  EXPECT_EQ(Reviewed(collected.examples, {}).back().reason, LabelReason::kAgreed);
}

TEST(LabelQuality, StillJudgesWellWithinLittleMemory) {
  const Collected collected = Collect({.noise = 0.2});
  LabelQualityOptions options;
  options.max_weights = 800 * kNumIntents;
  options.max_vector_values = 1;  // The first 32 features of each text.
  const Curated curated = Curate(collected, Reviewed(collected.examples, options));
  EXPECT_LE(curated.wrong_rows, curated.rows / 20) << "of one in five before";
  EXPECT_LE(curated.good_rows_lost, kNumGiven / 20);
}

TEST(LabelQuality, StopsWhenToldTo) {
  const Collected collected = Collect({});
  int asked = 0;
  const Deadline until_the_fifth(absl::InfiniteFuture(), [&] {
    return ++asked < 5 ? absl::OkStatus() : errors::ShuttingDown();
  });
  EXPECT_EQ(ReviewLabels(collected.examples, {}, until_the_fifth).status(), errors::ShuttingDown());
  EXPECT_EQ(asked, 5);
}

}  // namespace
}  // namespace flywheel::curation
