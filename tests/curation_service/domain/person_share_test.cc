#include "curation_service/domain/person_share.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace flywheel::curation {
namespace {

DraftRow Row(const std::string& id, const std::string& person, Tier tier = Tier::kGold) {
  DraftRow draft;
  draft.row.interaction_id = id;
  draft.row.ideal_output = "answer " + id;
  draft.row.tier = tier;
  draft.row.source = RowSource::kUserApproved;
  draft.annotator = person;
  return draft;
}

// 60 rows of one person among 2,000 of 500 others.
std::vector<DraftRow> OfManyAndOne() {
  std::vector<DraftRow> drafts;
  for (int i = 0; i < 60; ++i) {
    drafts.push_back(
        Row("one-" + std::to_string(100 + i), "one", i % 3 == 0 ? Tier::kPlatinum : Tier::kSilver));
  }
  for (int i = 0; i < 2'000; ++i) {
    drafts.push_back(Row("other-" + std::to_string(i), "p" + std::to_string(i % 500)));
  }
  return drafts;
}

std::map<std::string, int> RowsOf(const std::vector<DraftRow>& drafts) {
  std::map<std::string, int> rows;
  for (const DraftRow& draft : drafts) ++rows[draft.annotator];
  return rows;
}

TEST(PersonShare, AllowsTwentyRowsTheShareOrThreeTimesTheMean) {
  EXPECT_EQ(MostOfPerson(100, 100, 0.01), 20u);
  EXPECT_EQ(MostOfPerson(10'000, 1'000, 0.01), 100u);
  EXPECT_EQ(MostOfPerson(10'000, 5, 0.01), 6'000u);
  EXPECT_EQ(MostOfPerson(10'000, 0, 0.01), 30'000u);
}

TEST(PersonShare, KeepsTheBestRowsOfAPersonWithTooMany) {
  Removals removals;
  const auto kept = WithinPersonShare(OfManyAndOne(), 0.01, removals);
  EXPECT_EQ(RowsOf(kept)["one"], 20);
  EXPECT_EQ(removals[RemovalReason::kOverPersonShare], 40);
  EXPECT_EQ(kept.size(), 2'020u);
  for (const DraftRow& draft : kept) {
    if (draft.annotator != "one") continue;
    EXPECT_EQ(draft.row.tier, Tier::kPlatinum);
  }
}

TEST(PersonShare, HoldsForEachLabelAsWell) {
  // 3,000 rows of 300 people; one of them has 30, all of one label that 290 others say, too.
  std::vector<DraftRow> drafts;
  for (int i = 0; i < 3'000; ++i) {
    drafts.push_back(Row(std::to_string(10'000 + i), "p" + std::to_string(i % 300)));
    if (i < 290) drafts.back().row.ideal_output = "Card arrival";
  }
  for (int i = 0; i < 30; ++i) {
    drafts.push_back(Row("one-" + std::to_string(i), "one"));
    drafts.back().row.ideal_output = "card arrival";
  }
  Removals removals;
  EXPECT_EQ(RowsOf(WithinPersonShare(drafts, 0.01, removals))["one"], 20);
}

TEST(PersonShare, LeavesTheEvalSideStaffAndWhomNobodyKnows) {
  std::vector<DraftRow> drafts = OfManyAndOne();
  for (int i = 0; i < 20; ++i) drafts[i].row.split = Split::kEval;
  for (int i = 20; i < 40; ++i) {
    drafts[i].row.source = i % 2 == 0 ? RowSource::kStaffApproved : RowSource::kStaffCorrection;
  }
  for (int i = 40; i < 60; ++i) drafts[i].annotator.clear();
  Removals removals;
  EXPECT_EQ(WithinPersonShare(drafts, 0.01, removals).size(), drafts.size());
  EXPECT_TRUE(removals.empty());
}

TEST(PersonShare, LeavesASmallTeamAlone) {
  std::vector<DraftRow> drafts;
  for (int i = 0; i < 1'000; ++i)
    drafts.push_back(Row(std::to_string(i), "p" + std::to_string(i % 5)));
  Removals removals;
  EXPECT_EQ(WithinPersonShare(drafts, 0.01, removals).size(), drafts.size());
}

}  // namespace
}  // namespace flywheel::curation
