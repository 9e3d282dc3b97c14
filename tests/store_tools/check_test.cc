#include "store_tools/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store_tools/stores_fixture.h"

namespace flywheel::store_tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckTest : public StoresTest {
 protected:
  CheckTest() { MakeOthers(); }

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
  for (const StoreCheck& check : *checks) EXPECT_FALSE(check.missing) << check.service;
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(CheckTest, NamesEveryStoreThatIsMissingWhereAllFourBelong) {
  std::filesystem::remove_all(data() + "/experiment");
  std::filesystem::remove(data() + "/eval-gate/eval-gate.db");
  const auto checks = CheckStores(data(), nullptr);
  ASSERT_OK(checks);
  std::vector<std::string> missing;
  for (const StoreCheck& check : *checks) {
    if (check.missing) missing.push_back(check.path);
  }
  EXPECT_THAT(missing, ElementsAre(data() + "/experiment/experiment.db",
                                   data() + "/eval-gate/eval-gate.db"));
  EXPECT_EQ(checks->size(), 4u);
}

TEST_F(CheckTest, MissesNothingInTheDirectoryOfAServiceThatIsStartedAlone) {
  const auto checks = CheckStores(data() + "/experiment", nullptr);
  ASSERT_OK(checks);
  ASSERT_EQ(checks->size(), 1u);
  EXPECT_FALSE(checks->front().missing);
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
