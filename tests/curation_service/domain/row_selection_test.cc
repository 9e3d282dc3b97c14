// What a version takes of the rows that pass.
#include "curation_service/domain/row_selection.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/tier_budget.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

double ScoreIn(Tier tier) {
  switch (tier) {
    case Tier::kPlatinum:
      return 0.9;
    case Tier::kGold:
      return 0.7;
    case Tier::kSilver:
      return 0.4;
    case Tier::kBronze:
      break;
  }
  return -0.5;
}

DraftRow RowIn(const std::string& id, Tier tier, const std::string& plan = "") {
  DraftRow draft;
  draft.row.interaction_id = id;
  draft.row.tier = tier;
  draft.row.score = ScoreIn(tier);
  if (!plan.empty()) draft.row.labels["plan"] = plan;
  return draft;
}

void Add(int count, Tier tier, const std::string& plan, std::vector<DraftRow>& rows) {
  for (int i = 0; i < count; ++i) {
    rows.push_back(RowIn(fmt::format("{}-{}-{}", static_cast<int>(tier), plan, i), tier, plan));
  }
}

std::map<Tier, int64_t> ByTier(const std::vector<DraftRow>& rows) {
  std::map<Tier, int64_t> counts;
  for (const DraftRow& draft : rows) ++counts[draft.row.tier];
  return counts;
}

std::map<std::string, int64_t> ByPlan(const std::vector<DraftRow>& rows) {
  std::map<std::string, int64_t> counts;
  for (const DraftRow& draft : rows) {
    const auto plan = draft.row.labels.find("plan");
    ++counts[plan == draft.row.labels.end() ? "" : plan->second];
  }
  return counts;
}

std::set<std::string> Ids(const std::vector<DraftRow>& rows) {
  std::set<std::string> ids;
  for (const DraftRow& draft : rows) ids.insert(draft.row.interaction_id);
  return ids;
}

DatasetOptions OfSupport() {
  DatasetOptions options;
  options.agent = "support";
  return options;
}

DatasetOptions WithBudget(int64_t rows, bool fill = false, int64_t seed = 0) {
  DatasetOptions options = OfSupport();
  options.selection.budget = RowBudget{rows, seed, fill};
  return options;
}

DatasetOptions WithSegments(SegmentBalance segments) {
  DatasetOptions options = OfSupport();
  segments.attribute = "plan";
  options.selection.segments = std::move(segments);
  return options;
}

std::vector<DraftRow> Selected(const std::vector<DraftRow>& rows, const DatasetOptions& options,
                               LeftOut* left_out = nullptr, const SegmentUse& use = {}) {
  LeftOut ignored;
  return SelectRows(rows, options, use, left_out == nullptr ? ignored : *left_out);
}

