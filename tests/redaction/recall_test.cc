// What is found, and what is found wrongly, over generated sentences.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "redaction/pii_detector.h"
#include "shared/testing/status_matchers.h"
#include "tests/redaction/sentences.h"

namespace flywheel::redaction {
namespace {

constexpr int kRounds = 20;

struct Tally {
  int labels = 0;    // What the sentences hold.
  int found = 0;     // Of these, found whole and under the right name.
  int findings = 0;  // What was reported.
  int right = 0;     // Of these, on a label of that name, and not far beyond it.
  std::vector<std::string> failures;
};

// An address may be found together with its town, and what is behind a value (a comma) is no harm.
bool IsOn(const Finding& finding, DataType type, const Label& label) {
  const size_t slack = label.type == DataType::kAddress ? 24 : 4;
  return type == label.type && finding.begin < label.end && finding.end > label.begin &&
         finding.begin + slack >= label.begin && finding.end <= label.end + slack;
}

class RecallTest : public ::testing::Test {
 protected:
  void Run(const std::vector<Sentence>& sentences) {
    std::vector<Finding> findings;
    for (const Sentence& sentence : sentences) {
      detector_->Find(sentence.text, findings);
      for (const Label& label : sentence.labels) CountLabel(sentence, label, findings);
      for (const Finding& finding : findings) CountFinding(sentence, finding);
    }
  }

  Tally& Of(DataType type) { return tallies_[static_cast<size_t>(type)]; }
  DataType TypeOf(const Finding& finding) { return detector_->recogniser(finding.recogniser).type; }

  void CountLabel(const Sentence& sentence, const Label& label,
                  const std::vector<Finding>& findings) {
    Tally& tally = Of(label.type);
    ++tally.labels;
    const bool found = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return TypeOf(finding) == label.type && finding.begin <= label.begin &&
             finding.end >= label.end;
    });
    tally.found += found ? 1 : 0;
    if (!found) tally.failures.push_back("missed: " + sentence.text);
  }

  void CountFinding(const Sentence& sentence, const Finding& finding) {
    Tally& tally = Of(TypeOf(finding));
    ++tally.findings;
    const bool right =
        std::any_of(sentence.labels.begin(), sentence.labels.end(),
                    [&](const Label& label) { return IsOn(finding, TypeOf(finding), label); });
    tally.right += right ? 1 : 0;
    if (right) return;
    tally.failures.push_back(
        fmt::format("wrong: <{}> by {} in: {}",
                    sentence.text.substr(finding.begin, finding.end - finding.begin),
                    detector_->recogniser(finding.recogniser).name, sentence.text));
  }

  absl::StatusOr<PiiDetector> detector_ = PiiDetector::Make({});
  std::array<Tally, kDataTypes> tallies_;
};

TEST_F(RecallTest, FindsWhatIsPersonalAndLeavesWhatIsNot) {
  ASSERT_OK(detector_);
  const auto personal = PersonalSentences(kRounds);
  const auto clean = CleanSentences(kRounds);
  ASSERT_GE(personal.size() + clean.size(), 1000u);
  Run(personal);
  Run(clean);
  fmt::print("{} sentences with personal data, {} without\n", personal.size(), clean.size());
  fmt::print("{:<16} {:>7} {:>7} {:>9} {:>7}\n", "TYPE", "LABELS", "RECALL", "FINDINGS",
             "PRECISION");
  for (size_t i = 0; i < kDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    const Tally& tally = tallies_[i];
    if (tally.labels == 0 && type > DataType::kName) continue;
    const double recall = static_cast<double>(tally.found) / tally.labels;
    const double precision =
        tally.findings == 0 ? 0 : static_cast<double>(tally.right) / tally.findings;
    fmt::print("{:<16} {:>7} {:>7.3f} {:>9} {:>7.3f}\n", DataTypeName(type), tally.labels, recall,
               tally.findings, precision);
    // Words decide, and not a form.
    const bool in_context = type == DataType::kAddress || type == DataType::kBirthDate;
    const double least_recall = type == DataType::kName ? 0.99 : in_context ? 0.9 : 0.98;
    std::string failures;
    for (size_t k = 0; k < std::min<size_t>(tally.failures.size(), 12); ++k) {
      failures += "\n  " + tally.failures[k];
    }
    EXPECT_GE(tally.labels, 40) << DataTypeName(type);
    EXPECT_GE(recall, least_recall) << DataTypeName(type) << failures;
    EXPECT_GE(precision, in_context ? 0.9 : 0.98) << DataTypeName(type) << failures;
  }
}

}  // namespace
}  // namespace flywheel::redaction
