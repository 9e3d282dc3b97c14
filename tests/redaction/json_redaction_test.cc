#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "redaction/redactor.h"
#include "shared/testing/status_matchers.h"
#include "shared/text/json_strings.h"

namespace flywheel::redaction {
namespace {

std::string Redacted(std::string json) {
  static const auto& detector = *new PiiDetector(PiiDetector::Make({}).value());
  Redactor redactor(detector);
  EXPECT_OK(redactor.RedactJson(json));
  return json;
}

TEST(RedactJson, RedactsValuesAndKeysAndKeepsTheRestByteByByte) {
  EXPECT_EQ(
      Redacted(R"({ "to" : "ann@example.com" , "cc":["bob@x.org"], "n": 1.50, "a\/b": "\u00e9" })"),
      R"({ "to" : "[EMAIL_1]" , "cc":["[EMAIL_2]"], "n": 1.50, "a\/b": "\u00e9" })");
  EXPECT_EQ(Redacted(R"({"ann@example.com": true, "bob@example.com": null})"),
            R"({"[EMAIL_1]": true, "[EMAIL_2]": null})");
}

TEST(RedactJson, SeesThroughEscapes) {
  EXPECT_EQ(Redacted(R"({"a": "write to ann\u0040example.com\nnow"})"),
            R"({"a": "write to [EMAIL_1]\nnow"})");
  EXPECT_EQ(Redacted(R"({"a": "line\nann@example.com \"x\""})"),
            R"({"a": "line\n[EMAIL_1] \"x\""})");
}

TEST(RedactJson, MakesANumberThatIsPersonalDataAString) {
  EXPECT_EQ(Redacted(R"({"card": 4111111111111111, "amount": 1200, "at": 1715694139})"),
            R"({"card": "[CARD_1]", "amount": 1200, "at": 1715694139})");
  EXPECT_EQ(Redacted(R"({"gps": [52.5200, 13.4050]})"),
            R"({"gps": ["[LOCATION_1]", "[LOCATION_2]"]})");
}

TEST(RedactJson, TakesTheKeyForContext) {
  EXPECT_EQ(Redacted(R"({"passport": "X1234567", "order": "X1234567"})"),
            R"({"passport": "[PASSPORT_1]", "order": "X1234567"})");
  EXPECT_EQ(Redacted(R"({"first_name":"Ann","lastName":"Lee","name":"get_weather"})"),
            R"({"first_name":"[NAME_1]","lastName":"[NAME_2]","name":"get_weather"})");
  EXPECT_EQ(Redacted(R"({"customerPhone": "4155550132", "orderNumber": "4155550132"})"),
            R"({"customerPhone": "[PHONE_1]", "orderNumber": "4155550132"})");
}

TEST(RedactJson, TreatsWhatIsNoJsonAsText) {
  EXPECT_EQ(Redacted(R"({"to": "ann@example.com")"), R"({"to": "[EMAIL_1]")");
  EXPECT_EQ(Redacted("ann@example.com\\"), "[EMAIL_1]\\");
  EXPECT_EQ(Redacted(""), "");
}

TEST(RedactJson, LeavesCleanJsonAlone) {
  const std::string json = R"({"q": "wo ist \"meine\" Karte?", "n": [1, 2.5e10, -0.1, true, {}]})";
  EXPECT_EQ(Redacted(json), json);
}

TEST(RedactJson, IsNotBrokenByDepth) {
  const std::string open(100'000, '['), close(100'000, ']');
  EXPECT_EQ(Redacted(open + "\"ann@example.com\"" + close), open + "\"[EMAIL_1]\"" + close);
}

TEST(JsonTokens, KnowsWhatIsJson) {
  const char* valid[] = {"null",
                         " true ",
                         "[]",
                         "{}",
                         "[1,-0.5e+3,0]",
                         R"({"a":{"b":[{}, []]}})",
                         R"("\u00e9\"\\")",
                         "[[[]],[]]"};
  const char* invalid[] = {"",          "nul",    "[1,]", "[,1]", "{\"a\"}",    "{\"a\":}",
                           "{a:1}",     "[1 2]",  "01",   "1.",   "-",          "\"\\x\"",
                           "\"\\u12\"", "\"\n\"", "[",    "]",    "{\"a\":1,}", "1 1",
                           "\"a",       "[}",     "+1",   ".5",   "1e"};
  for (const char* json : valid) {
    EXPECT_TRUE(JsonTokens(json).has_value()) << json;
    EXPECT_TRUE(nlohmann::json::accept(json)) << json;
  }
  for (const char* json : invalid) {
    EXPECT_FALSE(JsonTokens(json).has_value()) << json;
    EXPECT_FALSE(nlohmann::json::accept(json)) << json;
  }
}

TEST(EscapeJson, IsUndoneByUnescapeJson) {
  std::string text = "\"\\/\b\f\n\r\té😀";
  text += '\0';
  text += '\x1f';
  EXPECT_EQ(UnescapeJson(EscapeJson(text)), text);
  EXPECT_EQ(nlohmann::json::parse('"' + EscapeJson(text) + '"'), text);
  EXPECT_EQ(UnescapeJson("\\ud83d\\ude00 \\ud83d x \\/"), "😀 \xEF\xBF\xBD x /");
}

}  // namespace
}  // namespace flywheel::redaction
