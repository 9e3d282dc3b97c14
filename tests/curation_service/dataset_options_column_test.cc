#include "curation_service/store/dataset_options_column.h"

#include <gtest/gtest.h>

#include "shared/testing/status_matchers.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

TEST(DatasetOptionsColumn, ReadsBackWhatItHolds) {
  DatasetOptions options;
  options.agent = "a";
  options.eval_share = 1.0 / 3;
  options.cohort_attribute = "pl\"an";
  options.skip_label_review = true;
  options.group_attributes = {"task_id", "user_id"};
  options.selection.filter = CandidateFilter{{"m1", "m2"},           {"p1"},
                                             {{"plan", "pro"}},      {RowSource::kUserCorrection},
                                             {Tier::kGold},          absl::FromUnixMicros(-5),
                                             absl::FromUnixMicros(7)};
  options.selection.budget = RowBudget{12, -3, true};
  options.selection.segments = SegmentBalance{"plan", 0.1, {{"pro", 0.3}}, true, 2};
  options.selection.synthetic = SyntheticLimit{4, 5};
  const auto read = OptionsFromJson("a", OptionsToJson(options));
  ASSERT_OK(read);
  EXPECT_EQ(read->agent, "a");
  EXPECT_EQ(read->eval_share, 1.0 / 3);
  EXPECT_EQ(read->cohort_attribute, "pl\"an");
  EXPECT_TRUE(read->skip_label_review);
  EXPECT_EQ(read->group_attributes, options.group_attributes);
  EXPECT_EQ(read->selection, options.selection);
}

TEST(DatasetOptionsColumn, OfAnEarlierProgramMeansTheDefaults) {
  const auto read = OptionsFromJson("a", R"({"eval_share":0.10000000000000001})");
  ASSERT_OK(read);
  EXPECT_EQ(read->eval_share, 0.1);
  EXPECT_EQ(read->cohort_attribute, "");
  EXPECT_FALSE(read->skip_label_review);
  EXPECT_TRUE(read->group_attributes.empty());
  EXPECT_TRUE(read->selection.empty());
}

TEST(DatasetOptionsColumn, RefusesADamagedOne) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"eval_share":"x"})", R"({"group_attributes":[1]})",
        R"({"skip_label_review":1})", R"({"selection":[]})", R"({"selection":{"budget":1}})",
        R"({"selection":{"filter":{"tiers":["gold"]}}})"}) {
    EXPECT_THAT(OptionsFromJson("a", text).status(), HasReason(Reason::kInternal)) << text;
  }
}

}  // namespace
}  // namespace flywheel::curation
