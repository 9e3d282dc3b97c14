// Exact, normalised, contains, regex and choice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval_gate_service/evaluators/unicode_text.h"
#include "tests/eval_gate_service/evaluators/evaluate.h"

namespace flywheel::evalgate::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Exact, IsWhatAReaderSees) {
  const auto exact = Make("exact");
  // Composed against decomposed, a no-break space, a ligature, full width, a soft hyphen, a
  // zero-width space, a byte order mark, ends.
  EXPECT_EQ(ScoreOf(*exact, "caf\u00e9 au lait", "cafe\u0301\u00a0au lait"), 1);
  EXPECT_EQ(ScoreOf(*exact, "office", "o\ufb03ce"), 1);
  EXPECT_EQ(ScoreOf(*exact, "AB 12", "\uff21\uff22\u3000\uff11\uff12"), 1);
  EXPECT_EQ(ScoreOf(*exact, "cooperate", "co\u00adoper\u200bate\ufeff"), 1);
  EXPECT_EQ(ScoreOf(*exact, "two words", " two\n\twords\u2028"), 1);
  EXPECT_EQ(ScoreOf(*exact, "Paris", "paris"), 0);
  EXPECT_EQ(ScoreOf(*exact, "cafe", "caf\u00e9"), 0);
  EXPECT_EQ(ScoreOf(*exact, "Paris", ""), 0);
  EXPECT_EQ(ScoreOf(*exact, "Paris", "Paris."), 0);
}

TEST(Exact, ComparesBytesWhereItIsTold) {
  const auto bytes = Make("exact", R"({"bytes": true})");
  EXPECT_EQ(ScoreOf(*bytes, "caf\u00e9", "caf\u00e9"), 1);
  EXPECT_EQ(ScoreOf(*bytes, "caf\u00e9", "cafe\u0301"), 0);
  EXPECT_EQ(ScoreOf(*bytes, "a", "a "), 0);
}

TEST(Exact, AnyIdealOutputIsRightAndABlankOneIsNone) {
  const auto exact = Make("exact");
  Case one;
  one.ideal_outputs = {" ", "yes", "yeah"};
  EXPECT_TRUE(exact->Evaluate(one, Said("yeah")).passed);
  EXPECT_FALSE(exact->Evaluate(one, Said("")).passed);
  EXPECT_THAT(exact->Evaluate(one, Said("no")).explanation, HasSubstr("got \"no\", want \"yes\""));
  EXPECT_EQ(exact->Evaluate(Ideal("\u00a0\u200b"), Said("")).state, State::kNotApplicable);
}

TEST(Normalised, FoldsCase) {
  const auto normalised = Make("normalised");
  EXPECT_EQ(ScoreOf(*normalised, "Stra\u00dfe", "STRASSE"), 1);
  EXPECT_EQ(ScoreOf(*normalised, "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
                    "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2"),
            1);
  EXPECT_EQ(ScoreOf(*normalised, "yes", "yes!"), 0);
}

TEST(Normalised, LeavesOutPunctuationAndArticlesWhereItIsTold) {
  const auto loose = Make("normalised", R"({"ignore_punctuation": true, "ignore_articles": true})");
  EXPECT_EQ(ScoreOf(*loose, "The Eiffel Tower", "eiffel-tower!"), 1);
  EXPECT_EQ(ScoreOf(*loose, "The Eiffel Tower", "Eiffel Tow er"), 0);
  EXPECT_EQ(ScoreOf(*loose, "theatre", "atre"), 0);
  EXPECT_EQ(loose->Evaluate(Ideal("?!"), Said("...")).state, State::kNotApplicable);
  EXPECT_EQ(ScoreOf(*loose, "yes", "?"), 0);
}

