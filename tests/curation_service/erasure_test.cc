#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "curation_service/scorer.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/migrations.h"
#include "shared/status/status_macros.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ErasureTest : public CurationTest {
 protected:
  // Adds an accepted interaction; returns its place and that of its signal.
  std::vector<int64_t> LogAccepted(const Said& said) {
    const int64_t interaction = ingest_.Add(InteractionEntry(said));
    Accept(said.id);
    return {interaction, last_};
  }

  int64_t Erase(const std::string& erasure_id, const std::vector<int64_t>& sequences,
                bool last = true) {
    ingest::v1::FeedEntry entry;
    entry.mutable_tombstone()->set_erasure_id(erasure_id);
    entry.mutable_tombstone()->mutable_sequences()->Add(sequences.begin(), sequences.end());
    entry.mutable_tombstone()->set_last(last);
    last_ = Feed(entry);
    return last_;
  }

  void SetTraining(const std::string& user, bool allowed) {
    ingest::v1::FeedEntry entry;
    entry.mutable_consent()->set_user_id(user);
    entry.mutable_consent()->set_purpose(ingest::v1::PURPOSE_TRAIN);
    entry.mutable_consent()->set_allowed(allowed);
    last_ = Feed(entry);
  }

  v1::DatasetVersion Version(const std::string& id) {
    v1::GetDatasetVersionRequest request;
    request.set_dataset_version_id(id);
    v1::GetDatasetVersionResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::GetDatasetVersion, request, response));
    return response.dataset_version();
  }

  std::vector<std::string> Ids(const std::string& version) {
    std::vector<std::string> ids;
    for (const v1::DatasetRow& row : Rows(version)) ids.push_back(row.interaction_id());
    return ids;
  }

  std::string Export(const std::string& version) {
    v1::ExportDatasetRequest request;
    request.set_include_metadata(true);
    request.set_dataset_version_id(version);
    grpc::ClientContext context;
    const auto reader = stub_->ExportDataset(&context, request);
    v1::ExportDatasetResponse response;
    std::string lines;
    while (reader->Read(&response)) lines += response.jsonl();
    EXPECT_OK(reader->Finish());
    return lines;
  }

  // Every byte of the store: the file, the write-ahead log and its index.
  std::string Disk() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data_.path())) {
      if (entry.path().filename().string().rfind("curation.db", 0) != 0) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }
};

TEST_F(ErasureTest, ErasesInteractionsWithTheirScoresAndCounts) {
  const auto hers = LogAccepted({.id = "hers", .input = "who am I"});
  LogAccepted({.id = "his", .input = "what is that"});
  AwaitFeed();
  EXPECT_EQ(Progress().scored_interactions(), 2);
  Erase("e1", hers);
  EXPECT_EQ(Progress().interactions(), 1);
  EXPECT_EQ(Progress().scored_interactions(), 1);
  v1::GetScoreRequest request;
  request.set_interaction_id("hers");
  v1::GetScoreResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::GetScore, request, response),
              testing::HasReason(Reason::kNotFound));
  EXPECT_TRUE(ScoreOf("his").has_combined_score());
}

TEST_F(ErasureTest, ScoresAnewWhatASignalWasAbout) {
  Log({.id = "his"});
  Reject("his");
  const int64_t of_others = last_;
  Accept("his");
  AwaitFeed();
  const double before = ScoreOf("his").combined_score();
  Erase("e1", {of_others});
  EXPECT_GT(ScoreOf("his").combined_score(), before);
  Erase("e2", {of_others + 3});
  EXPECT_FALSE(ScoreOf("his").has_combined_score());
  EXPECT_EQ(Progress().scored_interactions(), 0);
}

