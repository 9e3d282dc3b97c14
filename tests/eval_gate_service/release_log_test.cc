// The release log: what decides has an entry, and who changes one afterwards is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "eval_gate_service/store/migrations.h"
#include "eval_gate_service/store/release_log_store.h"
#include "tests/eval_gate_service/release_log_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

TEST_F(ReleaseLogTest, HasAnEntryForEverythingThatDecidesInTheOrderOfItsMaking) {
  EXPECT_TRUE(Verify().whole()) << "nothing is whole";
  EXPECT_FALSE(Verify().has_vouches_from());
  MakeHistory();
  ASSERT_OK(Waive(WaiverRequest("m2")));
  EXPECT_TRUE(waived_.replayed());
  const std::vector<v1::ReleaseLogEntry> entries = Entries();
  const std::vector<std::pair<v1::ReleaseKind, std::string>> expected = {
      {v1::RELEASE_KIND_SUITE, "s1"},
      {v1::RELEASE_KIND_RELEASE_POLICY, "1"},
      {v1::RELEASE_KIND_BASELINE_APPROVAL, "approve-m1"},
      {v1::RELEASE_KIND_RUN, "run-0"},
      {v1::RELEASE_KIND_RUN, "run-1"},
      {v1::RELEASE_KIND_VERDICT, "v1"},
      {v1::RELEASE_KIND_VERDICT_WAIVER, "waive-m2"},
      {v1::RELEASE_KIND_RELEASE_POLICY, "2"},
  };
  ASSERT_EQ(entries.size(), expected.size()) << "a replay adds nothing";
  std::string previous;
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].sequence(), static_cast<int64_t>(i) + 1);
    EXPECT_EQ(entries[i].kind(), expected[i].first);
    EXPECT_EQ(entries[i].resource_id(), expected[i].second);
    EXPECT_EQ(entries[i].agent(), "helper");
    EXPECT_EQ(entries[i].previous_hash(), previous);
    EXPECT_FALSE(entries[i].of_before());
    EXPECT_EQ(entries[i].create_time().seconds(), 1'700'000'000);
    previous = entries[i].entry_hash();
    EXPECT_EQ(previous.size(), 64u);
  }
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.whole_entries(), 8);
  EXPECT_EQ(state.head_hash(), previous);
  EXPECT_EQ(state.entries_of_before(), 0);
  EXPECT_EQ(state.vouches_from().seconds(), 1'700'000'000);
  Restart();
  EXPECT_EQ(Verify().SerializeAsString(), state.SerializeAsString());
  project_ = "shop";
  EXPECT_EQ(Verify().whole_entries(), 0) << "each project has its own";
}

