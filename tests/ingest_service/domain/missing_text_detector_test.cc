// When a project is warned that its traces carry no text.
#include "ingest_service/domain/missing_text_detector.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace flywheel::ingest {
namespace {

class MissingTextDetectorTest : public ::testing::Test {
 protected:
  std::optional<int64_t> Note(ModelText text, const std::string& project = "shop") {
    return detector_.Note(project, text, now_);
  }
  // The last answer of so many in a row.
  std::optional<int64_t> NoteMany(int64_t count, ModelText text) {
    std::optional<int64_t> last;
    for (int64_t i = 0; i < count; ++i) last = Note(text);
    return last;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  MissingTextDetector detector_;
};

TEST_F(MissingTextDetectorTest, WarnsAtTheTwentiethInARow) {
  EXPECT_EQ(NoteMany(19, ModelText::kNone), std::nullopt);
  EXPECT_EQ(Note(ModelText::kNone), 20);
}

TEST_F(MissingTextDetectorTest, BeginsAnewAfterATraceWithText) {
  NoteMany(19, ModelText::kNone);
  Note(ModelText::kSome);
  EXPECT_EQ(NoteMany(19, ModelText::kNone), std::nullopt);
  EXPECT_EQ(Note(ModelText::kNone), 20);
}

TEST_F(MissingTextDetectorTest, PassesOverTracesWithoutCallsOfModels) {
  NoteMany(19, ModelText::kNone);
  EXPECT_EQ(Note(ModelText::kNoCalls), std::nullopt);
  EXPECT_EQ(Note(ModelText::kNone), 20);
}

TEST_F(MissingTextDetectorTest, WarnsOnceAnHour) {
  NoteMany(20, ModelText::kNone);
  now_ += absl::Minutes(59);
  EXPECT_EQ(NoteMany(30, ModelText::kNone), std::nullopt);
  now_ += absl::Minutes(1);
  EXPECT_EQ(Note(ModelText::kNone), 51);
  // Nor sooner where texts came in between.
  Note(ModelText::kSome);
  EXPECT_EQ(NoteMany(40, ModelText::kNone), std::nullopt);
}

TEST_F(MissingTextDetectorTest, CountsEachProjectByItself) {
  NoteMany(19, ModelText::kNone);
  EXPECT_EQ(Note(ModelText::kNone, "bank"), std::nullopt);
  EXPECT_EQ(Note(ModelText::kSome, "bank"), std::nullopt);
  EXPECT_EQ(Note(ModelText::kNone), 20);
}

}  // namespace
}  // namespace flywheel::ingest
