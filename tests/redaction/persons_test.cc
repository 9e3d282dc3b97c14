// Names and whole addresses: each way to announce one, and what only looks like it.
#include <gtest/gtest.h>

#include <string>

#include "redaction/redactor.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::redaction {
namespace {

std::string Redacted(std::string text) {
  static const auto& detector = *new PiiDetector(PiiDetector::Make({}).value());
  Redactor redactor(detector);
  EXPECT_OK(redactor.Redact(text));
  return text;
}

TEST(Persons, AreFoundWhereTheyAreAnnounced) {
  EXPECT_EQ(Redacted("mr. martin called"), "mr. [NAME_1] called");
  EXPECT_EQ(Redacted("Mr.  Bert is here"), "Mr.  [NAME_1] is here");
  EXPECT_EQ(Redacted("MY NAME IS ANN LEE"), "MY NAME IS [NAME_1]");
  EXPECT_EQ(Redacted("Name on card: Zebulon Pikeworth"), "Name on card: [NAME_1]");
  EXPECT_EQ(Redacted("yesterday Ann Lee was here again"), "yesterday [NAME_1] was here again");
}

TEST(Persons, AreNoWordsInCapitals) {
  for (const char* text : {"EACH PATIENT IS SEEN FOR FREE", "I'M STUCK HERE",
                           "the Jordan River is wide here", "Virginia Beach is far from here"}) {
    EXPECT_EQ(Redacted(text), text);
  }
  EXPECT_EQ(Redacted("MR. SMITH GOES 40 COWS"), "MR. [NAME_1] GOES 40 COWS");
}

TEST(Persons, AreFoundInOtherScripts) {
  EXPECT_EQ(Redacted("我叫陈伟，你好"), "我叫[NAME_1]，你好");
  EXPECT_EQ(Redacted("山田太郎です"), "[NAME_1]です");
  EXPECT_EQ(Redacted("меня зовут Анна Петрова, помогите"), "меня зовут [NAME_1], помогите");
}

TEST(Addresses, AreOneBlock) {
  EXPECT_EQ(Redacted("ship to 6450 Elm Grove Lane\n Suite 787\nLake Joyceview, TX 75534\n"
                     "United States"),
            "ship to [ADDRESS_1]");
}

}  // namespace
}  // namespace flywheel::redaction