TEST_F(ReleaseLogTest, TellsWhoKeptAHashThatItWasCutOffOrWrittenAnew) {
  MakeHistory();
  const std::string kept = Entries()[6].entry_hash();
  v1::ReleaseLogState state = Verify(kept);
  EXPECT_TRUE(state.whole());
  EXPECT_EQ(state.expected_head_sequence(), 7) << "it has grown since";
  // The last two, with what they are about: no chain shows that by itself.
  Tamper(R"sql(
      DELETE FROM release_log WHERE sequence >= 7;
      DELETE FROM verdict_waivers;
      DELETE FROM release_policy_suites WHERE policy_version = 2;
      DELETE FROM release_policies WHERE policy_version = 2;)sql");
  EXPECT_TRUE(Verify().whole());
  state = Verify(kept);
  EXPECT_FALSE(state.whole());
  EXPECT_EQ(state.first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_HEAD_MISSING);
  EXPECT_THAT(state.first_break().message(), HasSubstr(kept));
  EXPECT_EQ(state.whole_entries(), 6);
  // Written anew, as a migration would: every hash is right, and none is the one that was kept.
  Tamper(R"sql(
      UPDATE findings SET p_value = 1 WHERE position = 0;
      UPDATE release_log SET of_before = 1, entry_hash = x'';)sql");
  Tamper(kAsMigrated);
  clock_.Advance(absl::Hours(1));
  Restart();
  state = Verify();
  EXPECT_TRUE(state.whole());
  EXPECT_EQ(state.entries_of_before(), 6);
  EXPECT_EQ(state.vouches_from().seconds(), 1'700'003'600) << "since then, and not before";
  EXPECT_EQ(Verify(kept).first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_HEAD_MISSING);
}

TEST_F(ReleaseLogTest, RefusesAHeadThatIsNoHashAndFiltersThatMeanNothing) {
  for (const std::string& head : {std::string("abc"), std::string(64, 'g'), std::string(66, 'a')}) {
    v1::VerifyReleaseLogRequest request;
    request.set_expected_head(head);
    grpc::ClientContext context;
    const auto stub = LogStub();
    const auto reader = stub->VerifyReleaseLog(&context, request);
    v1::VerifyReleaseLogResponse response;
    EXPECT_FALSE(reader->Read(&response));
    EXPECT_THAT(reader->Finish(), HasReason(Reason::kInvalidArgument)) << head;
  }
  v1::ListReleaseLogRequest request;
  v1::ListReleaseLogResponse response;
  request.set_kind(static_cast<v1::ReleaseKind>(99));
  EXPECT_THAT(ListLog(request, response), HasReason(Reason::kInvalidArgument));
  request.Clear();
  request.set_agent(std::string(129, 'a'));
  EXPECT_THAT(ListLog(request, response), HasReason(Reason::kInvalidArgument));
}

TEST_F(ReleaseLogTest, IsListedByAgentKindAndTime) {
  ASSERT_OK(Approve("m1"));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Waive(WaiverRequest("m1")));
  agent_ = "another";
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Approve("m2"));
  const auto sequences = [&](const v1::ListReleaseLogRequest& request) {
    v1::ListReleaseLogResponse response;
    EXPECT_OK(ListLog(request, response));
    std::vector<int64_t> all;
    for (const v1::ReleaseLogEntry& one : response.entries()) all.push_back(one.sequence());
    return all;
  };
  using Sequences = std::vector<int64_t>;
  v1::ListReleaseLogRequest request;
  EXPECT_EQ(sequences(request), (Sequences{3, 2, 1})) << "the newest first";
  request.set_agent("helper");
  EXPECT_EQ(sequences(request), (Sequences{2, 1}));
  request.set_kind(v1::RELEASE_KIND_BASELINE_APPROVAL);
  EXPECT_EQ(sequences(request), (Sequences{1}));
  request.Clear();
  request.mutable_create_time_from()->set_seconds(1'700'003'600);
  request.mutable_create_time_before()->set_seconds(1'700'007'200);
  EXPECT_EQ(sequences(request), (Sequences{2}));

  request.Clear();
  request.set_page_size(2);
  v1::ListReleaseLogResponse page;
  ASSERT_OK(ListLog(request, page));
  ASSERT_EQ(page.entries_size(), 2);
  request.set_page_token(page.next_page_token());
  ASSERT_OK(ListLog(request, page));
  ASSERT_EQ(page.entries_size(), 1);
  EXPECT_EQ(page.entries(0).sequence(), 1);
  EXPECT_EQ(page.next_page_token(), "");
  request.set_kind(v1::RELEASE_KIND_VERDICT);
  EXPECT_THAT(ListLog(request, page), HasReason(Reason::kInvalidArgument))
      << "a token of another list";
}

TEST_F(ReleaseLogTest, IsReadAndVerifiedWithTheKeyOfAReader) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "owner key-of-the-head-of-qa default owner\n"
                                << "audit key-of-the-auditors-1 default reader\n";
  Restart();
  key_ = "key-of-the-head-of-qa";
  ASSERT_OK(Approve("m1"));
  key_ = "key-of-the-auditors-1";
  ASSERT_EQ(Entries().size(), 1u);
  EXPECT_EQ(Entries()[0].created_by(), "owner");
  EXPECT_TRUE(Verify().whole());
}

