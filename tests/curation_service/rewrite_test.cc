// What ingest replaced in a record is replaced here, and what was made of it leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;

constexpr char kValue[] = "zebulon.pike@example.com";

class RewriteTest : public CurationTest {
 protected:
  // The record as ingest has it now, in the place of the entry at `sequence`.
  int64_t Rewrite(int64_t sequence, const ingest::v1::FeedEntry& now) {
    ingest::v1::FeedEntry entry;
    ingest::v1::Rewrite& rewrite = *entry.mutable_rewrite();
    rewrite.set_scan_id("scan");
    rewrite.set_sequence(sequence);
    if (now.has_interaction()) *rewrite.mutable_interaction() = now.interaction();
    if (now.has_signal()) *rewrite.mutable_signal() = now.signal();
    return last_ = Feed(entry);
  }

  int64_t End() {
    ingest::v1::FeedEntry entry;
    entry.mutable_rewrite()->set_scan_id("scan");
    entry.mutable_rewrite()->set_last(true);
    return last_ = Feed(entry);
  }

  int64_t Correct(const std::string& interaction_id, const std::string& ideal) {
    React(interaction_id, [&](ingest::v1::Signal& signal) {
      signal.set_actor(ingest::v1::ACTOR_STAFF);
      signal.mutable_correction()->set_ideal_output(ideal);
      newest_ = signal;
    });
    return last_;
  }

  std::vector<std::string> Inputs(const std::string& version) {
    std::vector<std::string> inputs;
    for (const v1::DatasetRow& row : Rows(version)) inputs.push_back(row.input());
    return inputs;
  }

  bool DiskHasValue() const {
    return testing::BytesBelow(data_.path()).find(kValue) != std::string::npos;
  }

  ingest::v1::Signal newest_;
};

TEST_F(RewriteTest, TheCopyIsReplacedAndTheRowOfAFrozenVersionLeaves) {
  const Said before{.id = "hers", .input = std::string("write to ") + kValue, .session = "s1"};
  const int64_t sequence = ingest_.Add(InteractionEntry(before));
  Accept("hers");
  Log({.id = "his", .input = "what is that", .session = "s2"});
  Accept("his");
  AwaitFeed();
  Built(BuildRequest("v1"));
  ASSERT_THAT(Inputs("v1"), ElementsAre(before.input, "what is that"));
  const double score = ScoreOf("hers").combined_score();

  Said now = before;
  now.input = "write to [EMAIL_1]";
  Rewrite(sequence, InteractionEntry(now));
  End();
  EXPECT_THAT(Inputs("v1"), ElementsAre("what is that"));
  // What was thought of it stands, and the next version has it as it is now.
  EXPECT_EQ(ScoreOf("hers").combined_score(), score);
  EXPECT_EQ(Progress().interactions(), 2);
  Built(BuildRequest("v2"));
  EXPECT_THAT(Inputs("v2"), ElementsAre("write to [EMAIL_1]", "what is that"));
  server_.reset();
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(RewriteTest, TheWordsOfACorrectionAreReplacedInScoreAndRows) {
  Log({.id = "his", .input = "how are you"});
  const int64_t sequence = Correct("his", std::string("ask ") + kValue);
  AwaitFeed();
  Built(BuildRequest("v1"));
  ASSERT_EQ(Rows("v1").size(), 1u);
  ASSERT_EQ(Rows("v1").front().ideal_output(), std::string("ask ") + kValue);

  ingest::v1::FeedEntry now;
  *now.mutable_signal() = newest_;
  now.mutable_signal()->mutable_correction()->set_ideal_output("ask [EMAIL_1]");
  Rewrite(sequence, now);
  End();
  EXPECT_TRUE(Rows("v1").empty());
  Built(BuildRequest("v2"));
  ASSERT_EQ(Rows("v2").size(), 1u);
  EXPECT_EQ(Rows("v2").front().ideal_output(), "ask [EMAIL_1]");
  server_.reset();
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(RewriteTest, WhatASignalSaysWentWrongIsReplacedInRows) {
  Log({.id = "hers", .input = "how are you"});
  const auto say = [&](int64_t revision, const std::string& what) {
    ingest::v1::FeedEntry entry = SignalEntry("thumb", "hers");
    newest_ = *entry.mutable_signal();
    newest_.set_revision(revision);
    newest_.mutable_thumbs()->set_up(true);
    (*newest_.mutable_attributes())["failure_mode"] = what;
    *entry.mutable_signal() = newest_;
    return last_ = ingest_.Add(entry);
  };
  const int64_t first = say(1, std::string("ask ") + kValue);
  AwaitFeed();
  Built(BuildRequest("v1"));
  ASSERT_EQ(Rows("v1").size(), 1u);
  ASSERT_EQ(Rows("v1").front().failure_mode(), std::string("ask ") + kValue);
  // The newest revision, in rows that have its words.
  ingest::v1::FeedEntry now;
  *now.mutable_signal() = newest_;
  (*now.mutable_signal()->mutable_attributes())["failure_mode"] = "ask [EMAIL_1]";
  Rewrite(first, now);
  ASSERT_EQ(Rows("v1").size(), 1u);
  EXPECT_EQ(Rows("v1").front().failure_mode(), "ask [EMAIL_1]");
  // And one of which nothing is kept, while rows may have its words.
  const int64_t second = say(2, std::string("or ") + kValue);
  const ingest::v1::Signal outdated = newest_;
  AwaitFeed();
  Built(BuildRequest("v2"));
  ASSERT_EQ(Rows("v2").front().failure_mode(), std::string("or ") + kValue);
  say(3, "slow");
  AwaitFeed();
  *now.mutable_signal() = outdated;
  (*now.mutable_signal()->mutable_attributes())["failure_mode"] = "or [EMAIL_1]";
  Rewrite(second, now);
  End();
  EXPECT_EQ(Rows("v2").front().failure_mode(), "");
  server_.reset();
  EXPECT_FALSE(DiskHasValue());
}

TEST_F(RewriteTest, ARecordThatHasLeftIngestLeavesHereAndAnUnknownOneIsPassedOver) {
  const int64_t sequence = ingest_.Add(InteractionEntry({.id = "hers"}));
  Accept("hers");
  AwaitFeed();
  ASSERT_EQ(Progress().interactions(), 1);
  Rewrite(sequence, {});
  EXPECT_EQ(Progress().interactions(), 0);
  Rewrite(sequence, InteractionEntry({.id = "hers"}));
  End();
  EXPECT_EQ(Progress().interactions(), 0);
}

}  // namespace
}  // namespace flywheel::curation