TEST_F(ErasureTest, ARowOfAFrozenVersionBecomesAnEmptyPlaceThatIsCounted) {
  std::vector<int64_t> hers;
  for (int i = 0; i < 10; ++i) {
    const std::string id = "i" + std::to_string(i);
    const auto sequences = LogAccepted({.id = id, .input = "question " + id, .session = "s" + id});
    if (i == 3) hers = sequences;
  }
  const v1::DatasetVersion built = Built(BuildRequest("v1"));
  ASSERT_EQ(Ids("v1").size(), 10u);
  const std::vector<v1::DatasetRow> before = Rows("v1");
  Erase("e1", hers);
  const v1::DatasetVersion version = Version("v1");
  EXPECT_EQ(version.erased_rows(), 1);
  EXPECT_EQ(version.content_hash(), built.content_hash());
  EXPECT_EQ(version.train_rows() + version.eval_rows(), 10);
  EXPECT_THAT(Ids("v1"), ElementsAre("i0", "i1", "i2", "i4", "i5", "i6", "i7", "i8", "i9"));
  EXPECT_THAT(Export("v1"), Not(HasSubstr("question i3")));
  EXPECT_THAT(Export("v1"), HasSubstr("question i4"));
  // Sent again, the same tombstone counts no more.
  ingest_.RepeatAll();
  AwaitSequence(last_ + 1);
  EXPECT_EQ(Version("v1").erased_rows(), 1);
}

TEST_F(ErasureTest, ARowLeavesWithTheCorrectionThatItHolds) {
  Log({.id = "his", .input = "how are you"});
  Correct("his", "the words of another person");
  const int64_t correction = last_;
  LogAccepted({.id = "other", .input = "something else"});
  Built(BuildRequest("v1"));
  ASSERT_EQ(Ids("v1").size(), 2u);
  Erase("e1", {correction});
  EXPECT_THAT(Ids("v1"), ElementsAre("other"));
  EXPECT_EQ(Progress().interactions(), 2) << "the interaction is not hers";
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  EXPECT_THAT(Disk(), Not(HasSubstr("the words of another person")));
}

TEST_F(ErasureTest, ARowLeavesWithTheEditThatItHolds) {
  Log({.id = "his", .input = "how are you"});
  React("his", [](auto& signal) {
    signal.mutable_edit()->set_edit_ratio(0.5);
    signal.mutable_edit()->set_edited_output("the words of another person");
  });
  const int64_t edit = last_;
  LogAccepted({.id = "other", .input = "something else"});
  Built(BuildRequest("v1"));
  ASSERT_EQ(Ids("v1").size(), 2u);
  Erase("e1", {edit});
  EXPECT_THAT(Ids("v1"), ElementsAre("other"));
  EXPECT_EQ(Progress().interactions(), 2) << "the interaction is not hers";
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  EXPECT_THAT(Disk(), Not(HasSubstr("the words of another person")));
}

TEST_F(ErasureTest, ARowLeavesWithTheCorrectionThatARevisionTookBack) {
  Log({.id = "his", .input = "how are you"});
  ingest::v1::FeedEntry entry = SignalEntry("hers", "his");
  entry.mutable_signal()->mutable_correction()->set_ideal_output("the words of another person");
  const int64_t correction = ingest_.Add(entry);
  last_ = correction;
  LogAccepted({.id = "other", .input = "something else"});
  Built(BuildRequest("v1"));
  ASSERT_EQ(Ids("v1").size(), 2u);
  entry.mutable_signal()->set_revision(1);
  entry.mutable_signal()->mutable_thumbs()->set_up(true);
  const int64_t thumb = Feed(entry);
  Erase("e1", {correction, thumb});
  EXPECT_THAT(Ids("v1"), ElementsAre("other"));
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  EXPECT_THAT(Disk(), Not(HasSubstr("the words of another person")));
}

