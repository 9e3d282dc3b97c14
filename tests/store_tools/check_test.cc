#include "store_tools/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/store_tools/stores_fixture.h"

namespace flywheel::store_tools {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckTest : public StoresTest {
 protected:
  // Every finding of every store.
  std::vector<std::string> Findings() {
    const auto checks = CheckStores(data(), nullptr);
    EXPECT_OK(checks);
    std::vector<std::string> findings;
    for (const StoreCheck& check : *checks) {
      findings.insert(findings.end(), check.findings.begin(), check.findings.end());
    }
    return findings;
  }
  // Of every store, in their order.
  std::vector<StoreState> States() {
    const auto checks = CheckStores(data(), nullptr);
    EXPECT_OK(checks);
    std::vector<StoreState> states;
    for (const StoreCheck& check : *checks) states.push_back(check.state);
    return states;
  }
  std::string ingest_path() const { return data() + "/ingest/ingest.db"; }
};

TEST_F(CheckTest, SaysWhatHealthyStoresHoldWhileTheyAreInUse) {
  Log("a");
  Log("b");
  ReadUpTo(2);
  const auto checks = CheckStores(data(), nullptr);
  ASSERT_OK(checks);
  ASSERT_EQ(checks->size(), 4u);
  EXPECT_EQ((*checks)[0].service, "experiment");
  EXPECT_EQ((*checks)[1].service, "eval-gate");
  EXPECT_EQ((*checks)[2].summary, "has read ingest's feed up to 2");
  EXPECT_EQ((*checks)[3].summary, "2 interactions, 0 signals, the feed is at 2");
  for (const StoreCheck& check : *checks)
    EXPECT_EQ(check.state, StoreState::kWhole) << check.service;
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(CheckTest, NamesEveryStoreThatIsMissingWhereAllFourBelong) {
  std::filesystem::remove_all(data() + "/experiment");
  std::filesystem::remove(data() + "/curation/curation.db");
  EXPECT_THAT(States(), ElementsAre(StoreState::kMissing, StoreState::kWhole, StoreState::kMissing,
                                    StoreState::kWhole))
      << "in the order of the services";
}

TEST_F(CheckTest, MissesAllWhereOnlyFoldersAndKeysAreLeft) {
  Close();
  for (const char* service : {"experiment", "eval-gate", "curation", "ingest"}) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(data() + "/" + service + "/" + service + ".db" + suffix);
    }
  }
  EXPECT_THAT(States(), ElementsAre(StoreState::kMissing, StoreState::kMissing,
                                    StoreState::kMissing, StoreState::kMissing));
  // And of a service that is started alone, which left its key.
  const auto alone = CheckStores(data() + "/ingest", nullptr);
  ASSERT_OK(alone);
  ASSERT_EQ(alone->size(), 1u);
  EXPECT_EQ(alone->front().state, StoreState::kMissing);
  EXPECT_EQ(alone->front().path, data() + "/ingest/ingest.db");
  EXPECT_THAT(CheckStores(data() + "/curation", nullptr), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(CheckTest, SaysWhyAStoreCannotBeRead) {
  std::filesystem::remove(data() + "/eval-gate/eval-gate.db");
  std::filesystem::create_symlink("eval-gate.db", data() + "/eval-gate/eval-gate.db");
  std::filesystem::remove_all(data() + "/experiment");
  std::ofstream(data() + "/experiment") << "a file";
  EXPECT_THAT(States(), ElementsAre(StoreState::kUnknown, StoreState::kUnknown, StoreState::kWhole,
                                    StoreState::kWhole));
  EXPECT_THAT(Findings(), ElementsAre("cannot be read (Not a directory)",
                                      "cannot be read (Too many levels of symbolic links)"));
}

TEST_F(CheckTest, SaysThatPermissionsForbidToReadAStore) {
  if (geteuid() == 0) GTEST_SKIP() << "permissions do not bind root";
  std::filesystem::permissions(data() + "/eval-gate/eval-gate.db", std::filesystem::perms::none);
  EXPECT_THAT(Findings(), ElementsAre("cannot be read (Permission denied)"));
  std::filesystem::permissions(data() + "/eval-gate", std::filesystem::perms::none);
  EXPECT_THAT(Findings(), ElementsAre("cannot be read (Permission denied)"));
  std::filesystem::permissions(data() + "/eval-gate", std::filesystem::perms::owner_all);
}

TEST_F(CheckTest, TellsNewerOlderAndEmptyStoresFromDamagedOnes) {
  Close();
  const std::string eval_gate = data() + "/eval-gate/eval-gate.db";
  Change(data() + "/curation/curation.db", "INSERT INTO schema_migrations VALUES (999, 'later')");
  Change(eval_gate, "INSERT INTO schema_migrations VALUES (999, 'later')");
  Change(data() + "/experiment/experiment.db", "DELETE FROM schema_migrations WHERE version > 1");
  std::ofstream(ingest_path(), std::ios::trunc).close();
  EXPECT_THAT(States(), ElementsAre(StoreState::kTooOld, StoreState::kTooNew, StoreState::kTooNew,
                                    StoreState::kEmpty));
  EXPECT_THAT(Findings(),
              ElementsAre(HasSubstr("schema version 1, want"), HasSubstr("newer program"),
                          HasSubstr("newer program"), HasSubstr("file is empty")));
}

TEST_F(CheckTest, MissesNothingInTheDirectoryOfAServiceThatIsStartedAlone) {
  const auto checks = CheckStores(data() + "/experiment", nullptr);
  ASSERT_OK(checks);
  ASSERT_EQ(checks->size(), 1u);
  EXPECT_EQ(checks->front().state, StoreState::kWhole);
  EXPECT_EQ(checks->front().service, "experiment");
}

TEST_F(CheckTest, FindsTotalsThatDisagreeWithTheRows) {
  Log("a");
  Close();
  Change(ingest_path(), "UPDATE project_totals SET tool_calls = 3");
  EXPECT_THAT(Findings(), ElementsAre("project shop: 3 tool calls in the totals, 2 in the rows"));
  Change(ingest_path(), "DELETE FROM interaction_attributes; DELETE FROM interactions");
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr("the totals name 1 projects")));
}