TEST(UnicodeText, SeenIsIdempotent) {
  for (const char* text : {"  A\u0300 \u2167 \u00df\u0130\u0131 \ufdfa ", "\u1e9b\u0323", "\u00b4x",
                           "\u0345\u03b1", "\u00a0\u3000", "\U0001f468\u200d\U0001f469"}) {
    for (const Letters letters : {Letters::kKeep, Letters::kFold}) {
      const std::string once = Seen(text, letters);
      EXPECT_EQ(Seen(once, letters), once) << text;
    }
  }
}

// One output of the most bytes that one may have.
TEST(UnicodeText, EndsSoonWhateverTheMarks) {
  const std::string above = "\u0301", below = "\u0316";
  std::string text = "a";
  while (text.size() < kMaxTextBytes / 2) text += above;
  while (text.size() < kMaxTextBytes - 1) text += below;
  EXPECT_EQ(Seen(Seen(text, Letters::kFold), Letters::kFold), Seen(text, Letters::kFold));
  EXPECT_EQ(Composed(text), Seen(text, Letters::kKeep));
  EXPECT_EQ(ScoreOf(*Make("exact"), text, Composed(text)), 1);
}

TEST(UnicodeText, WordsOfManyScripts) {
  EXPECT_THAT(Words("Don't pay 1,000.50 EUR, it's O'Neil\u2019s."),
              ElementsAre("dont", "pay", "1,000.50", "eur", "its", "oneils"));
  EXPECT_THAT(Words("\u5317\u4eac is big"), ElementsAre("\u5317", "\u4eac", "is", "big"));
  EXPECT_THAT(Words(" ?! "), ElementsAre());
}