TEST_F(ErasureTest, ARowForgetsTheSignalsOfOthersThatAreGone) {
  Log({.id = "his", .input = "how are you", .session = "s"});
  Accept("his");
  const int64_t of_turn = ingest_.Add([] {
    ingest::v1::FeedEntry entry = SignalEntry("anna-likes-it", "his");
    entry.mutable_signal()->mutable_thumbs()->set_up(true);
    return entry;
  }());
  last_ = ingest_.Add([] {
    ingest::v1::FeedEntry entry = SignalEntry("anna-came-back", "");
    entry.mutable_signal()->set_session_id("s");
    entry.mutable_signal()->mutable_session_continued();
    return entry;
  }());
  const int64_t of_session = last_;
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  ASSERT_EQ(Rows("v1").at(0).signal_ids_size(), 3);
  Erase("e1", {of_turn, of_session});
  ASSERT_EQ(Rows("v1").size(), 1u) << "the row is not hers";
  EXPECT_EQ(Rows("v1").at(0).signal_ids_size(), 1);
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  EXPECT_THAT(Disk(), Not(HasSubstr("anna")));
}

TEST_F(ErasureTest, ARowForgetsASignalThatMovedToAnotherTurn) {
  Log({.id = "old", .input = "how are you"});
  Accept("old");
  Log({.id = "new", .input = "where are you"});
  ingest::v1::FeedEntry entry = SignalEntry("thumb", "old");
  entry.mutable_signal()->mutable_thumbs()->set_up(true);
  last_ = ingest_.Add(entry);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  ASSERT_EQ(Rows("v1").size(), 1u);
  ASSERT_EQ(Rows("v1").at(0).signal_ids_size(), 2);
  entry.mutable_signal()->set_revision(1);
  Feed(entry);
  EXPECT_EQ(Rows("v1").at(0).signal_ids_size(), 2) << "it stays where it is";
  entry.mutable_signal()->set_revision(2);
  entry.mutable_signal()->set_interaction_id("new");
  Feed(entry);
  EXPECT_THAT(Rows("v1").at(0).signal_ids(), ElementsAre("s1"));
}

TEST_F(ErasureTest, ARowForgetsASignalThatMovedFromItsSession) {
  Log({.id = "old", .input = "how are you", .session = "s"});
  Accept("old");
  Log({.id = "new", .input = "where are you"});
  ingest::v1::FeedEntry entry = SignalEntry("came-back", "");
  entry.mutable_signal()->set_session_id("s");
  entry.mutable_signal()->mutable_session_continued();
  last_ = ingest_.Add(entry);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  ASSERT_EQ(Rows("v1").at(0).signal_ids_size(), 2);
  entry.mutable_signal()->set_revision(1);
  entry.mutable_signal()->clear_session_id();
  entry.mutable_signal()->set_interaction_id("new");
  entry.mutable_signal()->mutable_thumbs()->set_up(true);
  Feed(entry);
  EXPECT_THAT(Rows("v1").at(0).signal_ids(), ElementsAre("s1"));
}

TEST_F(ErasureTest, ARowLeavesWithTheCorrectionThatMovedToAnotherTurn) {
  Log({.id = "old", .input = "how are you"});
  Log({.id = "new", .input = "where are you"});
  ingest::v1::FeedEntry entry = SignalEntry("anna-corrects", "old");
  entry.mutable_signal()->mutable_correction()->set_ideal_output("the words of another person");
  last_ = ingest_.Add(entry);
  LogAccepted({.id = "other", .input = "something else"});
  Built(BuildRequest("v1"));
  ASSERT_THAT(Ids("v1"), ElementsAre("old", "other"));
  entry.mutable_signal()->set_revision(1);
  entry.mutable_signal()->set_interaction_id("new");
  const int64_t moved = Feed(entry);
  EXPECT_THAT(Ids("v1"), ElementsAre("old", "other")) << "nobody was erased";
  Erase("e1", {moved});
  EXPECT_THAT(Ids("v1"), ElementsAre("other"));
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  EXPECT_THAT(Disk(), Not(HasSubstr("the words of another person")));
  EXPECT_THAT(Disk(), Not(HasSubstr("anna")));
}