TEST_F(CheckTest, FindsAFeedThatEndsBeforeItsRecords) {
  Log("a");
  Log("b");
  Close();
  Change(ingest_path(), "UPDATE feed_head SET last_sequence = 1");
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr("before the newest record, 2")));
}

TEST_F(CheckTest, FindsAReaderThatKnowsMoreThanIngest) {
  Log("a");
  ReadUpTo(9);
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr("curation has read up to 9")));
}

TEST_F(CheckTest, FindsMessagesOfCurationWhoseUsesDisagreeWithTheRows) {
  ReadUpTo(0);
  EXPECT_OK(curation_->Write([](sql::Connection& connection) {
    curation::Interaction interaction;
    interaction.interaction_id = "a";
    interaction.messages = {
        curation::TextMessage(curation::Role::kUser, std::string(500, 'q')),
        curation::TextMessage(curation::Role::kAssistant, std::string(500, 'a'))};
    return curation::RecordStore(connection).AddInteraction("shop", interaction, 1);
  }));
  Close();
  EXPECT_THAT(Findings(), IsEmpty());
  Change(data() + "/curation/curation.db", "UPDATE messages SET uses = 2 WHERE parent_id = 0");
  EXPECT_THAT(Findings(),
              ElementsAre("1 shared messages have a number of uses that the rows do not"));
}

TEST_F(CheckTest, LooksAtTheOthersWhereOneCannotBeRead) {
  Log("a");
  Close();
  std::ofstream(data() + "/curation/curation.db", std::ios::trunc) << std::string(9000, 'z');
  const auto checks = CheckStores(data(), nullptr);
  ASSERT_OK(checks);
  EXPECT_THAT((*checks)[2].findings, ElementsAre(HasSubstr("not a database")));
  EXPECT_THAT((*checks)[3].findings, IsEmpty());
}

}  // namespace
}  // namespace flywheel::store_tools