TEST(UnicodeText, KnowsWhatIsNoUtf8) {
  EXPECT_TRUE(IsUtf8("\u00e9\U0001f600"));
  for (const char* text : {"\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

TEST(Contains, ScoresTheShareOfTheTexts) {
  const auto all = Make("contains", R"({"texts": ["refund", "5 days", "sorry"]})");
  EXPECT_DOUBLE_EQ(all->Evaluate({}, Said("A refund takes\n5 days.")).score, 2.0 / 3);
  EXPECT_EQ(all->Evaluate({}, Said("sorry: refund in 5 days")).score, 1);
  EXPECT_EQ(all->Evaluate({}, Said("")).score, 0);
}

TEST(Contains, AnyAndNone) {
  const auto any = Make("contains", R"({"texts": ["yes", "sure"], "mode": "any"})");
  EXPECT_EQ(any->Evaluate({}, Said("sure thing")).score, 1);
  EXPECT_EQ(any->Evaluate({}, Said("Sure thing")).score, 0);
  const auto none =
      Make("contains", R"({"texts": ["lawyer"], "mode": "none", "ignore_case": true})");
  EXPECT_EQ(none->Evaluate({}, Said("Ask your LAWYER.")).score, 0);
  EXPECT_EQ(none->Evaluate({}, Said("")).score, 1);
}

TEST(Contains, WholeWordsHaveBorders) {
  const auto whole = Make("contains", R"({"texts": ["art"], "whole_words": true})");
  EXPECT_EQ(whole->Evaluate({}, Said("party art.")).score, 1);
  EXPECT_EQ(whole->Evaluate({}, Said("party \u00e9art art\u0301")).score, 0);
  EXPECT_EQ(whole->Evaluate({}, Said("party")).score, 0);
}

TEST(Contains, TakesTheCasesIdealsAndRefusesBlankTexts) {
  EXPECT_EQ(ScoreOf(*Make("contains"), "Paris", "It is Paris."), 1);
  EXPECT_THAT(WhyNot("contains", R"({"texts": ["a", " "]})"), HasSubstr("got a blank text"));
}

TEST(Regex, MatchesSomewhereOrAll) {
  const auto some = Make("regex", R"({"pattern": "order \\d{6}"})");
  EXPECT_EQ(some->Evaluate({}, Said("Your order 123456 is here")).score, 1);
  EXPECT_EQ(some->Evaluate({}, Said("Your order 12345 is here")).score, 0);
  const auto full = Make("regex", R"({"pattern": "yes.*", "full": true, "ignore_case": true})");
  EXPECT_EQ(full->Evaluate({}, Said(" YES,\nsure\n")).score, 1);
  EXPECT_EQ(full->Evaluate({}, Said("oh yes")).score, 0);
  EXPECT_EQ(full->Evaluate({}, Said(" ")).score, 0);
  const auto negated = Make("regex", R"({"pattern": "(?i)as an ai", "negate": true})");
  EXPECT_EQ(negated->Evaluate({}, Said("As an AI I cannot")).score, 0);
  EXPECT_EQ(negated->Evaluate({}, Said("Sure")).score, 1);
}

TEST(Regex, RefusesWhatIsNoPatternAndWhatMatchesEverything) {
  EXPECT_THAT(WhyNot("regex", R"({"pattern": "a("})"), HasSubstr("want RE2's syntax"));
  EXPECT_THAT(WhyNot("regex", R"({"pattern": "(?=a)b"})"), HasSubstr("want RE2's syntax"));
  EXPECT_THAT(WhyNot("regex", R"({"pattern": "x*"})"), HasSubstr("matches whatever is said"));
  EXPECT_THAT(WhyNot("regex", R"({"pattern": ".*", "full": true})"),
              HasSubstr("matches whatever is said"));
  EXPECT_EQ(WhyNot("regex", R"({"pattern": "^$"})"), "");
}

TEST(Regex, TakesThePatternOfTheCase) {
  const auto regex = Make("regex");
  EXPECT_EQ(ScoreOf(*regex, "^4[0-9]$", "42"), 1);
  EXPECT_EQ(regex->Evaluate(Ideal("("), Said("(")).state, State::kNotApplicable);
}

TEST(Regex, TakesLinearTimeWhateverThePattern) {
  const auto regex = Make("regex", R"({"pattern": "^(a+)+$"})");
  EXPECT_EQ(regex->Evaluate({}, Said(std::string(200'000, 'a') + "!")).score, 0);
}

struct ChoiceCase {
  const char* ideal;
  const char* output;
  double score;
};

TEST(Choice, ReadsLettersAndTexts) {
  const auto choice = Make("choice", R"({"options": ["Paris", "New York", "York", "A dog"]})");
  for (const ChoiceCase& one :
       std::vector<ChoiceCase>{{"B", "B", 1},
                               {"B", "(b)", 1},
                               {"B", "**B.**", 1},
                               {"B", "new york!", 1},
                               {"B", "B) New York", 1},
                               {"New York", "The answer is B.", 1},
                               {"C", "It is York, of course", 1},
                               {"B", "It is New York, of course", 1},
                               {"B", "The answer is A. No, wait: the answer is (B)", 1},
                               {"B", "Not (A) since it is in France. Answer: B", 1},
                               {"A", "I think it is (A) since it is in France", 1},
                               {"A", "Paris or York", 0},
                               {"A", "the answer is a difficult one", 0},
                               {"A", "E", 0},
                               {"A", "", 0},
                               {"D", "The answer is a dog", 1},
                               {"B", "A", 0}}) {
    EXPECT_EQ(ScoreOf(*choice, one.ideal, one.output), one.score) << one.output;
  }
  EXPECT_EQ(choice->Evaluate(Ideal("Berlin"), Said("A")).state, State::kNotApplicable);
}

TEST(Choice, TakesTheOptionsOfTheQuestion) {
  const auto choice = Make("choice");
  Case one = Ideal("B");
  one.input = "Which is red?\nA) grass\nB) blood\n(C) the sea\n";
  EXPECT_TRUE(choice->Evaluate(one, Said("Blood, surely")).passed);
  EXPECT_FALSE(choice->Evaluate(one, Said("the sea")).passed);
  one.ideal_outputs = {"the sea"};
  EXPECT_TRUE(choice->Evaluate(one, Said("C")).passed);
  EXPECT_THAT(WhyNot("choice", R"({"options": ["one"]})"), HasSubstr("want 2 to 26"));
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
