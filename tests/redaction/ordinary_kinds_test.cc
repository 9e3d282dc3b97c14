// Two hundred kinds of ordinary data and more, many random instances of each: every byte stays.
#include "tests/redaction/ordinary_kinds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/pii_detector.h"
#include "tests/redaction/sample_values.h"

namespace flywheel::redaction {
namespace {

constexpr int kInstances = 50;

// Where a number may stand; none says what it is. "%" is the number.
constexpr std::string_view kPlaces[] = {"%", "The result is: %\nand that is all.", "saw %, thanks",
                                        "(%)", "{\"result\": \"%\"}"};

class OrdinaryKinds : public ::testing::Test {
 protected:
  // What is found in `text`, or nothing.
  std::string Found(const std::string& text) {
    detector_->Find(text, findings_);
    std::string found;
    for (const Finding& finding : findings_) {
      found.append(detector_->recogniser(finding.recogniser).name)
          .append(": ")
          .append(text, finding.begin, finding.end - finding.begin)
          .append("; ");
    }
    return found;
  }

  void ExpectToStay(std::span<const OrdinaryKind> kinds) {
    for (const OrdinaryKind& kind : kinds) {
      Random random(20240601);
      std::string failures;
      int changed = 0;
      for (int i = 0; i < kInstances; ++i) {
        std::string text(kPlaces[static_cast<size_t>(i) % std::size(kPlaces)]);
        text.replace(text.find('%'), 1, Fill(kind.shape, random));
        const std::string found = Found(text);
        if (found.empty()) continue;
        if (++changed <= 3) failures.append("\n  ").append(text).append(" => ").append(found);
      }
      EXPECT_EQ(changed, 0) << kind.name << failures;
    }
  }

  absl::StatusOr<PiiDetector> detector_ = PiiDetector::Make({});
  std::vector<Finding> findings_;
};

TEST_F(OrdinaryKinds, AreMoreThanTwoHundred) {
  std::set<std::string_view> names;
  for (const OrdinaryKind& kind : NumericKinds()) names.insert(kind.name);
  for (const OrdinaryKind& kind : IdKinds()) names.insert(kind.name);
  EXPECT_EQ(names.size(), NumericKinds().size() + IdKinds().size()) << "a kind has two rows";
  EXPECT_GE(names.size(), 200u);
}

TEST_F(OrdinaryKinds, OfNumbersKeepEveryByte) { ExpectToStay(NumericKinds()); }

TEST_F(OrdinaryKinds, OfIdsKeepEveryByte) { ExpectToStay(IdKinds()); }

}  // namespace
}  // namespace flywheel::redaction
