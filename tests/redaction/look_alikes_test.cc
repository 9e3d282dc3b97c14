// What is written like a person, an address or a secret, and is none: each kind built from words of
// its own, and beside it the person that must still be found.
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

void ExpectStays(const std::string& text) { EXPECT_EQ(Redacted(text), text); }

TEST(LookAlikes, ThingsThatAreCalledByAPerson) {
  for (const char* name : {"Thomas Miller", "Quorvo Bernstein", "Anna Keller"}) {
    for (const char* thing : {"theorem", "jeans", "shoes", "algorithm", "syndrome", "guitar"}) {
      ExpectStays("we talked about the " + std::string(name) + " " + thing + " today");
    }
    EXPECT_EQ(Redacted("we talked with " + std::string(name) + " about it today"),
              "we talked with [NAME_1] about it today");
  }
}

TEST(LookAlikes, FirmsOfSurnames) {
  for (const char* firm : {"Davis, Howard and Black", "Clark, Thomas and Webb"}) {
    ExpectStays("we ordered from " + std::string(firm) + " last week");
  }
  for (const char* ending : {"& Sons", "GmbH", "Ltd", "et Fils", "KGaA"}) {
    ExpectStays("the invoice of Peter Keller " + std::string(ending) + " is late");
  }
  EXPECT_EQ(Redacted("the invoice of Peter Keller is late"), "the invoice of [NAME_1] is late");
}

TEST(LookAlikes, HousesTownsAndCases) {
  for (const char* text :
       {"Le lycée Victor Keller rouvre", "Die Konrad-Keller-Stiftung fördert es",
        "flights to the Thomas Miller Airport", "Keller v. Miller was decided in May",
        "the train to South Michael is late"}) {
    ExpectStays(text);
  }
}

TEST(LookAlikes, NamesInCode) {
  for (const char* text :
       {"from tkinter.ttk import Frame, Button", "template <StringRef Buf, HeadType Tail>",
        "assert SeqMul(S.EmptySequence) == S.EmptySequence", "\"AWS::Athena::WorkGroup\": 1",
        "if n:\n    elif kwargs:\n        raise"}) {
    ExpectStays(text);
  }
}

TEST(LookAlikes, IntroductionsOfThings) {
  for (const char* text :
       {"The standard is also known as ISO 646", "if no package name is provided, it searches",
        "the application name is mentioned in the header",
        "(b) under Patent Claims infringed by it", "Sincerely, Human Resources",
        "Attn: Accounts Payable"}) {
    ExpectStays(text);
  }
  EXPECT_EQ(Redacted("he is also known as Peter Keller"), "he is also known as [NAME_1]");
  EXPECT_EQ(Redacted("the contract is under Anna Keller"), "the contract is under [NAME_1]");
}

TEST(LookAlikes, TitlesOfBrands) {
  for (const char* text : {"Dr. Pepper is out of stock", "Captain America is on channel 4"}) {
    ExpectStays(text);
  }
  EXPECT_EQ(Redacted("Dr. Keller is out"), "Dr. [NAME_1] is out");
}

TEST(LookAlikes, DocumentsOfPrograms) {
  for (const char* text :
       {"STREET_ADDRESS = ObjectIdentifier(\"2.5.4.9\")",
        "Common interface to MS SQL and MS Windows", "DocBook Authoring and Publishing Suite",
        "it runs on Solaris 2", "Cairo 2 vector graphics"}) {
    ExpectStays(text);
  }
  // Words about an address are none.
  ExpectStays("Args:\n  address: A string or integer representing the IP\n  strict: a boolean\n");
  EXPECT_EQ(Redacted("name: Anna Keller\naddress: 12 Elm Grove Lane\n").find("Elm"),
            std::string::npos);
  EXPECT_EQ(Redacted("Ms. Keller and Ms Webb called").find("Keller"), std::string::npos);
}

TEST(LookAlikes, NamesOfFieldsAsValues) { ExpectStays("config.set('pypi', 'username', password)"); }

TEST(LookAlikes, QuantitiesAndParameters) {
  for (const char* text :
       {"the temperature stays at 300 Kelvin for an hour", "Red: 255, Green: 160, Blue: 0",
        "PASS: 64-bit SNP insn PASS", "how much are 20000 Japanese Yen",
        "known issue #31733 (Noordhuis) was fixed", "Room 204, Building 7, second floor"}) {
    ExpectStays(text);
  }
}

TEST(LookAlikes, VersionsOfFourNumbers) {
  for (const char* program : {"Git", "GCC", "the parser"}) {
    ExpectStays("this was fixed in " + std::string(program) + " 2.7.2.3 and later");
  }
  EXPECT_EQ(Redacted("the host 2.7.2.3 is down"), "the host [IP_ADDRESS_1] is down");
  EXPECT_EQ(Redacted("seen from 93.184.216.34"), "seen from [IP_ADDRESS_1]");
}

TEST(LookAlikes, ResultsOfTestsAndCalls) {
  ExpectStays("PASS: gas/all/err-1.s (test for errors)");
  ExpectStays("Statement((Pass(),),), default_newline=\"x\"");
  ExpectStays(R"({"organisation": "\u05d0\u05e8\u05d2\u05df", "address": "x"})");
}

TEST(Phones, StandBehindTheirWord) {
  for (const char* lead : {"mobile ", "ring ", "I'd like to bring my number ", "I'm on "}) {
    EXPECT_EQ(Redacted(lead + std::string("03776256237 then")),
              lead + std::string("[PHONE_1] then"));
  }
  EXPECT_EQ(Redacted("Kind regards\nAnna Keller\n7893 6758\n"),
            "Kind regards\n[NAME_1]\n[PHONE_1]\n");
  EXPECT_EQ(Redacted("call me on oh seven nine one one, one two three four"),
            "call me on [PHONE_1]");
  ExpectStays("function call 12345678 returned 87654321");
}

TEST(Licences, HaveAStateOrAForm) {
  EXPECT_EQ(Redacted("driver's license (CA): Y8839201"),
            "driver's license (CA): [DRIVER_LICENSE_1]");
  EXPECT_EQ(Redacted("he rented with licence D1234567 today"),
            "he rented with licence [DRIVER_LICENSE_1] today");
  ExpectStays("the licence plate D1234567 was seen");
}

TEST(Accounts, HaveHandlesAndShortNumbers) {
  EXPECT_EQ(Redacted("my handle is @skyhawk"), "my handle is @[USER_ID_1]");
  EXPECT_EQ(Redacted("I log in as mkeller4"), "I log in as [USER_ID_1]");
  ExpectStays("find me on Twitter @AcmeSupport");
  EXPECT_EQ(Redacted("it does not take Sun7Jvq#78 as password"),
            "it does not take [PASSWORD_1] as password");
}

}  // namespace
}  // namespace flywheel::redaction
