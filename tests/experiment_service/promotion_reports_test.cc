// The gate learns which version serves, whatever happens to either side meanwhile.
#include <optional>

#include "cli/free_port.h"
#include "experiment_service/store/migrations.h"
#include "experiment_service/store/untold_promotion_store.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"
#include "tests/experiment_service/service_fixture.h"
#include "tests/integration/http_client.h"

namespace flywheel::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of stores that knew no reports.
constexpr size_t kVersionBeforeReports = 8;

class PromotionReports : public ServiceFixture {
 protected:
  void Promote(const std::string& promotion_id, const std::string& version) {
    ASSERT_OK(Call(&Stub::PromoteVersion, Waived(promotion_id, version)));
  }
  // Whether the store comes to have nothing that is to be told.
  bool KnowsThatAllIsTold() {
    auto store = sql::Connection::Open(directory_->path() + "/experiment.db", sql::Access::kRead);
    EXPECT_OK(store);
    return PollUntil([&] { return UntoldPromotionStore(**store).Count().value() == 0; },
                     absl::Seconds(10));
  }
  // Not by a restart either.
  void ExpectNothingMoreIsTold() {
    // A service that ends between the gate's answer and its own commit would tell it once more.
    EXPECT_TRUE(KnowsThatAllIsTold());
    const size_t calls = gate_.policies().calls();
    Restart();
    project_ = "marker";
    Promote("p-marker", "v9");
    EXPECT_EQ(gate_.policies().TakenAfterCalls(calls + 1).back(), "marker/p-marker/helper/v9");
    EXPECT_EQ(gate_.policies().calls(), calls + 1);
  }
  void ExposeMetrics() {
    metrics_port_ = cli::FindFreePorts(1)->at(0);
    metrics_listen_ = "127.0.0.1:" + std::to_string(metrics_port_);
    Restart();
  }
  // Whether /metrics comes to have a line that begins so.
  bool Shows(const std::string& begin) {
    return PollUntil(
        [&] {
          const std::string text = integration::HttpGet(metrics_port_, "/metrics");
          return text.find("\n" + begin) != std::string::npos;
        },
        absl::Seconds(10));
  }

  int metrics_port_ = 0;
};

TEST_F(PromotionReports, TellTheGateOfEveryPromotionOnce) {
  Promote("p-1", "v1");
  EXPECT_THAT(gate_.policies().Taken(1), ElementsAre("default/p-1/helper/v1"));
  EXPECT_EQ(gate_.policies().last_approval().reason(),
            "promoted with a waiver of ada: the first one");
  ASSERT_OK(Create(Comparison("exp")));
  Serve(0, 1'000, [](const std::string& arm, int unit) {
    return unit % 10 < (arm == "treatment" ? 7 : 4) ? 1.0 : 0.0;
  });
  v1::PromoteVersionRequest by_evidence = Promotion("p-2", "v2");
  by_evidence.set_experiment_id("exp");
  ASSERT_OK(Call(&Stub::PromoteVersion, by_evidence));
  EXPECT_THAT(gate_.policies().Taken(2),
              ElementsAre("default/p-1/helper/v1", "default/p-2/helper/v2"));
  EXPECT_EQ(gate_.policies().last_approval().reason(), "promoted by experiment 'exp'");
  ASSERT_OK(Call(&Stub::PromoteVersion, by_evidence)) << "a replay";
  ExpectNothingMoreIsTold();
}

TEST_F(PromotionReports, WaitInTheirOrderForAGateThatIsDown) {
  gate_.Stop();
  Promote("p-3", "v1");
  Promote("p-1", "v2");
  Promote("p-2", "v3");
  gate_.Start();
  EXPECT_THAT(
      gate_.policies().Taken(3),
      ElementsAre("default/p-3/helper/v1", "default/p-1/helper/v2", "default/p-2/helper/v3"));
}

TEST_F(PromotionReports, OutliveARestart) {
  gate_.Stop();
  Promote("p-1", "v1");
  Promote("p-2", "v2");
  server_->Stop(absl::Seconds(5));
  server_.reset();
  gate_.Start();
  EXPECT_THAT(gate_.policies().Taken(0), IsEmpty());
  StartServer();
  EXPECT_THAT(gate_.policies().Taken(2),
              ElementsAre("default/p-1/helper/v1", "default/p-2/helper/v2"));
  ExpectNothingMoreIsTold();
}

TEST_F(PromotionReports, OfAStoreOfBeforeTellWhatServes) {
  server_.reset();
  directory_ = std::make_unique<testing::TempDir>();
  {
    auto before = sql::Database::Open({"sqlite:" + directory_->path() + "/experiment.db"},
                                      Migrations().first(kVersionBeforeReports));
    ASSERT_OK(before);
    ASSERT_OK((*before)->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO promotions VALUES
            ('shop', 'p-1', 1, X'00', 'helper', 'v1', '', 'ada', 'the first one', 0, ''),
            ('shop', 'p-2', 2, X'00', 'helper', 'v2', '', 'ada', 'the first one', 0, '');
          INSERT INTO active_versions VALUES ('shop', 'helper', 'p-2');)sql");
    }));
  }
  StartServer();
  EXPECT_THAT(gate_.policies().Taken(1), ElementsAre("shop/p-2/helper/v2"));
  ExpectNothingMoreIsTold();
}

