// Dataset versions, from the record to the rows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::ElementsAre;

class DatasetTest : public CurationTest {
 protected:
  // All rows of a version by the interaction that they come from.
  std::map<std::string, v1::DatasetRow> RowsById(const std::string& version) {
    std::map<std::string, v1::DatasetRow> rows;
    for (v1::DatasetRow& row : Rows(version)) rows[row.interaction_id()] = std::move(row);
    return rows;
  }
};

TEST_F(DatasetTest, MakesARowOfEachReaction) {
  Log({.id = "approved", .input = "q1", .output = "o1"});
  Accept("approved");
  Log({.id = "corrected", .input = "q2", .output = "o2"});
  Accept("corrected");
  Correct("corrected", "better");
  Log({.id = "by-staff", .input = "q3", .output = "o3"});
  React("by-staff", [](auto& signal) {
    signal.set_actor(ingest::v1::ACTOR_STAFF);
    signal.mutable_correction()->set_ideal_output("best");
  });
  Log({.id = "checked", .input = "q4", .output = "o4"});
  ApproveAsStaff("checked");
  Log({.id = "rejected", .input = "q5", .output = "o5"});
  Reject("rejected");
  Log({.id = "edited", .input = "q6", .output = "Hi Bob!!!"});
  Accept("edited");
  React("edited", [](auto& signal) {
    signal.mutable_edit()->set_edit_ratio(0.9);
    signal.mutable_edit()->set_edited_output("Hello Bob.");
  });
  Log({.id = "liked", .input = "q7", .output = "o7"});
  React("liked", [](auto& signal) { signal.mutable_thumbs()->set_up(true); });
  // Neither of these says that the answer was right.
  Log({.id = "went-on", .input = "q8", .output = "o8"});
  React("went-on", [](auto& signal) { signal.mutable_follow_up(); });
  Log({.id = "contradicted", .input = "q9", .output = "o9"});
  Accept("contradicted");
  Reject("contradicted");
  Log({.id = "ignored", .input = "q10", .output = "o10"});
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(version.candidate_rows(), 9);
  EXPECT_EQ(version.train_rows(), 6);
  EXPECT_EQ(version.eval_rows(), 0);
  EXPECT_EQ(version.negative_rows(), 1);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_NOT_APPROVED), 2);

  auto rows = RowsById("v1");
  ASSERT_EQ(rows.size(), 7u);
  EXPECT_EQ(rows["approved"].source(), v1::ROW_SOURCE_USER_ACCEPTED);
  EXPECT_EQ(rows["liked"].source(), v1::ROW_SOURCE_USER_APPROVED);
  EXPECT_EQ(rows["edited"].source(), v1::ROW_SOURCE_USER_CORRECTION);
  EXPECT_EQ(rows["edited"].ideal_output(), "Hello Bob.");
  EXPECT_EQ(rows["approved"].ideal_output(), "o1");
  EXPECT_EQ(rows["approved"].tier(), v1::TIER_PLATINUM);
  EXPECT_EQ(rows["approved"].model_version(), "model-1");
  EXPECT_EQ(rows["corrected"].source(), v1::ROW_SOURCE_USER_CORRECTION);
  EXPECT_EQ(rows["corrected"].ideal_output(), "better");
  EXPECT_EQ(rows["corrected"].score(), 0.9);
  EXPECT_EQ(rows["corrected"].weight(), 5.0);
  EXPECT_EQ(rows["by-staff"].source(), v1::ROW_SOURCE_STAFF_CORRECTION);
  EXPECT_EQ(rows["by-staff"].score(), 1.0);
  EXPECT_EQ(rows["checked"].source(), v1::ROW_SOURCE_STAFF_APPROVED);
  EXPECT_EQ(rows["checked"].score(), 1.0);
  EXPECT_EQ(rows["rejected"].source(), v1::ROW_SOURCE_REJECTED_OUTPUT);
  EXPECT_EQ(rows["rejected"].ideal_output(), "o5");
  EXPECT_EQ(rows["rejected"].tier(), v1::TIER_BRONZE);
  EXPECT_EQ(Rows("v1", /*include_negatives=*/false).size(), 6u);
}

