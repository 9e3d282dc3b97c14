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

TEST(Persons, AreFoundInSentencesAboutPeople) {
  EXPECT_EQ(Redacted("can you call Mary before noon?"), "can you call [NAME_1] before noon?");
  EXPECT_EQ(Redacted("could Noah and Samuel share one account?"),
            "could [NAME_1] and [NAME_2] share one account?");
  EXPECT_EQ(Redacted("a complaint by Quorvo Hernandez was filed"),
            "a complaint by [NAME_1] was filed");
  EXPECT_EQ(Redacted("Agnès Normand and Héctor Treviño asked"), "[NAME_1] and [NAME_2] asked");
}

TEST(Persons, AreNoPlacesShipsOrHeadlines) {
  for (const char* text : {"stolen in West George last week", "The USS Abraham Lincoln returned",
                           "back from Nikita Ville", "Mr and Mrs who booked the room have left",
                           "Mrs X will bring a rose"}) {
    EXPECT_EQ(Redacted(text), text);
  }
}

TEST(Addresses, HaveAStreetAtTheirNumber) {
  for (const char* street : {"7555 Hannah Trace", "aleja Rajska 28/67", "Fabiënnesteeg 39",
                             "Mielcarekstraße 32-54", "Incrocio Verga, 80"}) {
    EXPECT_EQ(Redacted("he's at " + std::string(street)), "he's at [ADDRESS_1]");
  }
}

TEST(Addresses, HaveATownAndAPostcode) {
  for (const char* address :
       {"6954 Elizabeth Pool, Harveyfurt, OH 97111, United States",
        "54 Turner Mountain, Alexandratown X1N 7K6", "4763 Akdeniz Viaduct, 09521 South Esentürk",
        "27, chemin de Giraud, Paul 97632", "Lipách 3, Chropyně 768 99",
        "103 Leddin Street\nShay Town\nA31 Y7RK", "16 Mitchell Harbor, Browntown"}) {
    EXPECT_EQ(Redacted("it goes to " + std::string(address) + "."), "it goes to [ADDRESS_1].");
  }
}

TEST(Addresses, AreNoCountsOrModels) {
  for (const char* text :
       {"1 168 445 Zeilen, 258 375 Spalten", "Lieferung von 5000 Stück, 10000 Euro",
        "order 12 Elm, 12345 Words", "In 2019 Silicon Valley grew", "Levi's 501, Boots 1460"}) {
    EXPECT_EQ(Redacted(text), text);
  }
}

}  // namespace
}  // namespace flywheel::redaction
