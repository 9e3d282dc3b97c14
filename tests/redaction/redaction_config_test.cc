#include "redaction/redaction_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "redaction/redactor.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::redaction {
namespace {

using ::testing::HasSubstr;

std::string RedactedWith(const std::string& json, std::string text) {
  const auto config = ParseRedactionConfig(json);
  EXPECT_OK(config);
  const auto detector = PiiDetector::Make(*config);
  EXPECT_OK(detector);
  Redactor redactor(*detector);
  EXPECT_OK(redactor.Redact(text));
  return text;
}

// What the configuration is refused with.
std::string Refusal(const std::string& json) {
  const auto config = ParseRedactionConfig(json);
  const absl::Status status = config.ok() ? PiiDetector::Make(*config).status() : config.status();
  EXPECT_EQ(errors::ReasonOf(status), Reason::kInvalidConfiguration) << status;
  return errors::MessageOf(status);
}

TEST(RedactionConfig, AddsRecognisersUnderTheirOwnName) {
  constexpr char kConfig[] = R"({"recognisers": [
      {"name": "employee_number", "pattern": "EMP-[0-9]{6}", "words": ["emp-"]},
      {"name": "customer_number", "pattern": "[0-9]{10}", "context": ["customer"], "check": "luhn"}
  ]})";
  EXPECT_EQ(RedactedWith(kConfig, "EMP-123456 knows emp-1 and EMP-123457"),
            "[EMPLOYEE_NUMBER_1] knows emp-1 and [EMPLOYEE_NUMBER_2]");
  EXPECT_EQ(RedactedWith(kConfig, "customer 4992739872, customer 4992739871"),
            "customer [CUSTOMER_NUMBER_1], customer 4992739871");
  EXPECT_EQ(RedactedWith(kConfig, "parcel 4992739872"), "parcel 4992739872");
}

TEST(RedactionConfig, LeavesOutBuiltinRecognisersThatAreDisabled) {
  EXPECT_EQ(RedactedWith(R"({"disabled": ["ipv4"]})", "10.1.2.3 and a@b.org"),
            "10.1.2.3 and [EMAIL_1]");
}

TEST(RedactionConfig, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Refusal("{\n\"disabled\": [\n}"), HasSubstr("line 3"));
  EXPECT_THAT(Refusal("[]"), HasSubstr("want an object"));
  EXPECT_THAT(Refusal(R"({"recognizers": []})"), HasSubstr("'recognizers'"));
  EXPECT_THAT(Refusal(R"({"disabled": ["ipv5"]})"), HasSubstr("ipv5"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "A b", "pattern": "x"}]})"),
              HasSubstr("recognisers[0].name"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "a", "pattern": "(x"}]})"),
              HasSubstr("recogniser 'a'.pattern"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "a", "pattern": "x*"}]})"),
              HasSubstr("nothing"));
  EXPECT_THAT(Refusal(R"json({"recognisers": [{"name": "a", "pattern": "(x)(y)"}]})json"),
              HasSubstr("one group"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "a", "pattern": "x", "words": ["ab"]}]})"),
              HasSubstr("3 bytes"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "a", "pattern": "x", "check": "crc"}]})"),
              HasSubstr("luhn"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "a", "pattern": "x", "color": "red"}]})"),
              HasSubstr("'color'"));
  EXPECT_THAT(Refusal(R"({"recognisers": [{"name": "email", "pattern": "x"}]})"),
              HasSubstr("taken"));
}

TEST(RedactionConfig, IsReadFromAFile) {
  const testing::TempDir directory;
  const std::string path = directory.path() + "/redaction.json";
  std::ofstream(path) << R"({"disabled": ["mac"]})";
  const auto config = ReadRedactionConfig(path);
  ASSERT_OK(config);
  EXPECT_EQ(config->disabled, std::vector<std::string>{"mac"});
  EXPECT_EQ(errors::ReasonOf(ReadRedactionConfig(directory.path() + "/none").status()),
            Reason::kInvalidConfiguration);
}

}  // namespace
}  // namespace flywheel::redaction
