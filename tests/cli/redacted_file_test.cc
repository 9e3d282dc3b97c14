#include "cli/redact/redacted_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "redaction/redaction_config.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using ::testing::HasSubstr;

RedactedFile RedactedOf(const std::string& content) {
  const auto detector = redaction::PiiDetector::Make({});
  EXPECT_OK(detector);
  auto file = RedactFileText(*detector, content);
  EXPECT_OK(file);
  return file.ok() ? *std::move(file) : RedactedFile();
}

TEST(RedactedFile, SaysTheLineAndTheCharacterOfEachValue) {
  const RedactedFile file = RedactedOf("hello\nmy höme: ann@example.com\n\nann@example.com\n");
  EXPECT_EQ(file.text, "hello\nmy höme: [EMAIL_1]\n\n[EMAIL_1]\n");
  ASSERT_EQ(file.found.size(), 2U);
  EXPECT_EQ(file.found[0].line, 2);
  EXPECT_EQ(file.found[0].column, 10);
  EXPECT_EQ(file.found[0].value, "ann@example.com");
  EXPECT_EQ(file.found[1].line, 4);
  EXPECT_EQ(file.found[1].column, 1);
  EXPECT_EQ(FoundInWords(file), "2 values: 2 EMAIL");
}

TEST(RedactedFile, EachLineOfJsonIsARecordOfItsOwn) {
  const RedactedFile file = RedactedOf(
      "{\"mail\": \"ann@example.com\"}\r\n"
      "\n"
      "{\"mail\": \"bob@example.com\", \"card\": 4111111111111111}");
  EXPECT_EQ(file.text,
            "{\"mail\": \"[EMAIL_1]\"}\r\n"
            "\n"
            "{\"mail\": \"[EMAIL_1]\", \"card\": \"[CARD_1]\"}");
  ASSERT_EQ(file.found.size(), 3U);
  EXPECT_EQ(file.found[1].line, 3);
  EXPECT_EQ(file.found[1].column, 11);
}

TEST(RedactedFile, JsonOfManyLinesIsOneText) {
  const RedactedFile file =
      RedactedOf("{\n  \"a\": \"ann@example.com\",\n  \"b\": \"bob@example.com\"\n}\n");
  EXPECT_EQ(file.text, "{\n  \"a\": \"[EMAIL_1]\",\n  \"b\": \"[EMAIL_2]\"\n}\n");
  EXPECT_TRUE(nlohmann::json::accept(file.text));
  ASSERT_EQ(file.found.size(), 2U);
  EXPECT_EQ(file.found[1].line, 3);
}

TEST(RedactedFile, KeepsEveryByteOfWhatIsOrdinary) {
  for (const std::string text : {"", "\n", "order 6942297802, 3 pieces at 12.50\n\n  done",
                                 "{\"a\": 1}\n{\"b\": [2, 3]}\n"}) {
    const RedactedFile file = RedactedOf(text);
    EXPECT_EQ(file.text, text);
    EXPECT_EQ(FoundInWords(file), "nothing");
  }
}

TEST(RedactedFile, TellsPeopleAndProgramsTheSame) {
  const RedactedFile file = RedactedOf("write to ann@example.com");
  const std::string table = ExplanationTable(file);
  EXPECT_THAT(table, HasSubstr("PLACE"));
  EXPECT_THAT(table, HasSubstr("1:10"));
  EXPECT_THAT(table, HasSubstr("ann@example.com"));
  EXPECT_THAT(table, HasSubstr("[EMAIL_1]"));
  const auto json = nlohmann::json::parse(ExplanationJson(file));
  EXPECT_EQ(json["text"], "write to [EMAIL_1]");
  EXPECT_EQ(json["found"][0]["line"], 1);
  EXPECT_EQ(json["found"][0]["column"], 10);
  EXPECT_EQ(json["found"][0]["type"], "EMAIL");
  EXPECT_EQ(json["found"][0]["bytes"], 15);
  EXPECT_EQ(json["found"][0]["placeholder"], "[EMAIL_1]");
}

}  // namespace
}  // namespace flywheel::cli