TEST_F(ReleaseLogTest, StaysWholeHoweverManyWriteAtOnce) {
  constexpr int kWriters = 4;
  constexpr int kEach = 25;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const auto stub = v1::ReleasePolicyService::NewStub(grpc::CreateChannel(
          fmt::format("127.0.0.1:{}", server_->port()), grpc::InsecureChannelCredentials()));
      for (int i = 0; i < kEach; ++i) {
        v1::ApproveBaselineRequest request;
        v1::BaselineApproval& approval = *request.mutable_approval();
        approval.set_approval_id(fmt::format("a-{}-{}", writer, i));
        approval.set_agent(fmt::format("agent-{}", writer % 2));
        approval.set_model_version("m1");
        approval.set_reason("it serves");
        grpc::ClientContext context;
        v1::ApproveBaselineResponse response;
        EXPECT_OK(stub->ApproveBaseline(&context, request, &response));
      }
    });
  }
  // Verified while they write: every snapshot is whole.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Verify().whole());
  for (std::thread& writer : writers) writer.join();
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.whole_entries(), kWriters * kEach);
}

TEST_F(ReleaseLogTest, IsTheSameAfterPeopleWereErased) {
  MakeHistory();
  const v1::ReleaseLogState before = Verify();
  curation_.Erase("default", "e1", {CaseId(0), CaseId(50)});
  ASSERT_EQ(curation_.AwaitReports(1).size(), 1u);
  EXPECT_TRUE(Verify(before.head_hash()).whole());
  EXPECT_EQ(Verify().head_hash(), before.head_hash());
}