TEST_F(ErasureTest, TellsIngestOnceAfterTheLastTombstone) {
  const auto a = LogAccepted({.id = "a"});
  const auto b = LogAccepted({.id = "b"});
  Erase("e1", a, /*last=*/false);
  Erase("e1", b, /*last=*/true);
  Erase("e2", {});
  const auto reports = ingest_.privacy().AwaitReports(2);
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].request.erasure_id(), "e1");
  EXPECT_EQ(reports[0].request.store(), "curation");
  EXPECT_EQ(reports[0].request.rows(), 4);
  EXPECT_EQ(reports[0].project, "default");
  EXPECT_EQ(reports[1].request.rows(), 0);
  Restart();
  Erase("e3", {});
  EXPECT_EQ(ingest_.privacy().AwaitReports(3).size(), 3u);
}

TEST_F(ErasureTest, AReportOutlivesARestartWhileIngestIsDown) {
  const auto a = LogAccepted({.id = "a"});
  AwaitFeed();
  ingest::v1::FeedEntry entry;
  entry.mutable_tombstone()->set_erasure_id("e1");
  entry.mutable_tombstone()->mutable_sequences()->Add(a.begin(), a.end());
  entry.mutable_tombstone()->set_last(true);
  // Put into the store behind curation's back, as if ingest had gone the moment after.
  server_->Stop(absl::Seconds(5));
  server_.reset();
  ingest_.Stop();
  {
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/curation.db"}, Migrations());
    ASSERT_OK(database);
    FeedBatch batch;
    batch.next_cursor = last_ + 3;
    batch.records.push_back({last_ + 3, "default", Tombstone{"e1", a, true}});
    ASSERT_OK((*database)->Write(
        [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); }));
  }
  Start();
  EXPECT_EQ(Progress().interactions(), 0);
  ingest_.Start();
  const auto reports = ingest_.privacy().AwaitReports(1);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].request.rows(), 2);
}

TEST_F(ErasureTest, NothingOfAnErasedPersonStaysInTheFiles) {
  std::vector<int64_t> hers;
  std::vector<std::string> secrets;
  for (int i = 0; i < 3'000; ++i) {
    // In no order, so that pages split and merge; none is the beginning of another.
    const std::string name = std::to_string(100'000 + (i * 7'919 + 13) % 30'011);
    Said said{.id = "id-" + name,
              .input = "asked-" + name + " " + std::string(i % 400, 'x'),
              .output = "said-" + name,
              .session = "session-" + name,
              .user = i % 20 == 0 ? "u_hers" : "u_other"};
    ingest::v1::FeedEntry entry = InteractionEntry(said);
    ingest::v1::Interaction& turn = *entry.mutable_interaction();
    AddText(common::v1::ROLE_SYSTEM, "told-" + name, *turn.mutable_history());
    AddText(common::v1::ROLE_USER, said.input, *turn.mutable_messages());
    turn.add_messages()->set_role(common::v1::ROLE_ASSISTANT);
    turn.mutable_messages(1)->add_parts()->mutable_tool_call()->set_name("look_up");
    turn.mutable_messages(1)->mutable_parts(0)->mutable_tool_call()->set_arguments_json(
        "{\"q\":\"called-" + name + "\"}");
    turn.add_messages()->set_role(common::v1::ROLE_TOOL);
    turn.mutable_messages(2)->add_parts()->mutable_tool_result()->set_content("gave-" + name);
    AddText(common::v1::ROLE_ASSISTANT, said.output, *turn.mutable_messages());
    turn.add_contexts()->set_text("read-" + name);
    turn.add_tools()->set_description("tool-" + name);
    const int64_t interaction = ingest_.Add(entry);
    if (i % 40 == 0) {
      React(said.id, [&](auto& signal) {
        auto& messages = *signal.mutable_correction()->mutable_ideal_messages();
        messages.Add()->set_role(common::v1::ROLE_ASSISTANT);
        messages[0].add_parts()->mutable_tool_call()->set_name("look_up");
        messages[0].mutable_parts(0)->mutable_tool_call()->set_arguments_json("{\"q\":\"should-" +
                                                                              name + "\"}");
        AddText(common::v1::ROLE_ASSISTANT, "corrected-" + name, messages);
        signal.mutable_correction()->set_ideal_output("corrected-" + name);
      });
      secrets.push_back("should-" + name);
      secrets.push_back("corrected-" + name);
    } else {
      Accept(said.id);
    }
    if (i % 20 != 0) continue;
    hers.insert(hers.end(), {interaction, last_});
    for (const char* what :
         {"id-", "asked-", "said-", "session-", "told-", "called-", "gave-", "read-", "tool-"}) {
      secrets.push_back(what + name);
    }
  }
  Built(BuildRequest("v1"));
  const std::string before = Disk();
  for (const std::string& secret : secrets) ASSERT_THAT(before.find(secret), Not(before.npos));
  Erase("e1", hers);
  ASSERT_EQ(ingest_.privacy().AwaitReports(1).size(), 1u);
  const std::string after = Disk();
  for (const std::string& secret : secrets) EXPECT_EQ(after.find(secret), after.npos) << secret;
  EXPECT_EQ(after.find("u_hers"), after.npos);
  EXPECT_GT(Version("v1").erased_rows(), 100);
}

