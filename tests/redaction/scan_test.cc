#include "redaction/scan.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "shared/testing/status_matchers.h"

namespace flywheel::redaction {
namespace {

class ScanTest : public ::testing::Test {
 protected:
  std::vector<ScannedText> Scan(std::vector<Turn> turns) {
    auto detector = PiiDetector::Make({});
    EXPECT_OK(detector);
    auto scanned = ScanConversation(*detector, std::move(turns));
    EXPECT_OK(scanned);
    return scanned.ok() ? *std::move(scanned) : std::vector<ScannedText>();
  }
  ScannedText Scan(const std::string& text) {
    const std::vector<ScannedText> scanned = Scan(std::vector<Turn>{{Speaker::kOther, text}});
    return scanned.empty() ? ScannedText() : scanned.front();
  }
  // The bytes that a finding names.
  static std::string ValueOf(const ScannedText& text, const Explanation& finding) {
    return text.cleaned.substr(finding.begin, finding.end - finding.begin);
  }
};

TEST_F(ScanTest, SaysWhereWhatWhyAndWhatStandsThere) {
  const ScannedText scanned = Scan("write to ann@example.com, card 4111 1111 1111 1111");
  EXPECT_EQ(scanned.stored, "write to [EMAIL_1], card [CARD_1]");
  ASSERT_EQ(scanned.findings.size(), 2U);
  EXPECT_EQ(ValueOf(scanned, scanned.findings[0]), "ann@example.com");
  EXPECT_EQ(scanned.findings[0].type, DataType::kEmail);
  EXPECT_EQ(scanned.findings[0].placeholder, "[EMAIL_1]");
  EXPECT_FALSE(scanned.findings[0].why.empty());
  EXPECT_EQ(ValueOf(scanned, scanned.findings[1]), "4111 1111 1111 1111");
  EXPECT_EQ(scanned.findings[1].type, DataType::kCard);
}

TEST_F(ScanTest, CountsBytesOfJsonWithItsEscapes) {
  const ScannedText scanned =
      Scan(R"({"note": "\u00e9\ud83d\ude00\n\"ann@example.com\"", "customer": "Qorbax Vil"})");
  EXPECT_EQ(scanned.stored.find("ann@"), std::string::npos);
  ASSERT_EQ(scanned.findings.size(), 2U);
  EXPECT_EQ(ValueOf(scanned, scanned.findings[0]), "ann@example.com");
  EXPECT_EQ(ValueOf(scanned, scanned.findings[1]), "Qorbax Vil");
  EXPECT_EQ(scanned.findings[1].why, kBecauseOfKey);
}

TEST_F(ScanTest, NamesTheQuestionAndTheOtherTextAsReasons) {
  const std::vector<ScannedText> scanned = Scan({{Speaker::kAgent, "What is your date of birth?"},
                                                 {Speaker::kUser, "3 April 1987"},
                                                 {Speaker::kOther, ""},
                                                 {Speaker::kAgent, "It says 3 April 1987, too."}});
  ASSERT_EQ(scanned.size(), 4U);
  EXPECT_TRUE(scanned[0].findings.empty());
  ASSERT_EQ(scanned[1].findings.size(), 1U);
  EXPECT_EQ(scanned[1].findings[0].why, kBecauseOfQuestion);
  EXPECT_TRUE(scanned[2].findings.empty());
  ASSERT_EQ(scanned[3].findings.size(), 1U);
  EXPECT_EQ(ValueOf(scanned[3], scanned[3].findings[0]), "3 April 1987");
  EXPECT_EQ(scanned[3].findings[0].why, kBecauseKnown);
  EXPECT_EQ(scanned[3].findings[0].placeholder, scanned[1].findings[0].placeholder);
}

TEST_F(ScanTest, CleansFirstAndKeepsWhatIsOrdinary) {
  const ScannedText hidden = Scan("ann@exam\x01ple.com");
  EXPECT_EQ(hidden.cleaned, "ann@example.com");
  EXPECT_EQ(hidden.stored, "[EMAIL_1]");
  const ScannedText ordinary = Scan("order 6942297802 costs 12.50");
  EXPECT_EQ(ordinary.stored, ordinary.cleaned);
  EXPECT_TRUE(ordinary.findings.empty());
}

}  // namespace
}  // namespace flywheel::redaction