TEST_F(ReleaseLogTest, ReportsHowFarItIsWhereItIsLong) {
  // Of before, because so they come in a moment.
  Tamper(R"sql(
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
      INSERT INTO baseline_approvals (project, approval_id, ordinal, agent, model_version,
                                      reference_model_version, reason, labels, request_hash,
                                      create_time_us, created_by)
        SELECT 'default', 'a' || n, n, 'helper', 'm', 'm', 'it serves', '{}', x'00', n, ''
        FROM numbers;
      INSERT INTO release_log (project, sequence, kind, agent, resource_id, of_before, content_hash,
                               previous_hash, entry_hash, create_time_us, created_by)
        SELECT project, ordinal, 2, agent, approval_id, 1, x'', x'', x'', 0, ''
        FROM baseline_approvals;)sql");
  Tamper(kAsMigrated);
  Restart();
  v1::VerifyReleaseLogRequest request;
  grpc::ClientContext context;
  const auto stub = LogStub();
  const auto reader = stub->VerifyReleaseLog(&context, request);
  std::vector<int64_t> entries;
  v1::VerifyReleaseLogResponse response;
  while (reader->Read(&response)) entries.push_back(response.entries());
  ASSERT_OK(reader->Finish());
  EXPECT_EQ(entries, (std::vector<int64_t>{1'000, 2'000, 2'500}));
  EXPECT_TRUE(response.state().whole()) << response.DebugString();
  EXPECT_EQ(response.state().entries_of_before(), 2'500);
}

// A store of before there was a log: its things are taken in once, whenever the start was killed.
TEST_F(ReleaseLogTest, TakesInWhatWasThereBeforeItOnceAndForAll) {
  server_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(StorePath() + suffix);
  constexpr size_t kBefore = 15;
  {
    auto store = sql::Connection::Open(StorePath(), sql::Access::kWrite);
    ASSERT_OK(store);
    ASSERT_OK(sql::Migrate(**store, StorePath(), Migrations().subspan(0, kBefore)));
    ASSERT_OK((*store)->Execute(R"sql(
        INSERT INTO suites VALUES ('default', 's1', 'helper', 'd1', 40, x'aa', x'bb', 100, 1, 0, 0,
                                   0, 'release');
        INSERT INTO suites VALUES ('default', 'begun', 'helper', 'd1', 40, x'aa', x'bb', 100, 0, 0,
                                   0, 0, 'release');
        INSERT INTO listed_suites VALUES ('default', 's1', 1, 'helper', 'd1', 's1', 1, '[]');
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 40)
        INSERT INTO suite_cases (project, suite_id, case_id, input, ideal_output,
                                 expected_tool_calls, cohort)
          SELECT 'default', 's1', 'c' || n, 'i', 'o', '', '' FROM numbers;
        INSERT INTO bars VALUES ('default', x'cc', '{}');
        INSERT INTO verdicts VALUES ('default', 'v1', 1, 's1', 'helper', 0, 0, x'cc', x'cd', 'm1',
                                     'm1', '', '', 1, x'ce', 300, 0, 'release');
        INSERT INTO findings VALUES ('default', 'v1', 0, 1, '', 'fine', 40, 40, 1, 0.9, 1, 0.9, 1,
                                     0, '', 0, 0, 0);
        INSERT INTO baseline_approvals VALUES ('default', 'a1', 1, 'helper', 'm1', 'm1', 'it',
                                               '{}', x'dd', 200, 'owner');
        INSERT INTO baseline_approvals VALUES ('shop', 'a1', 1, 'helper', 'm1', 'm1', 'it', '{}',
                                               x'dd', 200, 'owner');)sql"));
    ASSERT_OK(sql::Migrate(**store, StorePath(), Migrations()));
    // As far as a start came that was killed.
    ASSERT_OK((*store)->Execute("BEGIN"));
    ASSERT_OK(ReleaseLogStore(**store).FillIn(clock_.Now(), 2));
    ASSERT_OK((*store)->Execute("COMMIT"));
  }
  clock_.Advance(absl::Hours(1));
  Start();
  const v1::ReleaseLogState state = Verify();
  EXPECT_TRUE(state.whole()) << state.DebugString();
  EXPECT_EQ(state.entries_of_before(), 3);
  EXPECT_EQ(state.vouches_from().seconds(), 1'700'000'000);
  const std::vector<v1::ReleaseLogEntry> entries = Entries();
  ASSERT_EQ(entries.size(), 3u) << "what was not sealed is no suite";
  EXPECT_EQ(entries[0].resource_id(), "s1");
  EXPECT_EQ(entries[1].resource_id(), "a1");
  EXPECT_EQ(entries[2].resource_id(), "v1") << "in the order of their making";
  EXPECT_EQ(entries[2].created_by(), "release");
  EXPECT_EQ(entries[1].create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(entries[2].create_time().seconds(), 1'700'003'600);
  // What comes now follows them.
  ASSERT_OK(Approve("m2"));
  EXPECT_EQ(Verify().whole_entries(), 4);
  EXPECT_EQ(Verify().entries_of_before(), 3);
  // What somebody puts in by hand is not taken for one of before.
  Tamper(R"sql(
      INSERT INTO baseline_approvals VALUES ('default', 'a2', 9, 'helper', 'm9', 'm9', 'it', '{}',
                                             x'dd', 200, 'owner');)sql");
  Restart();
  v1::ReleaseLogBreak broken = Verify().first_break();
  EXPECT_EQ(broken.kind(), v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY);
  EXPECT_EQ(broken.resource_id(), "a2");
  // Not even where its entry says so.
  Tamper(R"sql(
      INSERT INTO release_log
        VALUES ('default', 5, 2, 'helper', 'a2', 1, x'', x'', x'', 0, '');)sql");
  Restart();
  broken = Verify().first_break();
  EXPECT_EQ(broken.kind(), v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED);
  EXPECT_EQ(broken.sequence(), 5);
  EXPECT_THAT(broken.message(), HasSubstr("has no hash"));
  // Nor with a hash, as an entry that a migration left would get one.
  Tamper(kAsMigrated);
  Restart();
  broken = Verify().first_break();
  EXPECT_EQ(broken.kind(), v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISPLACED);
  EXPECT_EQ(broken.sequence(), 5);
}

}  // namespace
}  // namespace flywheel::evalgate
