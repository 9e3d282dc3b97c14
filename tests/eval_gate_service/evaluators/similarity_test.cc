// Levenshtein and token F1, and the distance under them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "eval_gate_service/evaluators/edit_distance.h"
#include "eval_gate_service/evaluators/levenshtein.h"
#include "eval_gate_service/evaluators/token_f1.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

// The textbook's table.
size_t SlowDistance(const std::u32string& a, const std::u32string& b) {
  std::vector<size_t> above(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t> row(b.size() + 1, i);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
    }
    above = row;
  }
  return above.back();
}

size_t SlowSubsequence(const std::u32string& a, const std::u32string& b) {
  std::vector<size_t> above(b.size() + 1, 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t> row(b.size() + 1, 0);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = a[i - 1] == b[j - 1] ? above[j - 1] + 1 : std::max(above[j], row[j - 1]);
    }
    above = row;
  }
  return above.back();
}

TEST(EditDistance, EqualsTheTextbookOnRandomTexts) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    // Lengths about the borders of blocks, few characters so that much is equal.
    const auto text = [&] {
      std::u32string made(random() % 200, U'a');
      for (char32_t& c : made) c = (round % 2 == 0 ? U'a' : U'\U0001f600') + random() % 4;
      return made;
    };
    const std::u32string a = text();
    const std::u32string b = text();
    ASSERT_EQ(EditDistance(a, b), SlowDistance(a, b)) << round;
    ASSERT_EQ(CommonSubsequence(a, b), SlowSubsequence(a, b)) << round;
    if (round % 2 == 0) {
      ASSERT_EQ(EditDistance(std::string(a.begin(), a.end()), std::string(b.begin(), b.end())),
                SlowDistance(a, b));
    }
  }
}

// Texts so long and of so many characters that few of these have a row of their own.
TEST(EditDistance, EqualsTheTextbookOnManyCharacters) {
  std::mt19937 random(8);
  for (const size_t characters : {size_t{3}, size_t{40}, size_t{900}}) {
    const auto text = [&](size_t length) {
      std::u32string made(length, U'a');
      for (char32_t& c : made) {
        // Most are rare, some are not.
        c = random() % 3 == 0 ? U'a' + random() % 3 : U'\u4e00' + random() % characters;
      }
      return made;
    };
    const std::u32string a = text(2'300);
    std::u32string b = a;
    for (int i = 0; i < 300; ++i) b[random() % b.size()] = U'\u4e00' + random() % characters;
    b.erase(200, 150);
    b += text(400);
    EXPECT_EQ(EditDistance(a, b), SlowDistance(a, b)) << characters;
    EXPECT_EQ(CommonSubsequence(a, b), SlowSubsequence(a, b)) << characters;
  }
}

TEST(EditDistance, OfWholeBlocks) {
  for (const size_t length : {63u, 64u, 65u, 128u, 129u, 640u}) {
    const std::string a(length, 'a');
    const std::string b(length, 'b');
    EXPECT_EQ(EditDistance(a, b), length);
    EXPECT_EQ(EditDistance(a, "b" + a), 1u);
    EXPECT_EQ(EditDistance(a, ""), length);
    EXPECT_EQ(EditDistance("x" + a + "y", "z" + a), 2u);
  }
}

TEST(Levenshtein, IsOneMinusTheShareOfEdits) {
  EXPECT_DOUBLE_EQ(LevenshteinSimilarity("kitten", "sitting"), 1 - 3.0 / 7);
  EXPECT_DOUBLE_EQ(LevenshteinSimilarity("", ""), 1);
  EXPECT_DOUBLE_EQ(LevenshteinSimilarity("", "abc"), 0);
  EXPECT_DOUBLE_EQ(LevenshteinSimilarity("\u00e9t\u00e9", "ete"), 1 - 2.0 / 3);
  EXPECT_DOUBLE_EQ(LevenshteinSimilarity("\U0001f600", "a"), 0);
}

TEST(Levenshtein, IsAMetricOnRandomTexts) {
  std::mt19937 random(3);
  const auto text = [&] {
    std::string made(random() % 40, 'a');
    for (char& c : made) c = static_cast<char>('a' + random() % 3);
    return made;
  };
  for (int round = 0; round < 2000; ++round) {
    const std::string a = text(), b = text(), c = text();
    EXPECT_EQ(EditDistance(a, b), EditDistance(b, a));
    EXPECT_EQ(EditDistance(a, b) == 0, a == b);
    EXPECT_LE(EditDistance(a, c), EditDistance(a, b) + EditDistance(b, c));
  }
}

TEST(Levenshtein, TakesComposedLettersAndTheBestIdeal) {
  const auto levenshtein = Make("levenshtein", "", 0.8);
  EXPECT_EQ(ScoreOf(*levenshtein, "caf\u00e9", "cafe\u0301"), 1);
  Case one;
  one.ideal_outputs = {"something else", "kitten"};
  const Evaluation evaluation = levenshtein->Evaluate(one, Said("kittens"));
  EXPECT_DOUBLE_EQ(evaluation.score, 1 - 1.0 / 7);
  EXPECT_TRUE(evaluation.passed);
  EXPECT_DOUBLE_EQ(ScoreOf(*Make("levenshtein", R"({"ignore_case": true})", 0.5), "A  B", "a b"),
                   1);
}

TEST(Levenshtein, RefusesTextsThatWouldTakeTooLong) {
  const auto levenshtein = Make("levenshtein", "", 0.5);
  const std::string longest(65'536, 'a');
  EXPECT_EQ(levenshtein->Evaluate(Ideal("a"), Said(longest)).state, State::kMeasured);
  EXPECT_EQ(levenshtein->Evaluate(Ideal("a"), Said(longest + "a")).state, State::kFailed);
}

TEST(TokenF1, IsThatOfSquad) {
  // By hand: 2 of 3 and of 4 words are shared, so 2 * 2 / 7.
  EXPECT_DOUBLE_EQ(TokenF1("the city of Paris", "Paris, city hotel lobby"), 4.0 / 7);
  EXPECT_DOUBLE_EQ(TokenF1("The Beatles", "beatles!"), 1);
  EXPECT_DOUBLE_EQ(TokenF1("U.S. don't", "us dont"), 1);
  // A word counts as often as both have it.
  EXPECT_DOUBLE_EQ(TokenF1("no no no", "no"), 2.0 * 1 / 4);
  EXPECT_DOUBLE_EQ(TokenF1("", ""), 1);
  EXPECT_DOUBLE_EQ(TokenF1("the", "..."), 1);
  EXPECT_DOUBLE_EQ(TokenF1("", "Paris"), 0);
  EXPECT_DOUBLE_EQ(TokenF1("caf\u00e9", "cafe\u0301"), 1);
}

TEST(TokenF1, TakesTheBestIdeal) {
  const auto f1 = Make("token_f1", "", 0.5);
  Case one;
  one.ideal_outputs = {"?", "Lyon", "city of Paris"};
  EXPECT_DOUBLE_EQ(f1->Evaluate(one, Said("Paris city")).score, 0.8);
  EXPECT_EQ(f1->Evaluate(Ideal("?"), Said("Paris")).state, State::kNotApplicable);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