TEST_F(DatasetTest, CountsWhatItTookOut) {
  Log({.id = "i1", .input = "Same Question", .output = "a"});
  Accept("i1");
  Log({.id = "i2", .input = "same  question ", .output = "a"});
  Accept("i2");
  Log({.id = "i3", .input = "  ", .output = "a"});
  Accept("i3");
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(version.train_rows(), 1);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_EMPTY), 1);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_EXACT_DUPLICATE), 1);
  ASSERT_EQ(version.rows_by_tier_size(), 4);
  EXPECT_EQ(version.rows_by_tier(0).tier(), v1::TIER_PLATINUM);
  EXPECT_EQ(version.rows_by_tier(0).rows(), 1);
}

TEST_F(DatasetTest, TakesNegativesOffTheEvalSide) {
  AddAccepted(1);
  Log({.id = "bad", .input = "q", .output = "o"});
  Reject("bad");
  ASSERT_EQ(Built(BuildRequest("all-train")).negative_rows(), 1);  // Now a0 is trained on for ever.
  Log({.id = "bad2", .input = "q2", .output = "o2"});
  Reject("bad2");
  v1::BuildDatasetVersionRequest request = BuildRequest("v2");
  request.mutable_options()->set_eval_share(1 - 1e-9);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_NEGATIVE_ON_EVAL_SIDE), 1);
  EXPECT_EQ(version.negative_rows(), 1);
  EXPECT_EQ(version.train_rows(), 1);
}

TEST_F(DatasetTest, NeverHasASessionOrAnInputOnBothSidesInAnyTwoVersions) {
  std::mt19937_64 random(7);
  std::set<std::string> trained, asked;
  int64_t eval_rows = 0;
  int64_t left_out = 0;
  for (int v = 0; v < 5; ++v) {
    for (int i = 0; i < 60; ++i) {
      const std::string id = std::to_string(v) + "-" + std::to_string(i);
      Log({.id = id,
           .input = "Question  " + std::to_string(random() % 300),
           .output = "answer " + id,
           .session = "s" + std::to_string(random() % 200)});
      // Some get their first signal a version later, or never.
      if (random() % 4 != 0) random() % 3 == 0 ? Reject(id) : Accept(id);
      if (v > 0) Accept(std::to_string(v - 1) + "-" + std::to_string(i));
    }
    const std::string name = "v" + std::to_string(v);
    v1::BuildDatasetVersionRequest request = BuildRequest(name);
    request.mutable_options()->set_eval_share(v % 2 == 0 ? 0.4 : 0.1);
    const v1::DatasetVersion version = Built(request);
    eval_rows += version.eval_rows();
    left_out += Removed(version, v1::REMOVAL_REASON_TOUCHES_BOTH_SIDES);
    int64_t split_rows = 0;
    for (const v1::DatasetRow& row : Rows(name)) {
      std::set<std::string>& side = row.split() == v1::SPLIT_TRAIN ? trained : asked;
      if (!row.session_id().empty()) side.insert("session " + row.session_id());
      side.insert("input " + row.input());
      ++split_rows;
    }
    EXPECT_EQ(split_rows, version.train_rows() + version.eval_rows() + version.negative_rows());
  }
  for (const std::string& key : asked) EXPECT_FALSE(trained.contains(key)) << key;
  EXPECT_GT(eval_rows, 0);
  EXPECT_GT(left_out, 0);  // Otherwise the record was too simple to show anything.
}