TEST_F(ErasureTest, LeavesWhoRefusesOutOfEveryVersionFromThenOn) {
  LogAccepted({.id = "hers", .input = "a", .user = "u_ada"});
  LogAccepted({.id = "his", .input = "b", .user = "u_bob"});
  Log({.id = "corrected", .input = "c", .user = "u_bob"});
  React("corrected", [](auto& signal) {
    signal.set_actor_id("u_ada");
    signal.mutable_correction()->set_ideal_output("her words");
  });
  EXPECT_EQ(Built(BuildRequest("before")).candidate_rows(), 3);
  SetTraining("u_ada", false);
  const v1::DatasetVersion after = Built(BuildRequest("after"));
  EXPECT_EQ(after.candidate_rows(), 3);
  EXPECT_EQ(Removed(after, v1::REMOVAL_REASON_NO_CONSENT), 2);
  EXPECT_THAT(Ids("after"), ElementsAre("his"));
  EXPECT_EQ(Ids("before").size(), 3u) << "what is frozen stays";
  Restart();
  SetTraining("u_ada", true);
  EXPECT_EQ(Removed(Built(BuildRequest("again")), v1::REMOVAL_REASON_NO_CONSENT), 0);
}

TEST(FirewallKeysInClear, AreHashedOnceAndKeepTheirSide) {
  const testing::TempDir data;
  auto opened = sql::Database::Open({"sqlite:" + data.path() + "/curation.db"}, Migrations());
  ASSERT_OK(opened);
  ASSERT_OK((*opened)->Write([](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Execute(R"sql(
        INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
        VALUES ('p', 'a', 'session:one', 1, 'v'), ('p', 'a', 'session:two', 2, 'v'),
               ('p', 'a', 'input:abc', 2, 'v'))sql"));
    ASSIGN_OR_RETURN(const bool first, FirewallStore(connection).HashSomeSessions(10));
    EXPECT_FALSE(first);
    ASSIGN_OR_RETURN(const bool second, FirewallStore(connection).HashSomeSessions(10));
    EXPECT_TRUE(second);
    ASSIGN_OR_RETURN(const FirewallKeys keys, FirewallStore(connection).Keys("p", Deadline()));
    EXPECT_EQ(keys, (FirewallKeys{{SessionKey("one"), Split::kTrain},
                                  {SessionKey("two"), Split::kEval},
                                  {"input:abc", Split::kEval}}));
    return absl::OkStatus();
  }));
  EXPECT_EQ(SessionKey("one").find("one"), std::string::npos);
}

}  // namespace
}  // namespace flywheel::curation
