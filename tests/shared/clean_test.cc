#include "shared/text/clean.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "shared/text/characters.h"
#include "shared/text/json_strings.h"

namespace flywheel {
namespace {

using std::string_literals::operator""s;

std::string Cleaned(std::string text) {
  const std::string before = text;
  const bool changed = CleanText(text);
  EXPECT_EQ(changed, text != before) << before;
  return text;
}

std::string CleanedJson(std::string json) {
  const std::string before = json;
  const bool changed = CleanJson(json);
  EXPECT_EQ(changed, json != before) << before;
  return json;
}

std::string Utf8(int32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(code, bytes);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::string Nfc(const std::string& text) {
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> nfc(
      utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str())), &std::free);
  return reinterpret_cast<const char*>(nfc.get());
}

TEST(CleanText, TakesOutControlCharactersAtEveryPlace) {
  for (size_t place = 0; place < 40; ++place) {
    for (const std::string& control : {"\0"s, "\x1B"s, "\x7F"s, "\x01"s, Utf8(0x80), Utf8(0x9F)}) {
      std::string text(40, 'a');
      text.insert(place, control);
      EXPECT_EQ(Cleaned(text), std::string(40, 'a')) << place;
    }
  }
  EXPECT_EQ(Cleaned("a\tb\nc\r\nd"), "a\tb\nc\r\nd");
  EXPECT_EQ(Cleaned("page one\fpage two\vline" + Utf8(0x85) + "end"),
            "page one\npage two\nline\nend");
}

TEST(CleanText, SpellsEqualTextsInEqualBytes) {
  EXPECT_EQ(Cleaned("Caf\u0065\u0301 Zu\u0308rich"), "Caf\u00E9 Z\u00FCrich");
  EXPECT_EQ(Cleaned("\u1112\u1161\u11AB\u1100\u1173\u11AF"), "\uD55C\uAE00");
  EXPECT_EQ(Cleaned("\u212B and \u2126"), "\u00C5 and \u03A9");
  // A control character must not keep a letter and its accent apart.
  EXPECT_EQ(Cleaned("e\x01\u0301"), "\u00E9");
}

TEST(CleanText, KeepsWhatPeopleWrite) {
  constexpr const char* kTexts[] = {
      "",
      "Where is my card?",
      "Die Überweisung kam nie an: 3,50 € zurück bitte",
      "Где моя карта?",
      "我的卡在哪里？",
      "カードはどこですか",
      "내 카드 어디 있어요",
      "أين بطاقتي",
      "मेरा कार्ड कहाँ है",
      "บัตรของฉันอยู่ที่ไหน",
      "👩‍👩‍👧 👍🏽 ❤️",
      "Thẻ của tôi ở đâu",
  };
  for (const char* text : kTexts) {
    EXPECT_EQ(Cleaned(text), text);
  }
}

TEST(CleanText, AgreesWithTheLibraryOnEveryCharacterInEverySurrounding) {
  for (int32_t code = 0xA0; code < 0x30000; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    for (const char* before : {"a", "\uAC00", "\u0938\u093C", "\u3046"}) {
      const std::string text = before + Utf8(code) + "\u0301";
      ASSERT_EQ(Cleaned(text), Nfc(text)) << std::hex << code;
      const std::string alone = before + Utf8(code);
      ASSERT_EQ(Cleaned(alone), Nfc(alone)) << std::hex << code;
    }
  }
}

TEST(CleanText, TwiceIsOnce) {
  std::mt19937 random(1);  // NOLINT: the same texts in every run.
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int j = 0; j < 12; ++j) {
      const int32_t code = static_cast<int32_t>(random() % (j % 2 == 0 ? 0x400 : 0x3100));
      text += Utf8(code);
    }
    const std::string once = Cleaned(text);
    ASSERT_EQ(Cleaned(once), once);
  }
}

// Marks that belong in the other order, and characters that look like none and become some.
TEST(CleanText, EndsSoonWhateverStandsInATextOfTwoMebibytes) {
  for (const std::string& marks : {"\u0301\u0316"s, "\u0F73"s}) {
    std::string text = "a";
    while (text.size() < 2 << 20) text += marks;
    const std::string once = Cleaned(text);
    EXPECT_NE(once, text);
    EXPECT_EQ(Cleaned(once), once);
  }
}

TEST(CleanText, LeavesAloneWhatIsNoUtf8) {
  EXPECT_EQ(Cleaned("a\xC3"), "a\xC3");
  EXPECT_EQ(Cleaned("\xED\xA0\x80 e\u0301"), "\xED\xA0\x80 e\u0301");
}

TEST(CleanJson, StaysJsonAndMeansTheCleanTexts) {
  EXPECT_EQ(CleanedJson(R"({"a": "x\u0000y", "n": [1.50, true]})"),
            R"({"a": "xy", "n": [1.50, true]})");
  EXPECT_EQ(CleanedJson(R"({"page": "one\ftwo\b"})"), R"({"page": "one\ntwo"})");
  // Not "\" and "ñ", as the raw bytes would have it.
  EXPECT_EQ(CleanedJson("{\"a\": \"line\\n\u0303\"}"), "{\"a\": \"line\\n\u0303\"}");
  EXPECT_EQ(CleanedJson("{\"caf\u0065\u0301\": \"\\\"\u0065\u0301\\\"\"}"),
            "{\"caf\u00E9\": \"\\\"\u00E9\\\"\"}");
  EXPECT_EQ(CleanedJson(R"(["e\u0301", "\ud83d\ude00"])"), "[\"\u00E9\", \"\\ud83d\\ude00\"]");
}

TEST(CleanJson, CleansWhatIsNoJsonAsAText) {
  EXPECT_EQ(CleanedJson("no \x1B[31mJSON"), "no [31mJSON");
  EXPECT_EQ(CleanedJson(R"(a path C:\users\u0000)"), R"(a path C:\users\u0000)");
}

TEST(Characters, KnowLettersDigitsAndLength) {
  for (const char* text : {"a", "?! 7", "卡", "Ж", "٣", "½"}) {
    EXPECT_TRUE(HasLetterOrDigit(text)) << text;
  }
  for (const char* text : {"", "?!", "👍🏽 …", "—", "\xFF"}) {
    EXPECT_FALSE(HasLetterOrDigit(text)) << text;
  }
  EXPECT_TRUE(IsLongerThan("卡卡卡", 2));
  EXPECT_FALSE(IsLongerThan("卡卡卡", 3));
}

}  // namespace
}  // namespace flywheel