TEST_F(DatasetTest, PutsAFifthOfConversationsThatAllBeginWithHiOnTheEvalSide) {
  const std::vector<std::string> topics = {"parcel", "invoice", "password"};
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    const std::string& topic = topics[static_cast<size_t>(i) % topics.size()];
    Log({.id = "g-" + n + "-a", .input = "Hi", .output = "Hello!", .session = "g-sess-" + n});
    Accept("g-" + n + "-a");
    Log({.id = "g-" + n + "-b",
         .input = fmt::format("My {} number {} has a problem, what now?", topic, n),
         .output = fmt::format("Please open page {} and choose {}.", topic, n),
         .session = "g-sess-" + n});
    Accept("g-" + n + "-b");
  }
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(0.2);
  const v1::DatasetVersion version = Built(request);
  int questions = 0;
  int asked = 0;
  int greetings = 0;
  for (const v1::DatasetRow& row : Rows("v1")) {
    const bool greeting = row.input() == "Hi";
    greetings += greeting;
    questions += !greeting;
    asked += !greeting && row.split() == v1::SPLIT_EVAL;
  }
  EXPECT_EQ(questions, 200);
  EXPECT_NEAR(asked, 40, 23);  // Four standard deviations.
  EXPECT_EQ(greetings, 1);
  EXPECT_GT(Removed(version, v1::REMOVAL_REASON_TOUCHES_BOTH_SIDES), 0);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_TOUCHES_BOTH_SIDES) +
                Removed(version, v1::REMOVAL_REASON_EXACT_DUPLICATE),
            199);
}

TEST_F(DatasetTest, KeepsTheEvalSideWhereALaterVersionAsksForLess) {
  AddAccepted(40);
  v1::BuildDatasetVersionRequest half = BuildRequest("half");
  half.mutable_options()->set_eval_share(0.5);
  const v1::DatasetVersion first = Built(half);
  ASSERT_GT(first.eval_rows(), 5);
  AddAccepted(200, "b");
  v1::BuildDatasetVersionRequest none = BuildRequest("none");
  none.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion second = Built(none);
  EXPECT_EQ(second.eval_rows(), first.eval_rows());
  EXPECT_EQ(second.train_rows(), first.train_rows() + 200);
}

TEST_F(DatasetTest, KeepsTheEvalSideOfOneAgentFromTheTrainingOfAnother) {
  AddAccepted(40);
  v1::BuildDatasetVersionRequest first = BuildRequest("v1");
  first.mutable_options()->set_eval_share(0.5);
  Built(first);
  std::set<std::string> asked;
  for (const v1::DatasetRow& row : Rows("v1")) {
    if (row.split() == v1::SPLIT_EVAL) asked.insert(row.input());
  }
  ASSERT_GT(asked.size(), 5u);
  int copies = 0;
  for (const std::string& input : asked) {
    const std::string id = "copy-" + std::to_string(copies++);
    Log({.id = id, .input = input, .output = "known", .agent = "other"});
    Accept(id);
  }
  Log({.id = "own", .input = "a question of its own", .output = "an answer", .agent = "other"});
  Accept("own");
  v1::BuildDatasetVersionRequest second = BuildRequest("v2");
  second.mutable_options()->set_agent("other");
  second.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion version = Built(second);
  EXPECT_EQ(version.train_rows(), 1);
  EXPECT_EQ(version.eval_rows(), static_cast<int64_t>(asked.size()));
}

TEST_F(DatasetTest, IsTheSameForTheSameRecordAndOptions) {
  AddAccepted(80);
  const v1::DatasetVersion first = Built(BuildRequest("v1"));
  const v1::DatasetVersion second = Built(BuildRequest("v2"));
  EXPECT_EQ(first.content_hash(), second.content_hash());
  EXPECT_EQ(first.content_hash().size(), 64u);
  EXPECT_GT(first.eval_rows(), 0);
  v1::BuildDatasetVersionRequest other = BuildRequest("v3");
  other.mutable_options()->set_cohort_attribute("tier");
  EXPECT_EQ(Built(other).content_hash(), first.content_hash());  // No row has the attribute.
  AddAccepted(1, "b");
  EXPECT_NE(Built(BuildRequest("v4")).content_hash(), first.content_hash());
}

TEST_F(DatasetTest, StaysWhatItWasWhenTheRecordGrows) {
  AddAccepted(20);
  const v1::DatasetVersion version = Built(BuildRequest("v1"));
  const size_t rows = Rows("v1").size();
  Reject("a3");
  Log({.id = "new", .input = "new"});
  Accept("new");
  AwaitFeed();
  EXPECT_EQ(Rows("v1").size(), rows);
  v1::GetDatasetVersionRequest request;
  request.set_dataset_version_id("v1");
  v1::GetDatasetVersionResponse response;
  ASSERT_OK(Call(&v1::CurationService::Stub::GetDatasetVersion, request, response));
  EXPECT_EQ(response.dataset_version().SerializeAsString(), version.SerializeAsString());
}

