#include "experiment_service/store/untold_promotion_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "experiment_service/store/migrations.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

class UntoldPromotions : public ::testing::Test {
 protected:
  std::unique_ptr<sql::Database> Open(absl::Span<const sql::Migration> migrations) {
    auto database = sql::Database::Open({"sqlite:" + directory_.path() + "/test.db"}, migrations);
    EXPECT_OK(database);
    return *std::move(database);
  }

  // A promotion in the store, at a second of its own.
  static absl::Status Promote(sql::Connection& connection, const std::string& project,
                              const std::string& id, int second) {
    ActiveVersion promotion;
    promotion.agent = "agent-of-" + id.substr(0, 1);
    promotion.model_version = "v-" + id;
    promotion.promotion_id = id;
    promotion.waiver = {"ada", "tested"};
    promotion.promote_time = absl::FromUnixSeconds(1'800'000'000 + second);
    return PromotionStore(connection).Promote({project, "hash", promotion});
  }

  // "PROJECT/ID" of all that wait, taken out one by one as a reporter does.
  static std::vector<std::string> TakeAll(sql::Database& database) {
    std::vector<std::string> all;
    EXPECT_OK(database.Write([&](sql::Connection& connection) -> absl::Status {
      UntoldPromotionStore store(connection);
      std::string project;
      while (true) {
        ASSIGN_OR_RETURN(const int64_t count, store.Count());
        if (count == 0) return absl::OkStatus();
        ASSIGN_OR_RETURN(const auto next, store.NextAfter(project));
        project = next ? next->project : "";
        if (!next) continue;
        all.push_back(project + "/" + next->active_version.promotion_id);
        RETURN_IF_ERROR(store.Remove(*next));
      }
    }));
    return all;
  }

  testing::TempDir directory_;
};

TEST_F(UntoldPromotions, OfEachProjectComeInTheOrderOfTheirPromotion) {
  const auto database = Open(Migrations());
  ASSERT_OK(database->Write([](sql::Connection& connection) -> absl::Status {
    for (const auto& [project, id] : std::vector<std::pair<std::string, std::string>>{
             {"shop", "z-1"}, {"bank", "b-1"}, {"shop", "a-2"}, {"shop", "m-3"}, {"bank", "a-2"}}) {
      RETURN_IF_ERROR(Promote(connection, project, id, 0));
      RETURN_IF_ERROR(UntoldPromotionStore(connection).Insert(project, id));
    }
    return absl::OkStatus();
  }));
  EXPECT_EQ(TakeAll(*database),
            (std::vector<std::string>{"bank/b-1", "shop/z-1", "bank/a-2", "shop/a-2", "shop/m-3"}));
}

TEST_F(UntoldPromotions, OfAStoreOfBeforeAreTheActiveOnes) {
  {
    const auto before = Open(Migrations().first(8));
    ASSERT_OK(before->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO promotions VALUES
            ('shop', 'b-late', 1, X'00', 'agent-3', 'v1', '', 'ada', 'why', 0, ''),
            ('shop', 'a-replaced', 2, X'00', 'agent-2', 'v1', '', 'ada', 'why', 0, ''),
            ('shop', 'a-active', 3, X'00', 'agent-2', 'v1', '', 'ada', 'why', 0, ''),
            ('bank', 'a-active', 1, X'00', 'agent-4', 'v1', '', 'ada', 'why', 0, '');
          INSERT INTO active_versions VALUES
            ('shop', 'agent-3', 'b-late'), ('shop', 'agent-2', 'a-active'),
            ('bank', 'agent-4', 'a-active');)sql");
    }));
  }
  EXPECT_EQ(TakeAll(*Open(Migrations())),
            (std::vector<std::string>{"bank/a-active", "shop/b-late", "shop/a-active"}));
}

}  // namespace
}  // namespace flywheel::experiment
