#include "curation_service/domain/text_vectorizer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace flywheel::curation {
namespace {

const std::vector<std::string> kCollection = {
    "Where is my card?",         "my card is lost",  "When does the transfer arrive",
    "the transfers arrive late", "top up by cheque", "Überweisung fehlt",
    "überweisung Überweisung",
};

float Similarity(const SparseVector& a, const SparseVector& b) {
  float sum = 0.0F;
  for (std::size_t i = 0; i < a.features.size(); ++i) {
    const auto found = std::find(b.features.begin(), b.features.end(), a.features[i]);
    if (found != b.features.end()) sum += a.values[i] * b.values[found - b.features.begin()];
  }
  return sum;
}

TEST(TextVectorizer, GivesVectorsOfLengthOne) {
  const TextVectorizer vectorizer(kCollection);
  for (const std::string& text : kCollection) {
    const SparseVector vector = vectorizer.Vectorize(text);
    if (text == "top up by cheque") continue;  // Shares nothing with the others.
    EXPECT_NEAR(Similarity(vector, vector), 1.0F, 1e-5F) << text;
  }
}

TEST(TextVectorizer, LeavesOutFeaturesOfASingleText) {
  const TextVectorizer vectorizer(kCollection);
  EXPECT_TRUE(vectorizer.Vectorize("cheque").features.empty());
  EXPECT_FALSE(vectorizer.Vectorize("card").features.empty());
}

TEST(TextVectorizer, GivesNoFeatureToTextThatItDoesNotKnow) {
  const TextVectorizer vectorizer(kCollection);
  EXPECT_TRUE(vectorizer.Vectorize("").features.empty());
  EXPECT_TRUE(vectorizer.Vectorize("zzz 999").features.empty());
  EXPECT_EQ(TextVectorizer({}).num_features(), 0U);
}

TEST(TextVectorizer, IgnoresCaseSpacingAndRepetition) {
  const TextVectorizer vectorizer(kCollection);
  const SparseVector plain = vectorizer.Vectorize("my card");
  const SparseVector shouted = vectorizer.Vectorize("  MY\t\nCard ");
  EXPECT_EQ(plain.features, shouted.features);
  EXPECT_EQ(plain.values, shouted.values);
  const SparseVector once = vectorizer.Vectorize("card");
  EXPECT_FALSE(once.features.empty());
}

TEST(TextVectorizer, SeesTheResemblanceOfInflectedAndMisspeltWords) {
  const TextVectorizer vectorizer(kCollection);
  const SparseVector word = vectorizer.Vectorize("transfer");
  EXPECT_GT(Similarity(word, vectorizer.Vectorize("transferring")), 0.3F);
  EXPECT_GT(Similarity(word, vectorizer.Vectorize("trransfer")), 0.3F);
  EXPECT_EQ(Similarity(word, vectorizer.Vectorize("card")), 0.0F);
}

TEST(TextVectorizer, KeepsMultiByteCharactersWhole) {
  // Both words have the three-byte character of "i" in the middle and share no run of four
  // characters, but would share runs of four bytes.
  const std::vector<std::string> collection = {"あいう", "あいう", "かいえ", "かいえ"};
  const TextVectorizer vectorizer(collection);
  EXPECT_NEAR(Similarity(vectorizer.Vectorize("あいう"), vectorizer.Vectorize("あいう")), 1.0F,
              1e-5F);
  EXPECT_EQ(Similarity(vectorizer.Vectorize("あいう"), vectorizer.Vectorize("かいえ")), 0.0F);
}

TEST(TextVectorizer, NumbersFeaturesTheSameEveryTime) {
  const TextVectorizer one(kCollection);
  const TextVectorizer two(kCollection);
  ASSERT_EQ(one.num_features(), two.num_features());
  for (const std::string& text : kCollection) {
    EXPECT_EQ(one.Vectorize(text).features, two.Vectorize(text).features);
    EXPECT_EQ(one.Vectorize(text).values, two.Vectorize(text).values);
    for (const auto feature : one.Vectorize(text).features) EXPECT_LT(feature, one.num_features());
  }
}

TEST(TextVectorizer, KeepsTheMostFrequentFeaturesWhereItMayKnowFew) {
  FeatureCounts counts(/*max_features_per_text=*/1'000);
  for (const char* text : {"ab cd", "cd ef", "ef cd", "ab xy"}) counts.Add(text);
  const TextVectorizer all(counts, 1'000);
  const TextVectorizer one(counts, 1);
  EXPECT_GT(all.num_features(), 1U);
  EXPECT_EQ(one.num_features(), 1U);
  EXPECT_EQ(one.Vectorize("cd").features.size(), 1U);  // Three texts have it.
  EXPECT_TRUE(one.Vectorize("ab").features.empty());
}

TEST(TextVectorizer, LooksOnlyAtTheBeginningOfALongText) {
  FeatureCounts counts(/*max_features_per_text=*/4);
  for (int i = 0; i < 2; ++i) counts.Add("ab cd ef gh");
  const TextVectorizer vectorizer(counts, 1'000);
  EXPECT_EQ(vectorizer.num_features(),
            4U);  // Two words, each also as a pair with what precedes it.
  EXPECT_EQ(vectorizer.Vectorize("ab cd").features, vectorizer.Vectorize("ab cd ef gh").features);
}

}  // namespace
}  // namespace flywheel::curation