TEST_F(DatasetTest, ReviewsLabelsUnlessToldNotTo) {
  // Twelve users who say what the words of the question say, and one who does not.
  const char* topics[] = {"card arrival parcel", "exchange rate money", "pin blocked code"};
  const char* labels[] = {"card", "rate", "pin"};
  std::mt19937_64 random(11);
  for (int i = 0; i < 600; ++i) {
    const std::string id = "i" + std::to_string(i);
    const size_t topic = random() % 3;
    const int user = static_cast<int>(random() % 13);
    Log({.id = id,
         .input = std::string(topics[topic]) + " number " + std::to_string(i),
         .output = "unknown",
         .user = "u_" + std::to_string(user)});
    Correct(id, labels[user == 12 ? (topic + 1 + random() % 2) % 3 : topic]);
  }
  v1::BuildDatasetVersionRequest request = BuildRequest("unreviewed");
  request.mutable_options()->set_skip_label_review(true);
  const v1::DatasetVersion unreviewed = Built(request);
  EXPECT_EQ(unreviewed.removed_by_reason_size(), 0);
  EXPECT_EQ(unreviewed.train_rows() + unreviewed.eval_rows(), 600);

  const v1::DatasetVersion reviewed = Built(BuildRequest("reviewed"));
  const int64_t changed = Removed(reviewed, v1::REMOVAL_REASON_UNRELIABLE_ANNOTATOR) +
                          Removed(reviewed, v1::REMOVAL_REASON_CONTRADICTED) +
                          Removed(reviewed, v1::REMOVAL_REASON_RELABELLED);
  EXPECT_GT(changed, 20);
  int64_t relabelled = 0;
  for (const v1::DatasetRow& row : Rows("reviewed")) {
    if (row.source() != v1::ROW_SOURCE_RELABELLED) {
      EXPECT_EQ(row.reported_output(), "");
      continue;
    }
    ++relabelled;
    EXPECT_NE(row.reported_output(), row.ideal_output());
    EXPECT_NE(row.reported_output(), "");
    EXPECT_NE(row.tier(), v1::TIER_PLATINUM);
  }
  EXPECT_EQ(relabelled, Removed(reviewed, v1::REMOVAL_REASON_RELABELLED));
}

TEST_F(DatasetTest, TakesTheCohortFromAnAttribute) {
  ingest::v1::FeedEntry entry = InteractionEntry({.id = "i1"});
  (*entry.mutable_interaction()->mutable_attributes())["plan"] = "gold";
  ingest_.Add(entry);
  Accept("i1");
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_cohort_attribute("plan");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  EXPECT_EQ(RowsById("v1")["i1"].cohort(), "gold");
}

TEST_F(DatasetTest, KeepsGroupsOnOneSideAndSaysByWhat) {
  for (int i = 0; i < 60; ++i) {
    const std::string id = "i" + std::to_string(i);
    ingest::v1::FeedEntry entry = InteractionEntry({.id = id, .input = "question " + id});
    (*entry.mutable_interaction()->mutable_attributes())["task_id"] = std::to_string(i % 12);
    ingest_.Add(entry);
    Accept(id);
  }
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(0.5);
  request.mutable_options()->add_group_attributes("task_id");
  request.mutable_options()->add_group_attributes("plan");
  const v1::DatasetVersion built = Built(request);
  EXPECT_THAT(built.options().group_attributes(), ElementsAre("plan", "task_id"));
  std::map<std::string, std::set<v1::Split>> sides;
  for (const auto& [id, row] : RowsById("v1"))
    sides[row.labels().at("task_id")].insert(row.split());
  EXPECT_EQ(sides.size(), 12u);
  for (const auto& [task, of_task] : sides) EXPECT_EQ(of_task.size(), 1u) << "task " << task;
  EXPECT_GT(built.eval_rows(), 0);
  // The order says nothing, and another set is another request.
  std::swap(*request.mutable_options()->mutable_group_attributes(0),
            *request.mutable_options()->mutable_group_attributes(1));
  v1::BuildDatasetVersionResponse again;
  ASSERT_OK(Build(request, again));
  EXPECT_TRUE(again.replayed());
  request.mutable_options()->mutable_group_attributes()->RemoveLast();
  EXPECT_THAT(Build(request, again), HasReason(Reason::kAlreadyExistsWithOtherContent));
}

