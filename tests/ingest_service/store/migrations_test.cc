#include "ingest_service/store/migrations.h"

#include <gtest/gtest.h>

#include <string>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/store/feed_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::ingest {
namespace {

TEST(Migrations, AStoreOfTheFirstVersionIsCountedAndKeepsItsRows) {
  const testing::TempDir dir;
  const std::string url = "sqlite:" + dir.path() + "/ingest.db";
  {
    auto first = sql::Database::Open({url, 1 << 20}, Migrations().subspan(0, 1));
    ASSERT_OK(first);
    ASSERT_OK((*first)->Write([](sql::Connection& connection) -> absl::Status {
      return connection.Execute(R"sql(
          INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id,
                                    user_pseudonym, agent, model_version, start_time, commit_time,
                                    tool_calls, payload)
          VALUES (1, 'shop', 'a', x'00', '', '', 'support', '', 1, 1, 2, x''),
                 (2, 'shop', 'b', x'00', '', '', 'support', '', 1, 1, 3, x''),
                 (3, 'bank', 'a', x'00', '', '', 'support', '', 1, 1, 0, x'');
          INSERT INTO signals (sequence, project, signal_id, revision, content_hash, interaction_id,
                               session_id, event_time, commit_time, evaluation_name,
                               evaluation_score, payload)
          VALUES (4, 'shop', 's', 0, x'00', 'a', '', 1, 1, 'reward', 0.5, x'');
      )sql");
    }));
  }
  auto opened = sql::Database::Open({url, 1 << 20}, Migrations());
  ASSERT_OK(opened);
  ASSERT_OK((*opened)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const StoreStats shop, FeedStore(connection).ReadStats("shop", ""));
    EXPECT_EQ(shop.interactions, 2);
    EXPECT_EQ(shop.tool_calls, 5);
    EXPECT_EQ(shop.signals, 1);
    EXPECT_EQ(shop.last_sequence, 4);
    EXPECT_EQ(shop.evaluation_means.size(), 1u);
    return absl::OkStatus();
  }));
  ASSERT_OK((*opened)->Read([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const FeedPage page, FeedStore(connection).ReadPage("", 0, 10));
    EXPECT_EQ(page.entries.size(), 4u);
    EXPECT_TRUE(page.caught_up);
    return absl::OkStatus();
  }));
}

TEST(Migrations, SignalsOfBeforeGetTheirKindAndActor) {
  const testing::TempDir dir;
  const std::string url = "sqlite:" + dir.path() + "/ingest.db";
  v1::Signal thumb;
  thumb.mutable_thumbs();
  thumb.set_actor_id("u_0");
  const std::string payload = thumb.SerializeAsString();
  // Two of these are more than is read at a time.
  v1::Signal correction;
  correction.mutable_correction()->set_ideal_output(std::string(700 << 10, 'x'));
  correction.set_actor_id("u_0");
  const std::string large = correction.SerializeAsString();
  {
    auto before = sql::Database::Open({url, 1 << 20}, Migrations().subspan(0, 2));
    ASSERT_OK(before);
    ASSERT_OK((*before)->Write([&](sql::Connection& connection) -> absl::Status {
      for (int64_t sequence = 1; sequence <= 2'500; ++sequence) {
        RETURN_IF_ERROR(connection
                            .Prepare(R"sql(
            INSERT INTO signals (sequence, project, signal_id, revision, content_hash,
                                 interaction_id, session_id, event_time, commit_time,
                                 evaluation_name, evaluation_score, payload)
            VALUES (?, 'shop', ?, 0, x'00', 'a', '', 1, 1, '', 0, ?))sql")
                            .Bind(sequence, std::to_string(sequence),
                                  sql::Blob{sequence <= 5 ? large : payload})
                            .Run());
      }
      return absl::OkStatus();
    }));
  }
  auto opened = sql::Database::Open({url, 1 << 20}, Migrations());
  ASSERT_OK(opened);
  ASSERT_OK(FillSignalColumns(**opened, ParseSignalColumns));
  ASSERT_OK((*opened)->Read([](sql::Connection& connection) -> absl::Status {
    sql::Statement select = connection.Prepare(
        "SELECT COUNT(*) FROM signals "
        "WHERE kind = CASE WHEN sequence <= 5 THEN 12 ELSE 10 END AND actor_pseudonym = 'u_0'");
    EXPECT_TRUE(select.Next());
    EXPECT_EQ(select.Int64(0), 2'500);
    return select.status();
  }));
}

}  // namespace
}  // namespace flywheel::ingest