TEST(TierBudgets, AreThoseOfTheSourceWhereTheyFit) {
  EXPECT_THAT(TierBudgetOf(5'000),
              ElementsAre(Pair(Tier::kPlatinum, 200), Pair(Tier::kGold, 1'000),
                          Pair(Tier::kSilver, 2'500), Pair(Tier::kBronze, 500)));
  // Whole numbers, as the source divides: 1,299 / 25 is 51.
  EXPECT_THAT(TierBudgetOf(1'299), ElementsAre(Pair(Tier::kPlatinum, 51), Pair(Tier::kGold, 259),
                                               Pair(Tier::kSilver, 649), Pair(Tier::kBronze, 129)));
  // The least of each.
  EXPECT_THAT(TierBudgetOf(850), ElementsAre(Pair(Tier::kPlatinum, 50), Pair(Tier::kGold, 200),
                                             Pair(Tier::kSilver, 500), Pair(Tier::kBronze, 100)));
}

TEST(TierBudgets, OfLessThanTheLeastOfEachTogetherAreWhatWasAskedFor) {
  for (int64_t rows = 0; rows < 850; ++rows) {
    int64_t sum = 0;
    for (const auto& [tier, share] : TierBudgetOf(rows)) {
      EXPECT_GE(share, 0) << rows;
      sum += share;
    }
    EXPECT_EQ(sum, rows);
  }
  // 23.53, 94.12, 235.29 and 47.06: the one that is left goes to platinum.
  EXPECT_THAT(TierBudgetOf(400), ElementsAre(Pair(Tier::kPlatinum, 24), Pair(Tier::kGold, 94),
                                             Pair(Tier::kSilver, 235), Pair(Tier::kBronze, 47)));
  EXPECT_THAT(TierBudgetOf(85), ElementsAre(Pair(Tier::kPlatinum, 5), Pair(Tier::kGold, 20),
                                            Pair(Tier::kSilver, 50), Pair(Tier::kBronze, 10)));
}

TEST(Budget, TakesOfEachTierWhatItMayAndCountsTheRest) {
  std::vector<DraftRow> rows;
  Add(300, Tier::kPlatinum, "a", rows);
  Add(150, Tier::kGold, "a", rows);
  Add(600, Tier::kSilver, "a", rows);
  Add(101, Tier::kBronze, "a", rows);
  LeftOut left_out;
  const auto selected = Selected(rows, WithBudget(1'000), &left_out);
  EXPECT_THAT(ByTier(selected), ElementsAre(Pair(Tier::kPlatinum, 50), Pair(Tier::kGold, 150),
                                            Pair(Tier::kSilver, 500), Pair(Tier::kBronze, 100)));
  EXPECT_THAT(left_out.counts(),
              ElementsAre(Pair(std::pair(RemovalReason::kOverBudget, Tier::kPlatinum), 250),
                          Pair(std::pair(RemovalReason::kOverBudget, Tier::kSilver), 100),
                          Pair(std::pair(RemovalReason::kOverBudget, Tier::kBronze), 1)));
  EXPECT_TRUE(std::is_sorted(selected.begin(), selected.end(), [&](const auto& a, const auto& b) {
    const auto place = [&](const DraftRow& draft) {
      return std::find_if(rows.begin(), rows.end(), [&](const DraftRow& other) {
        return other.row.interaction_id == draft.row.interaction_id;
      });
    };
    return place(a) < place(b);
  })) << "the order of the feed stays";
}

TEST(Budget, IsFilledFromTheBestTiersWhereThatIsAskedFor) {
  std::vector<DraftRow> rows;
  Add(300, Tier::kPlatinum, "a", rows);
  Add(700, Tier::kSilver, "a", rows);
  Add(500, Tier::kBronze, "a", rows);
  // Bronze 100; of the 900 that are left platinum gives all, silver the rest.
  EXPECT_THAT(
      ByTier(Selected(rows, WithBudget(1'000, /*fill=*/true))),
      ElementsAre(Pair(Tier::kPlatinum, 300), Pair(Tier::kSilver, 600), Pair(Tier::kBronze, 100)));
  EXPECT_THAT(
      ByTier(Selected(rows, WithBudget(1'000))),
      ElementsAre(Pair(Tier::kPlatinum, 50), Pair(Tier::kSilver, 500), Pair(Tier::kBronze, 100)));
}

TEST(Budget, DrawsTheSameRowsForTheSameSeedAndOthersForAnother) {
  std::vector<DraftRow> rows;
  Add(1'000, Tier::kSilver, "a", rows);
  const auto first = Ids(Selected(rows, WithBudget(500)));
  EXPECT_EQ(Ids(Selected(rows, WithBudget(500))), first);
  const auto common = [&](const std::set<std::string>& other) {
    return std::count_if(first.begin(), first.end(),
                         [&](const std::string& id) { return other.contains(id); });
  };
  const auto half = static_cast<double>(first.size()) / 2;
  EXPECT_LT(common(Ids(Selected(rows, WithBudget(500, false, 1)))), 1.5 * half);
  DatasetOptions other_agent = WithBudget(500);
  other_agent.agent = "router";
  EXPECT_LT(common(Ids(Selected(rows, other_agent))), 1.5 * half);
  // Of a record that grew by a tenth nine in ten stay.
  Add(100, Tier::kSilver, "b", rows);
  EXPECT_GT(common(Ids(Selected(rows, WithBudget(500)))), 1.6 * half);
}

TEST(Budget, LeavesTheEvalSideAlone) {
  std::vector<DraftRow> rows;
  Add(1'000, Tier::kSilver, "a", rows);
  for (DraftRow& draft : rows) draft.row.split = Split::kEval;
  EXPECT_EQ(Selected(rows, WithBudget(1)).size(), 1'000u);
}

TEST(Segments, HaveNoMoreThanTheirShareOfWhatIsTaken) {
  std::vector<DraftRow> rows;
  Add(900, Tier::kSilver, "pro", rows);
  Add(60, Tier::kSilver, "free", rows);
  Add(40, Tier::kGold, "team", rows);
  Add(10, Tier::kBronze, "pro", rows);
  Add(10, Tier::kBronze, "free", rows);
  LeftOut left_out;
  const auto selected = Selected(rows, WithSegments({.max_share = 0.5}), &left_out);
  EXPECT_THAT(ByPlan(selected),
              UnorderedElementsAre(Pair("pro", 100 + 10), Pair("free", 60 + 10), Pair("team", 40)));
  EXPECT_THAT(left_out.counts(),
              ElementsAre(Pair(std::pair(RemovalReason::kOverSegmentShare, Tier::kSilver), 800)));
}

TEST(Segments, KeepTheirShareWhateverTheRecordLooksLike) {
  for (int seed = 0; seed < 200; ++seed) {
    std::vector<DraftRow> rows;
    uint64_t state = 88172645463325252ULL + static_cast<uint64_t>(seed);
    const auto next = [&] {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      return state;
    };
    const int segments = 2 + static_cast<int>(next() % 6);
    for (int i = 0; i < segments; ++i) {
      for (const Tier tier : kTiers) {
        Add(static_cast<int>(next() % 80), tier, std::string(1, static_cast<char>('a' + i)), rows);
      }
    }
    DatasetOptions options = WithSegments({.max_share = 0.2 + 0.1 * (seed % 6)});
    if (seed % 2 == 0) options.selection.budget = RowBudget{1 + seed * 5, 0, seed % 4 == 0};
    const auto selected = Selected(rows, options);
    for (const bool positive : {true, false}) {
      std::vector<DraftRow> kind;
      for (const DraftRow& draft : selected) {
        if (draft.row.positive() == positive) kind.push_back(draft);
      }
      for (const auto& [plan, count] : ByPlan(kind)) {
        EXPECT_LE(static_cast<double>(count),
                  options.selection.segments->max_share * static_cast<double>(kind.size()) + 1e-6)
            << seed << " " << plan;
      }
    }
    if (options.selection.budget) {
      EXPECT_LE(static_cast<int64_t>(selected.size()), options.selection.budget->rows) << seed;
    }
  }
}

TEST(Segments, OfAShareThatNoneCanKeepLeaveNothing) {
  std::vector<DraftRow> rows;
  Add(100, Tier::kSilver, "pro", rows);
  EXPECT_THAT(Selected(rows, WithSegments({.max_share = 0.5})), IsEmpty());
}

TEST(Segments, AreDrawnByTheirWeightsUpToTheCap) {
  std::vector<DraftRow> rows;
  Add(2'000, Tier::kSilver, "pro", rows);
  Add(2'000, Tier::kSilver, "free", rows);
  const auto free_rows = [&](SegmentBalance segments) {
    DatasetOptions options = WithSegments(std::move(segments));
    options.selection.budget = RowBudget{850};
    return ByPlan(Selected(rows, options))["free"];
  };
  // 500 of 4,000. A weight of 3 draws nearly three times as many.
  EXPECT_NEAR(static_cast<double>(free_rows({})), 250, 40);
  EXPECT_NEAR(static_cast<double>(free_rows({.weights = {{"free", 3}}})), 369, 40);
  EXPECT_EQ(free_rows({.weights = {{"free", 1'000}}, .max_weight = 3}),
            free_rows({.weights = {{"free", 3}}}));
}

TEST(Segments, AreDrawnAsTheyUseTheAgent) {
  // Nine in ten rows are of those who speak up, one in ten of the interactions.
  std::vector<DraftRow> rows;
  Add(9'000, Tier::kSilver, "loud", rows);
  Add(1'000, Tier::kSilver, "quiet", rows);
  const SegmentUse use = {{"loud", 100'000}, {"quiet", 100'000}};
  DatasetOptions options = WithSegments({.weight_by_use = true});
  options.selection.budget = RowBudget{850};
  EXPECT_NEAR(static_cast<double>(ByPlan(Selected(rows, options, nullptr, use))["quiet"]), 238, 40)
      << "half of 500, but for those that are drawn already";
  options.selection.segments->weight_by_use = false;
  EXPECT_NEAR(static_cast<double>(ByPlan(Selected(rows, options, nullptr, use))["quiet"]), 50, 25);
}

TEST(SyntheticRows, GiveWayToRealOnes) {
  const auto kept = [](int real) {
    std::vector<DraftRow> rows;
    Add(300, Tier::kGold, "made", rows);
    for (DraftRow& draft : rows) draft.row.provenance = Provenance::kSynthetic;
    Add(real, Tier::kSilver, "real", rows);
    Add(5'000, Tier::kBronze, "bad", rows);
    DatasetOptions options = OfSupport();
    options.selection.synthetic = SyntheticLimit();
    return ByPlan(Selected(rows, options))["made"];
  };
  EXPECT_EQ(kept(0), 200);
  EXPECT_EQ(kept(500), 150);
  EXPECT_EQ(kept(1'999), 0);
  EXPECT_EQ(kept(2'500), 0);
}

TEST(SyntheticRows, AreNoBetterThanGoldAndNeverEvaluateAnything) {
  std::vector<DraftRow> rows = {RowIn("train", Tier::kPlatinum), RowIn("eval", Tier::kGold),
                                RowIn("real", Tier::kPlatinum)};
  for (int i = 0; i < 2; ++i) rows[static_cast<size_t>(i)].row.provenance = Provenance::kSynthetic;
  rows[1].row.split = Split::kEval;
  rows[2].row.split = Split::kEval;
  LeftOut left_out;
  const auto held = WithSyntheticHeldDown(rows, left_out);
  ASSERT_EQ(held.size(), 2u);
  EXPECT_EQ(held[0].row.score, 0.8);
  EXPECT_EQ(held[0].row.tier, Tier::kGold);
  EXPECT_EQ(held[1].row.interaction_id, "real");
  EXPECT_EQ(held[1].row.tier, Tier::kPlatinum);
  EXPECT_THAT(left_out.counts(),
              ElementsAre(Pair(std::pair(RemovalReason::kSynthetic, Tier::kGold), 1)));
}

TEST(Filter, TakesInteractionsByVersionLabelAndTime) {
  DraftRow wanted = RowIn("wanted", Tier::kSilver, "pro");
  wanted.row.model_version = "m2";
  wanted.row.prompt_version = "p1";
  wanted.start_time = absl::FromUnixSeconds(1'000);
  std::vector<DraftRow> rows(7, wanted);
  rows[1].row.model_version = "m3";
  rows[2].row.prompt_version = "";
  rows[3].row.labels["plan"] = "free";
  rows[4].start_time = absl::FromUnixSeconds(999);
  rows[5].start_time = absl::FromUnixSeconds(2'000);
  rows[6].start_time = absl::UnixEpoch();
  CandidateFilter filter;
  filter.model_versions = {"m1", "m2"};
  filter.prompt_versions = {"p1"};
  filter.labels = {{"plan", "pro"}};
  filter.start_time_from = absl::FromUnixSeconds(1'000);
  filter.start_time_before = absl::FromUnixSeconds(2'000);
  LeftOut left_out;
  EXPECT_EQ(WithAskedInteractions(rows, filter, left_out).size(), 1u);
  EXPECT_THAT(left_out.counts(),
              ElementsAre(Pair(std::pair(RemovalReason::kFiltered, Tier::kSilver), 6)));
  EXPECT_EQ(WithAskedInteractions(rows, CandidateFilter(), left_out).size(), 7u);
  // Without a lower end too: nobody knows when it was.
  CandidateFilter before;
  before.start_time_before = absl::FromUnixSeconds(2'000);
  EXPECT_EQ(WithAskedInteractions({rows[6]}, before, left_out).size(), 0u);
}

TEST(Filter, TakesRowsBySourceAndTier) {
  std::vector<DraftRow> rows = {RowIn("a", Tier::kPlatinum), RowIn("b", Tier::kPlatinum),
                                RowIn("c", Tier::kSilver)};
  rows[0].row.source = RowSource::kStaffCorrection;
  rows[1].row.source = RowSource::kUserAccepted;
  rows[2].row.source = RowSource::kStaffCorrection;
  CandidateFilter filter;
  filter.sources = {RowSource::kUserCorrection, RowSource::kStaffCorrection};
  filter.tiers = {Tier::kPlatinum, Tier::kGold};
  LeftOut left_out;
  EXPECT_THAT(Ids(WithAskedQuality(rows, filter, left_out)), ElementsAre("a"));
  EXPECT_EQ(left_out.counts().size(), 2u);
}

}  // namespace
}  // namespace flywheel::curation