TEST_F(DatasetTest, RowsSayWhereTheyComeFrom) {
  ingest::v1::FeedEntry entry = InteractionEntry({.id = "golden", .input = "q1"});
  (*entry.mutable_interaction()->mutable_attributes())["traffic"] = "golden";
  (*entry.mutable_interaction()->mutable_attributes())["locale"] = "nb";
  entry.mutable_interaction()->mutable_failure()->set_kind("timeout");
  ingest_.Add(entry);
  Accept("golden");
  Log({.id = "wrong", .input = "q2"});
  ingest::v1::FeedEntry corrected = SignalEntry("correction-1", "wrong");
  corrected.mutable_signal()->mutable_correction()->set_ideal_output("right");
  (*corrected.mutable_signal()->mutable_attributes())["failure_mode"] = "wrong_tool";
  ingest_.Add(corrected);
  Reject("wrong");
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  auto rows = RowsById("v1");
  const v1::DatasetRow& golden = rows["golden"];
  EXPECT_EQ(golden.provenance(), v1::PROVENANCE_GOLDEN);
  EXPECT_EQ(golden.labels().at("locale"), "nb");
  EXPECT_EQ(golden.failure_mode(), "timeout");
  EXPECT_EQ(golden.signal_ids_size(), 1);
  EXPECT_EQ(rows["wrong"].provenance(), v1::PROVENANCE_USER);
  EXPECT_EQ(rows["wrong"].failure_mode(), "wrong_tool");
  ASSERT_EQ(rows["wrong"].signal_ids_size(), 1);
  EXPECT_EQ(rows["wrong"].signal_ids(0), "correction-1");
}

// A signal's newest revision alone speaks, whatever the kind of the earlier ones.
TEST_F(DatasetTest, HasNoWordsOfARevisionThatIsOutdated) {
  const auto build = [this](const std::string& version) {
    v1::BuildDatasetVersionRequest request = BuildRequest(version);
    request.mutable_options()->set_eval_share(1e-9);
    Built(request);
    return RowsById(version);
  };
  ingest::v1::FeedEntry corrected = SignalEntry("on-a", "a");
  corrected.mutable_signal()->mutable_correction()->set_ideal_output("an outdated correction");
  ingest::v1::FeedEntry edited = SignalEntry("on-b", "b");
  edited.mutable_signal()->mutable_edit()->set_edited_output("an outdated edit");
  Log({.id = "a", .input = "q1", .output = "o1"});
  Log({.id = "b", .input = "q2", .output = "o2"});
  ingest_.Add(corrected);
  last_ = ingest_.Add(edited);
  auto rows = build("before");
  EXPECT_EQ(rows["a"].ideal_output(), "an outdated correction");
  EXPECT_EQ(rows["b"].ideal_output(), "an outdated edit");

  for (ingest::v1::FeedEntry* entry : {&corrected, &edited}) {
    entry->mutable_signal()->set_revision(1);
    entry->mutable_signal()->mutable_thumbs()->set_up(true);
    last_ = ingest_.Add(*entry);
  }
  rows = build("after");
  EXPECT_EQ(rows["a"].ideal_output(), "o1");
  EXPECT_EQ(rows["b"].ideal_output(), "o2");
  for (const auto& [id, row] : rows) {
    EXPECT_EQ(row.source(), v1::ROW_SOURCE_USER_APPROVED) << id;
    EXPECT_EQ(row.reported_output(), "") << id;
  }
  EXPECT_EQ(RowsById("before")["a"].ideal_output(), "an outdated correction")
      << "a version never changes";
}

}  // namespace
}  // namespace flywheel::curation
