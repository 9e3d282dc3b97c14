#include "curation_service/domain/label_review.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/curation_service/domain/intent_queries.h"

namespace flywheel::curation {
namespace {

constexpr size_t kIntents = 10;
constexpr size_t kRightLabels = 600;

DraftRow Labelled(const std::string& input, size_t intent, RowSource source) {
  DraftRow draft;
  draft.row.input = input;
  draft.row.ideal_output = IntentName(intent);
  draft.row.tier = Tier::kPlatinum;
  draft.row.source = source;
  return draft;
}

// How many of 60 wrong labels of `source`, among ten times as many right ones of users, come out of
// the review as they were.
int64_t WrongOnesLeft(RowSource source) {
  TestRandom random(1);
  std::vector<DraftRow> drafts;
  for (size_t i = 0; i < kRightLabels; ++i) {
    const size_t intent = i % kIntents;
    drafts.push_back(Labelled(IntentQuery(intent, random), intent, RowSource::kUserApproved));
    if (i % 10 != 0) continue;
    const size_t asked = random.Below(kIntents);
    const size_t said = (asked + 1 + random.Below(kIntents - 1)) % kIntents;
    drafts.push_back(Labelled(IntentQuery(asked, random), said, source));
    drafts.back().row.interaction_id = "wrong";
  }
  Removals removals;
  const auto reviewed = WithReviewedLabels(std::move(drafts), removals, Deadline());
  EXPECT_TRUE(reviewed.ok());
  return std::count_if(reviewed->begin(), reviewed->end(), [&](const DraftRow& draft) {
    return draft.row.interaction_id == "wrong" && draft.row.source == source &&
           draft.row.tier == Tier::kPlatinum;
  });
}

TEST(LabelReview, TakesOutOrRelabelsWhatSomebodySaysAgainstAllOthers) {
  EXPECT_LT(WrongOnesLeft(RowSource::kUserApproved), 6);
  EXPECT_LT(WrongOnesLeft(RowSource::kUserCorrection), 6);
  EXPECT_LT(WrongOnesLeft(RowSource::kStaffCorrection), 6);
}

TEST(LabelReview, BelievesWhatStaffApprovedWhateverOthersSay) {
  EXPECT_EQ(WrongOnesLeft(RowSource::kStaffApproved), 60);
}

}  // namespace
}  // namespace flywheel::curation