TEST_F(PromotionReports, OfARefusedKeyAreSentUntilItIsTaken) {
  for (const auto code : {grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::PERMISSION_DENIED,
                          grpc::StatusCode::UNIMPLEMENTED, grpc::StatusCode::CANCELLED}) {
    const std::string id = "p-" + std::to_string(code);
    gate_.policies().Refuse("default", code);
    const size_t calls = gate_.policies().calls();
    const size_t taken = gate_.policies().Taken(0).size();
    Promote(id, "v1");
    EXPECT_EQ(gate_.policies().TakenAfterCalls(calls + 3).size(), taken);
    gate_.policies().Refuse("default", grpc::StatusCode::OK);
    EXPECT_EQ(gate_.policies().Taken(taken + 1).back(), "default/" + id + "/helper/v1");
  }
}

TEST_F(PromotionReports, AreNotOvertakenInTheirProject) {
  gate_.policies().Refuse("p-1", grpc::StatusCode::INTERNAL);
  Promote("p-1", "v1");
  Promote("p-2", "v2");
  EXPECT_THAT(gate_.policies().TakenAfterCalls(3), IsEmpty()) << "p-2 waits behind p-1";
  gate_.policies().Refuse("p-1", grpc::StatusCode::OK);
  EXPECT_THAT(gate_.policies().Taken(2),
              ElementsAre("default/p-1/helper/v1", "default/p-2/helper/v2"));
}

TEST_F(PromotionReports, DoNotWaitForAnotherProjects) {
  gate_.policies().Refuse("a-first", grpc::StatusCode::PERMISSION_DENIED);
  project_ = "a-first";
  Promote("p-1", "v1");
  EXPECT_THAT(gate_.policies().TakenAfterCalls(4), IsEmpty());
  project_ = "b-second";
  const size_t calls = gate_.policies().calls();
  Promote("p-1", "v1");
  EXPECT_THAT(gate_.policies().Taken(1), ElementsAre("b-second/p-1/helper/v1"));
  EXPECT_LE(gate_.policies().calls(), calls + 2) << "it waited for the pauses of a-first";
  Promote("p-2", "v2");
  EXPECT_THAT(gate_.policies().Taken(2),
              ElementsAre("b-second/p-1/helper/v1", "b-second/p-2/helper/v2"));
  gate_.policies().Refuse("a-first", grpc::StatusCode::OK);
  EXPECT_EQ(gate_.policies().Taken(3).back(), "a-first/p-1/helper/v1");
}

TEST_F(PromotionReports, GoOnWhereSomebodyElseHasUsedTheId) {
  ExposeMetrics();
  evalgate::v1::BaselineApproval other;
  other.set_approval_id("p-1");
  other.set_agent("another");
  gate_.policies().Keep("default", other);
  Promote("p-1", "v1");
  Promote("p-2", "v2");
  EXPECT_THAT(gate_.policies().Taken(1), ElementsAre("default/p-2/helper/v2"));
  EXPECT_TRUE(Shows(R"(flywheel_items_total{method="ReportPromotions",outcome="conflict"} 1)"));
  EXPECT_TRUE(Shows(R"(flywheel_items_total{method="ReportPromotions",outcome="told"} 1)"));
  ExpectNothingMoreIsTold();
}

TEST_F(PromotionReports, ThatWaitAreShown) {
  ExposeMetrics();
  EXPECT_TRUE(Shows("flywheel_untold_promotions 0\n"));
  gate_.policies().Refuse("default", grpc::StatusCode::UNAVAILABLE);
  Promote("p-1", "v1");
  Promote("p-2", "v2");
  EXPECT_TRUE(Shows("flywheel_untold_promotions 2\n"));
  EXPECT_TRUE(Shows(R"(flywheel_background_failures_total{loop="promotion_reports"})"));
  gate_.policies().Refuse("default", grpc::StatusCode::OK);
  EXPECT_TRUE(Shows("flywheel_untold_promotions 0\n"));
}

TEST_F(PromotionReports, DoNotHoldUpAStop) {
  gate_.policies().HoldAnswers(true);
  Promote("p-1", "v1");
  gate_.policies().TakenAfterCalls(1);
  const absl::Time begin = absl::Now();
  server_->Stop(absl::Seconds(20));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
  server_.reset();
  gate_.policies().HoldAnswers(false);
  StartServer();
  EXPECT_THAT(gate_.policies().Taken(1), ElementsAre("default/p-1/helper/v1"));
}

}  // namespace
}  // namespace flywheel::experiment
