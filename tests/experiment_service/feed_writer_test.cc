// What of a session counts for which of its interactions, and what finding that costs.
#include "experiment_service/feed_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/migrations.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);
constexpr char kSession[] = "a long one";

// Counts every statement of every connection of this program that is opened from now on.
int64_t g_statements = 0;
int CountStatements(sqlite3* database, char** /*error*/, const sqlite3_api_routines* /*api*/) {
  const auto count = [](unsigned /*event*/, void* /*context*/, void* /*one*/, void* /*other*/) {
    ++g_statements;
    return 0;
  };
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, count, nullptr);
}

// A writer over a store of its own, with one experiment that takes escalations from the feed.
class FeedWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path = directory_.path() + "/test.db";
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(CountStatements));
    auto opened = sql::Connection::Open(path, sql::Access::kWrite);
    ASSERT_OK(opened);
    connection_ = *std::move(opened);
    ASSERT_OK(sql::Migrate(*connection_, path, Migrations()));
    auto units = UnitHasher::FromFile(directory_.path() + "/unit.key");
    ASSERT_OK(units);
    units_ = std::make_unique<UnitHasher>(*std::move(units));
    StoredExperiment stored{1, "p", "hash", {}};
    stored.experiment.experiment_id = "exp";
    stored.experiment.arms = {{"a", "v1", 1, true}, {"b", "v2", 1, false}};
    stored.experiment.create_time = kStart;
    Metric& metric = stored.experiment.plan.metrics.front();
    metric.name = "escalated";
    metric.source =
        OutcomeSource{.signals = int64_t{1} << static_cast<int>(SignalKind::kEscalation),
                      .every_interaction = true};
    ASSERT_OK(ExperimentStore(*connection_).Insert("p", stored.experiment, "hash"));
    live_ = std::make_shared<LiveExperiment>(stored);
    serving_.PutExperiment(live_);
  }

  void TearDown() override {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(CountStatements));
  }

  FeedRecord Answer(const std::string& id, absl::Duration at) {
    ServedInteraction served;
    served.interaction_id = id;
    served.session_id = kSession;
    served.answer_time = kStart + at;
    served.assignment_token =
        AssignmentTokens(units_.get())
            .Seal("p", {live_->token_key, units_->Hash("p", "ada"), 0, kStart});
    return {++sequence_, "p", served};
  }
  FeedRecord Escalation(const std::string& id, absl::Duration at) {
    FeedSignal signal;
    signal.signal_id = id;
    signal.session_id = kSession;
    signal.event_time = kStart + at;
    signal.kind = FeedSignalKind::kEscalation;
    return {++sequence_, "p", signal};
  }

  // In one write; returns how many statements it took.
  int64_t Apply(const std::vector<FeedRecord>& records) {
    const int64_t before = g_statements;
    sql::Transaction transaction(*connection_);
    EXPECT_OK(transaction.Begin());
    FeedWriter writer(*connection_, serving_, *units_, kStart, absl::InfinitePast());
    for (const FeedRecord& record : records) EXPECT_OK(writer.Apply(record));
    EXPECT_OK(writer.Finish());
    EXPECT_OK(transaction.Commit());
    return g_statements - before;
  }

  // That each signal counts for the one that it is about, and that those it counts for have it.
  void ExpectDirected() {
    const std::string session_hash = units_->Hash("p", kSession);
    auto signals = FeedSignalStore(*connection_).OfSession("p", session_hash, 1'000);
    ASSERT_OK(signals);
    std::set<std::string> escalated;
    for (const FedSignal& signal : *signals) {
      auto last =
          FeedStore(*connection_).LastOfSession("p", session_hash, signal.signal.event_time);
      ASSERT_OK(last);
      const std::string want = *last ? (*last)->interaction_id : "";
      EXPECT_EQ(signal.signal.interaction_id, want) << signal.signal.signal_id;
      EXPECT_EQ(signal.experiment, *last ? 1 : 0);
      if (*last) escalated.insert(want);
    }
    auto select = connection_->Prepare("SELECT SUM(value) FROM outcomes");
    ASSERT_TRUE(select.Next());
    EXPECT_EQ(select.Double(0), static_cast<double>(escalated.size()));
  }

  testing::TempDir directory_;
  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<UnitHasher> units_;
  ServingCache serving_;
  LiveExperimentPtr live_;
  int64_t sequence_ = 0;
};

TEST_F(FeedWriterTest, ASessionsSignalsCountForTheLastBeforeThemInWhateverOrderAllCome) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 120; ++i) {
    // Often at one moment, and more signals than interactions.
    const absl::Duration at = absl::Minutes(static_cast<int64_t>(random() % 40));
    if (random() % 8 == 0 && sequence_ > 10) {
      FeedTombstone tombstone{"e-" + std::to_string(i), {}, true};
      for (int erased = 0; erased < 4; ++erased) {
        tombstone.sequences.push_back(1 + static_cast<int64_t>(random() % 120));
      }
      Apply({{++sequence_, "p", tombstone}});
    } else if (random() % 3 == 0) {
      Apply({Answer("i-" + std::to_string(i), at)});
    } else {
      Apply({Escalation("s-" + std::to_string(i), at)});
    }
    ASSERT_NO_FATAL_FAILURE(ExpectDirected()) << "after step " << i;
    if (HasFailure()) FAIL() << "after step " << i;
  }
}

TEST_F(FeedWriterTest, AnInteractionCostsTheSameHoweverLongItsSessionIs) {
  constexpr int kPerRound = 100;
  std::vector<int64_t> costs;
  for (int round = 0; round < 4; ++round) {
    std::vector<FeedRecord> answers;
    for (int i = round * kPerRound; i < (round + 1) * kPerRound; ++i) {
      Apply({Escalation(fmt::format("s-{}", i), absl::Seconds(2 * i + 1))});
      answers.push_back(Answer(fmt::format("i-{}", i), absl::Seconds(2 * i)));
    }
    costs.push_back(Apply(answers));
  }
  ExpectDirected();
  EXPECT_LT(costs.back(), costs.front() + kPerRound) << "more statements for later ones";
  EXPECT_LT(costs.back(), 40 * kPerRound);
}

TEST_F(FeedWriterTest, TheErasureOfASessionCostsWhatItsRecordsCost) {
  constexpr int kTurns = 300;
  std::vector<FeedRecord> records;
  FeedTombstone tombstone{"e", {}, true};
  for (int i = 0; i < kTurns; ++i) {
    records.push_back(Answer(fmt::format("i-{}", i), absl::Seconds(2 * i)));
    records.push_back(Escalation(fmt::format("s-{}", i), absl::Seconds(2 * i + 1)));
  }
  // The signals stay, which is what costs most.
  for (int i = 0; i < kTurns - 1; ++i) tombstone.sequences.push_back(2 * i + 1);
  Apply(records);
  EXPECT_LT(Apply({{++sequence_, "p", tombstone}}), 40 * kTurns);
  ExpectDirected();
}

}  // namespace
}  // namespace flywheel::experiment
