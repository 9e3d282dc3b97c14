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
  ASSERT_EQ(checks->size(), 2u);
  EXPECT_EQ((*checks)[0].summary, "has read ingest's feed up to 2");
  EXPECT_EQ((*checks)[1].summary, "2 interactions, 0 signals, the feed is at 2");
  EXPECT_THAT(Findings(), IsEmpty());
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
  EXPECT_THAT((*checks)[0].findings, ElementsAre(HasSubstr("not a database")));
  EXPECT_THAT((*checks)[1].findings, IsEmpty());
}

}  // namespace
}  // namespace flywheel::store_tools
