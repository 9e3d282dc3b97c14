#include "redaction/redactor.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::redaction {
namespace {

const PiiDetector& TheDetector() {
  static const auto& detector = *new PiiDetector(PiiDetector::Make({}).value());
  return detector;
}

std::string Redacted(Redactor& redactor, std::string text) {
  EXPECT_OK(redactor.Redact(text));
  return text;
}

std::string Redacted(const std::string& text) {
  Redactor redactor(TheDetector());
  return Redacted(redactor, text);
}

TEST(Redactor, GivesTheSameValueTheSamePlaceholderAcrossTexts) {
  Redactor redactor(TheDetector());
  EXPECT_EQ(Redacted(redactor, "write to ann@example.com, not bob@example.com"),
            "write to [EMAIL_1], not [EMAIL_2]");
  EXPECT_EQ(Redacted(redactor, "I wrote to bob@example.com"), "I wrote to [EMAIL_2]");
  EXPECT_EQ(redactor.count(DataType::kEmail), 3);
  EXPECT_EQ(redactor.count(DataType::kPhone), 0);
}

TEST(Redactor, TakesOneValueInTwoSpellingsForOne) {
  EXPECT_EQ(Redacted("Ann@Example.com is ann@example.com"), "[EMAIL_1] is [EMAIL_1]");
  EXPECT_EQ(Redacted("4111 1111 1111 1111, or 4111-1111-1111-1111"), "[CARD_1], or [CARD_1]");
}

TEST(Redactor, LeavesWhatOnlySoundsLikeAZipALicenceOrTheEndOfACard) {
  const std::string texts[] = {"zip the 2024 reports, gzip 12345 files",
                               "driver version 535.104.05, the driver took 12345 steps",
                               "the flight ending in 1234 is late", "the trial expires 09/27",
                               "have a look at example dot com"};
  for (const std::string& text : texts) EXPECT_EQ(Redacted(text), text);
}

TEST(Redactor, TakesZipLicenceAndWhatIsPrintedOnACardBehindTheirWords) {
  EXPECT_EQ(Redacted("My zip code is 2200"), "My zip code is [ADDRESS_1]");
  EXPECT_EQ(Redacted("ZIP: 75534-030"), "ZIP: [ADDRESS_1]");
  EXPECT_EQ(Redacted("My driver's license number is D1234567."),
            "My driver's license number is [DRIVER_LICENSE_1].");
  EXPECT_EQ(Redacted("card ending in 1234, exp 09/27, cvv 123"),
            "card ending in [CARD_1], exp [CARD_2], cvv [CARD_3]");
  EXPECT_EQ(Redacted("last four of my social: 5678"), "last four of my social: [NATIONAL_ID_1]");
}

TEST(Redactor, StartsAgainInTheNextInteraction) {
  EXPECT_EQ(Redacted("to bob@example.com"), "to [EMAIL_1]");
  EXPECT_EQ(Redacted("to ann@example.com"), "to [EMAIL_1]");
}

TEST(Redactor, LeavesCleanTextAlone) {
  Redactor redactor(TheDetector());
  std::string text = "Where is my order 4471182, it was $1,200.50?";
  const char* bytes = text.data();
  const auto changed = redactor.Redact(text);
  ASSERT_OK(changed);
  EXPECT_FALSE(*changed);
  EXPECT_EQ(text.data(), bytes);
}

TEST(Redactor, LeavesRedactedTextAlone) {
  const std::string texts[] = {
      "Dear [NAME_1], my name is [NAME_2], call [PHONE_1]",
      "passport [PASSPORT_1], order 123456789",
      "[EMAIL_1]@example.com is no address",
      "https://[URL_CREDENTIALS_1]@host/",
  };
  for (const std::string& text : texts) EXPECT_EQ(Redacted(text), text);
}

TEST(Redactor, NumbersOnBehindThePlaceholdersThatATextBrings) {
  EXPECT_EQ(Redacted("[EMAIL_1] and [EMAIL_7] know bob@example.com"),
            "[EMAIL_1] and [EMAIL_7] know [EMAIL_8]");
  EXPECT_EQ(Redacted("[EMAIL_99999999999999999999] knows bob@example.com"),
            "[EMAIL_99999999999999999999] knows [EMAIL_1]");
}

TEST(Redactor, RedactingTwiceIsRedactingOnce) {
  const std::string once = Redacted(
      "My name is Ann Lee, born 3 May 1980, 12 Oak Street, IBAN GB82 WEST 1234 5698 7654 32, "
      "card 4111111111111111, +44 20 7946 0958, sk-abcdefghijklmnopqrstuvwx, ann@example.com");
  EXPECT_EQ(once,
            "My name is [NAME_1], born [BIRTH_DATE_1], [ADDRESS_1], IBAN [IBAN_1], card [CARD_1], "
            "[PHONE_1], [API_KEY_1], [EMAIL_1]");
  EXPECT_EQ(Redacted(once), once);
}

TEST(Redactor, LeavesNothingOfOverlappingFindings) {
  const std::string text =
      Redacted("https://ann:pw1234@example.com/ and 4111111111111111@example.com");
  EXPECT_EQ(text, "https://[URL_CREDENTIALS_1]@example.com/ and [EMAIL_1]");
}

// Names that are longer than anybody's, of characters of two and of three bytes.
TEST(Redactor, LeavesNoPartOfACharacter) {
  for (const std::string character : {"\u0444", "\uFFFD", "\u05D0"}) {
    std::string name = "Ann Lee";
    for (int i = 0; i < 40; ++i) {
      name += character;
      const std::string text = Redacted(R"({"name": ")" + name + R"(ren, Linden 1"})");
      EXPECT_TRUE(nlohmann::json::accept(text)) << text;
    }
  }
}

TEST(Redactor, TakesNumbersApartThatStandSideBySide) {
  EXPECT_EQ(Redacted("cards 4012888888881881 4111 1111 1111 1111 88888 and so on"),
            "cards [CARD_1] [CARD_2] 88888 and so on");
  EXPECT_EQ(Redacted("cards 4111 1111 1111 1111 12/27, 5555555555554444 123"),
            "cards [CARD_1] 12/27, [CARD_2] 123");
  // The first 19 digits would be a card as well, and end in the middle of "888-8".
  EXPECT_EQ(Redacted("4111 1111 1111 1111 888-8"), "[CARD_1] 888-8");
  EXPECT_EQ(Redacted("4111 1111 1111 1111 888.5"), "[CARD_1] 888.5");
}

TEST(Redactor, SeesThroughCaseSpacesAndLanguages) {
  EXPECT_EQ(Redacted("MY NAME IS Ann Lee"), "MY NAME IS [NAME_1]");
  EXPECT_EQ(Redacted("电话13812345678谢谢"), "电话[PHONE_1]谢谢");
  EXPECT_EQ(Redacted("邮箱chenwei@example.cn谢谢"), "邮箱[EMAIL_1]谢谢");
  EXPECT_EQ(Redacted("هاتف ٠٥٠١٢٣٤٥٦٧ شكرا"), "هاتف [PHONE_1] شكرا");
  EXPECT_EQ(Redacted("電話０９０－１２３４－５６７８です"), "電話[PHONE_1]です");
  EXPECT_EQ(Redacted("फ़ोन ९८७६५४३२१०"), "फ़ोन [PHONE_1]");
  EXPECT_EQ(Redacted("कमरा ९८७६५"), "कमरा ९८७६५");
  EXPECT_EQ(Redacted("Ich heiße Jürgen Groß."), "Ich heiße [NAME_1].");
  EXPECT_EQ(Redacted("l'adresse (jean@exemple.fr)"), "l'adresse ([EMAIL_1])");
}

TEST(Redactor, FindsGivenNamesThatAreWrittenLikeAnyOtherWord) {
  EXPECT_EQ(Redacted("hey this is anna keller again"), "hey this is [NAME_1] again");
  EXPECT_EQ(Redacted("this is anna from accounting"), "this is [NAME_1] from accounting");
  EXPECT_EQ(Redacted("I'm Anna and my card is lost"), "I'm [NAME_1] and my card is lost");
  EXPECT_EQ(Redacted("i am anna, again"), "i am [NAME_1], again");
  EXPECT_EQ(Redacted("this is ann-marie o'connor speaking"), "this is [NAME_1] speaking");
  EXPECT_EQ(Redacted("ich bin björn von der heide und warte"), "ich bin [NAME_1] und warte");
  EXPECT_EQ(Redacted("SOY TOMÁS GARCÍA"), "SOY [NAME_1]");
  EXPECT_EQ(Redacted("je suis chloé. bonjour"), "je suis [NAME_1]. bonjour");
  EXPECT_EQ(Redacted("this is anna's phone"), "this is [NAME_1]'s phone");
  EXPECT_EQ(Redacted("hello anna can you help"), "hello [NAME_1] can you help");
  EXPECT_EQ(Redacted("Thanks, Anna Keller!"), "Thanks, [NAME_1]!");
}

TEST(Redactor, TakesNoWordForAGivenNameThatIsNone) {
  const std::string texts[] = {"this is really annoying again",
                               "i'm locked out again",
                               "I am Christian, are you open on Sunday?",
                               "je suis marié et perdu",
                               "this is may 3rd",
                               "ich bin nicht da",
                               "hello again, thanks for the help",
                               "Thanks, that helped",
                               "this is annabelleandtherest"};
  for (const std::string& text : texts) EXPECT_EQ(Redacted(text), text);
}

TEST(Redactor, FindsAtEveryPlaceOfATextOfBlocks) {
  // The scanner reads 64 bytes at a time: a value may lie across any border.
  for (size_t before = 0; before < 200; ++before) {
    std::string text(before, '.');
    text += " my name is Ann Lee and ann@example.com or 4111 1111 1111 1111 ";
    EXPECT_EQ(Redacted(text),
              std::string(before, '.') + " my name is [NAME_1] and [EMAIL_1] or [CARD_1] ")
        << before;
  }
}

TEST(Redactor, WorksOnHostileTextsOfAMegabyte) {
  const std::string pieces[] = {"1",
                                "@",
                                "a@b.",
                                "sk-",
                                "eyJ.",
                                "1 2-3 ",
                                "my name is ",
                                "Dear ",
                                ":",
                                "::",
                                "-----BEGIN RSA PRIVATE KEY-----",
                                "[A_1]",
                                "[[",
                                "é",
                                "DE89 ",
                                "0-0-0-",
                                "://a:b@",
                                "born 1/",
                                "\xFF",
                                "12 Oak ",
                                "passport A",
                                "1.2.3.",
                                "4 ",
                                "a@",
                                "a1-",
                                "4111 1111 1111 1111 ",
                                "at ",
                                "٤ ",
                                "zip 1",
                                "eyJaaaaaaaaaaaaaaaa-"};
  for (const std::string& piece : pieces) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    Redactor redactor(TheDetector());
    EXPECT_OK(redactor.Redact(text)) << piece;
  }
}

TEST(Redactor, SharesADetectorBetweenThreads) {
  std::vector<std::thread> threads;
  std::vector<std::string> texts(4);
  for (std::string& text : texts) {
    threads.emplace_back([&text] {
      for (int i = 0; i < 200; ++i)
        text = Redacted("I'm Ann Lee, ann@example.com, +44 20 7946 0958");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : texts) EXPECT_EQ(text, "I'm [NAME_1], [EMAIL_1], [PHONE_1]");
}

}  // namespace
}  // namespace flywheel::redaction
