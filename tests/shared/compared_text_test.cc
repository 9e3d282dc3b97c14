#include "shared/text/compared_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace flywheel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ComparedText, IsTheSameForCarelessCopies) {
  constexpr char kText[] = "Janet's ducks lay 16 eggs: how many \"a week\" is that?";
  for (const char* copy : {
           "JANET'S DUCKS LAY 16 EGGS: HOW MANY \"A WEEK\" IS THAT?",
           "Janet\u2019s  ducks lay 16 eggs \u2014 how many \u201ca week\u201d is that",
           "Ja\u200bnet's ducks\u00a0lay 16 e\u00adggs; how many (a week) is that?!",
           "Janet&#39;s ducks lay 16 eggs: how many &quot;a week&quot; is that?",
           "Janet&#x27;s ducks lay 16 eggs: how many &ldquo;a week&rdquo; is that?",
           "\ufeff  janets ducks lay 16 eggs how many a week is that ",
           "\uff2aanet's ducks lay 16 eggs, how many a week is that\u2026",
       }) {
    EXPECT_EQ(ComparedText(copy), ComparedText(kText)) << copy;
  }
}

TEST(ComparedText, KeepsWhatMeansSomething) {
  const auto differ = [](const char* a, const char* b) {
    EXPECT_NE(ComparedText(a), ComparedText(b)) << a << " and " << b;
  };
  differ("What is 3 + 4?", "What is 3 - 4?");
  differ("What is 3*4?", "What is 3/4?");
  differ("What is 3-4?", "What is 34?");
  differ("It costs 1.5", "It costs 15");
  differ("It costs 5%", "It costs 5");
  differ("It costs $5", "It costs \u20ac5");
  differ("Is C a language?", "Is C++ a language?");
  differ("Is C# a language?", "Is C a language?");
  differ("\u00fcber", "uber");
  differ("is x < y", "is x > y");
  EXPECT_EQ(ComparedText("80,000"), "80000");
  EXPECT_EQ(ComparedText("1,5"), "1 5");
}

TEST(ComparedText, OfWhatSaysNothingIsEmpty) {
  for (const char* text : {"", " ", "?!", "...", "\u200b", "\u2014", "(+)"}) {
    EXPECT_EQ(ComparedText(text), "") << text;
  }
  EXPECT_THAT(ComparedWords(""), IsEmpty());
}

TEST(ComparedText, IsIdempotentWhateverItIsGiven) {
  for (const std::string text :
       {"A &amp;amp; B", "&#0; &#xD800; &#999999999; &nosuch; &", "\xff\xfe broken",
        "e\u0301t\u00e9", "\u4f60\u597d\uff0c\u4e16\u754c", "1,000,000.50", "a--b 5-6 -7",
        "C++/C# 3%%"}) {
    const std::string once = ComparedText(text);
    EXPECT_EQ(ComparedText(once), once) << text;
  }
}

TEST(ComparedText, HasWords) {
  EXPECT_THAT(ComparedWords(ComparedText("Where is my card?")),
              ElementsAre("where", "is", "my", "card"));
}

}  // namespace
}  // namespace flywheel
