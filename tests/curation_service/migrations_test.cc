#include "curation_service/store/migrations.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "curation_service/store/count_store.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/score_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::curation {
namespace {

// What the first version of the schema held.
constexpr char kFirstContent[] = R"sql(
    INSERT INTO interactions VALUES ('p', 'a', 1, 's', 'u', 'agent', 'm', 'i', 'o', '[]', '{}');
    INSERT INTO interactions VALUES ('p', 'b', 2, 's', 'u', 'agent', 'm', 'i', 'o', '[]', '{}');
    INSERT INTO interactions VALUES ('q', 'a', 3, '', 'u', 'agent', 'm', 'i', 'o', '[]', '{}');
    INSERT INTO scores VALUES ('p', 'a', 'agent', 1, 0.9, 0.9, 1, 0, 0, '', '');
    INSERT INTO signals VALUES ('p', 's1', 0, 8, 'a', '', 0, 1, 'u', 20, 0, '');
    INSERT INTO signals VALUES ('p', 's2', 0, 9, '', 's', 0, 1, 'u', 18, 0, '');
    INSERT INTO signals VALUES ('p', 's3', 0, 10, 'a', '', 0, 3, '', 23, -1, '');
    INSERT INTO dataset_versions VALUES ('p', 'v1', 1, 'aa', 'agent', 0.1, '', 0, 0, 2, 'bb',
                                         1, 0, 0, '[]', '[]', 1);
    INSERT INTO dataset_rows VALUES ('p', 'v1', 0, 'a', 's', 1, 'i', 'o', '[]', 1, 1, 4,'','','');
    INSERT INTO dataset_rows VALUES ('p', 'v1', 1, 'b', 'e', 2, 'j', 'o', '[]', 1, 1, 4,'','','');
    INSERT INTO dataset_rows VALUES ('p', 'v1', 2, 'c', 's', 2, 'k', 'o', '[]', 1, 1, 4,'','','');
    INSERT INTO dataset_rows VALUES ('p', 'v1', 3, 'd', '', 2, 'l', 'o', '[]', 1, 1, 4,'','','');
    INSERT INTO firewall_train_keys VALUES ('p', 'agent', 'session:s', 'v1');
)sql";

TEST(Migrations, BringTheFirstStoreToTheNewest) {
  const testing::TempDir data;
  const sql::DatabaseOptions options = {"sqlite:" + data.path() + "/curation.db"};
  {
    auto first = sql::Database::Open(options, Migrations().subspan(0, 1));
    ASSERT_OK(first);
    ASSERT_OK((*first)->Write(
        [](sql::Connection& connection) { return connection.Execute(kFirstContent); }));
  }
  auto database = sql::Database::Open(options, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Write([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const RecordCounts counts, CountStore(connection).Get("p"));
    EXPECT_EQ(counts.interactions, 2);
    EXPECT_EQ(counts.scored_by_tier, (std::map<Tier, int64_t>{{Tier::kPlatinum, 1}}));
    ASSIGN_OR_RETURN(const RecordCounts others, CountStore(connection).Get("q"));
    EXPECT_EQ(others.interactions, 1);
    ASSIGN_OR_RETURN(const FirewallKeys keys, FirewallStore(connection).Keys("p", Deadline()));
    // The eval side is remembered too, unless it was trained on.
    EXPECT_EQ(keys, (FirewallKeys{{"session:s", Split::kTrain}, {"session:e", Split::kEval}}));
    ASSIGN_OR_RETURN(const auto version, DatasetStore(connection).Find("p", "v1"));
    EXPECT_TRUE(version.has_value());  // Whatever the first version held was complete.
    ASSIGN_OR_RETURN(const auto assessment, ScoreStore(connection).Find("p", "a"));
    EXPECT_EQ(assessment->score.approval, Approval::kAccepted);
    // The newest reaction is the session's; what a program measured is none.
    EXPECT_EQ(ScoreStore(connection).CountUntrained("p", "agent", 8, 0.7)->scored, 1);
    EXPECT_EQ(ScoreStore(connection).CountUntrained("p", "agent", 9, 0.7)->scored, 0);
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace flywheel::curation
