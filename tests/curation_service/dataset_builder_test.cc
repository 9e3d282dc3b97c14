// Builds that end half-way, without a server.
#include "curation_service/dataset_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "curation_service/scorer.h"
#include "curation_service/store/dataset_store.h"
#include "curation_service/store/firewall_store.h"
#include "curation_service/store/migrations.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;

constexpr int kInteractions = 1'200;  // More than one write takes.

class DatasetBuilderTest : public ::testing::Test {
 protected:
  DatasetBuilderTest() { Open(); }

  void Open() {
    builder_.reset();
    database_.reset();
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/curation.db"}, Migrations());
    ASSERT_OK(database);
    database_ = *std::move(database);
    builder_ =
        std::make_unique<DatasetBuilder>(database_.get(), /*max_interactions=*/kInteractions);
    ASSERT_OK(builder_->RemoveUnfinished());
  }

  // Accepted interactions, every one with an input and a session of its own.
  void LogAccepted(int count) {
    FeedBatch batch;
    for (int i = 0; i < count; ++i) {
      const std::string id = "i" + std::to_string(++logged_);
      Interaction interaction;
      interaction.interaction_id = id;
      interaction.session_id = "s" + id;
      interaction.agent = "agent";
      interaction.input = "question " + id;
      interaction.output = "answer " + id;
      Signal signal;
      signal.signal_id = id;
      signal.interaction_id = id;
      signal.kind = SignalKind::kAccepted;
      batch.records.push_back({++batch.next_cursor, "default", interaction});
      batch.records.push_back({++batch.next_cursor, "default", signal});
    }
    ASSERT_OK(database_->Write(
        [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); }));
  }

  absl::StatusOr<DatasetVersion> Build(const std::string& id, const Deadline& deadline = {}) {
    DatasetVersion asked;
    asked.dataset_version_id = id;
    asked.options.agent = "agent";
    std::optional<StoredBuild> build;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
      BuildStore builds(connection);
      RETURN_IF_ERROR(builds.Add("default", "hash", asked).status());
      ASSIGN_OR_RETURN(build, builds.Find("default", id));
      return absl::OkStatus();
    }));
    progress_.clear();
    RETURN_IF_ERROR(builder_->Build(
        *build, deadline, [this](const BuildProgress& step) { progress_.push_back(step); }));
    return database_->Read(
        [&](sql::Connection& connection) { return DatasetStore(connection).Get("default", id); });
  }

  int64_t Count(const std::string& what) {
    int64_t count = -1;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) {
      sql::Statement select = connection.Prepare("SELECT COUNT(*) FROM " + what);
      if (select.Next()) count = select.Int64(0);
      return select.status();
    }));
    return count;
  }

  testing::TempDir data_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<DatasetBuilder> builder_;
  // What the last build said of itself.
  std::vector<BuildProgress> progress_;
  int logged_ = 0;
};

TEST_F(DatasetBuilderTest, StoresNothingOfABuildThatNobodyWantsAnyMore) {
  LogAccepted(kInteractions);
  int64_t failures = 0;
  for (int64_t steps = 0;; ++steps) {
    int64_t asked = 0;
    const Deadline deadline(absl::InfiniteFuture(), [&] {
      return asked++ < steps ? absl::OkStatus() : errors::DeadlineExceeded();
    });
    const auto built = Build("v1", deadline);
    if (built.ok()) {
      EXPECT_EQ(built->train_rows + built->eval_rows, kInteractions);
      break;
    }
    ++failures;
    ASSERT_EQ(built.status(), errors::DeadlineExceeded());
    ASSERT_EQ(Count("dataset_builds"), 1);
    ASSERT_EQ(Count("dataset_versions"), 0);
    ASSERT_EQ(Count("dataset_rows"), 0);
    ASSERT_EQ(Count("firewall_keys"), 0);
  }
  EXPECT_GE(failures, 8);  // Between its steps, and between the pieces that it writes.
  EXPECT_EQ(Count("dataset_builds"), 0);
  EXPECT_EQ(Count("dataset_rows"), kInteractions);
  EXPECT_EQ(Count("firewall_keys"), 2 * kInteractions);
  EXPECT_THAT(progress_,
              ::testing::ElementsAre(BuildProgress{.stage = BuildStage::kReading},
                                     BuildProgress{.stage = BuildStage::kCurating},
                                     BuildProgress{BuildStage::kWriting, kInteractions, 0},
                                     BuildProgress{BuildStage::kWriting, kInteractions, 500},
                                     BuildProgress{BuildStage::kWriting, kInteractions, 1'000}));
}

TEST_F(DatasetBuilderTest, MakesNoVersionOfABuildThatWasCancelledMeanwhile) {
  LogAccepted(kInteractions);
  // Committed while its last piece is written, and seen by nobody before the end.
  const auto cancel = [&]() -> absl::Status {
    if (Count("dataset_rows") < kInteractions) return absl::OkStatus();
    return database_->Write([](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto build, BuildStore(connection).Find("default", "v1"));
      return BuildStore(connection).SetCancelled("default", build->ordinal, "a mistake", "ci");
    });
  };
  const Deadline deadline(absl::InfiniteFuture(), [&] {
    absl::Status status;
    std::thread([&] { status = cancel(); }).join();
    return status;
  });
  EXPECT_THAT(Build("v1", deadline), HasReason(Reason::kCancelled));
  EXPECT_EQ(Count("dataset_versions"), 0);
  EXPECT_EQ(Count("dataset_rows"), 0);
  EXPECT_EQ(Count("firewall_keys"), 0);
  EXPECT_EQ(Count("dataset_builds WHERE state = 4 AND cancelled_by = 'ci'"), 1);
  ASSERT_OK(database_->Write([](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto build, BuildStore(connection).Find("default", "v1"));
    return BuildStore(connection)
        .SetFailed("default", build->ordinal, {Reason::kInternal, "too late"});
  }));
  EXPECT_EQ(Count("dataset_builds WHERE state = 4"), 1) << "it did not fail";
  EXPECT_OK(Build("v1"));
}

TEST_F(DatasetBuilderTest, RemovesAtTheNextStartWhatACrashLeft) {
  LogAccepted(10);
  ASSERT_OK(Build("whole"));
  DatasetVersion version;
  version.dataset_version_id = "half";
  version.options.agent = "agent";
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(DatasetStore(connection).Begin("default", "hash", 7, version));
    const std::vector<DatasetRow> rows(700);
    RETURN_IF_ERROR(DatasetStore(connection).AddRows("default", "half", 0, rows));
    const std::vector<std::pair<std::string, Split>> keys = {{"session:half", Split::kTrain}};
    return FirewallStore(connection).AddKeys("default", version, keys);
  }));
  ASSERT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, DatasetStore(connection).Find("default", "half"));
    EXPECT_FALSE(found.has_value());
    ASSIGN_OR_RETURN(const auto list, DatasetStore(connection).List("default", {}, 10));
    EXPECT_EQ(list.size(), 1u);
    return absl::OkStatus();
  }));
  Open();
  EXPECT_EQ(Count("dataset_versions"), 1);
  EXPECT_EQ(Count("dataset_rows"), 10);
  EXPECT_EQ(Count("firewall_keys"), 20);
  EXPECT_OK(Build("half"));
}

TEST_F(DatasetBuilderTest, BuildsAnewWithoutWhoWasErasedMeanwhile) {
  LogAccepted(kInteractions);
  bool erased = false;
  // The first piece of rows is written when somebody in the second one is erased.
  const auto erase_one = [&]() -> absl::Status {
    if (erased || Count("dataset_rows") == 0) return absl::OkStatus();
    erased = true;
    FeedBatch batch;
    batch.next_cursor = 10'000;
    batch.records.push_back({10'000, "default", Tombstone{"e1", {2 * 1'000 - 1}, true}});
    return database_->Write(
        [&](sql::Connection& connection) { return Scorer::Apply(connection, batch); });
  };
  // It is asked inside of reads too, so it needs a thread of its own to read and write.
  const Deadline deadline(absl::InfiniteFuture(), [&] {
    absl::Status status;
    std::thread([&] { status = erase_one(); }).join();
    return status;
  });
  const auto built = Build("v1", deadline);
  ASSERT_OK(built);
  ASSERT_TRUE(erased);
  EXPECT_EQ(built->candidate_rows, kInteractions - 1);
  EXPECT_EQ(built->feed_sequence, 10'000);
  EXPECT_EQ(Count("dataset_versions"), 1);
  EXPECT_EQ(Count("dataset_rows"), kInteractions - 1);
  EXPECT_EQ(Count("dataset_rows WHERE interaction_id = 'i1000'"), 0);
}

TEST_F(DatasetBuilderTest, RefusesMoreInteractionsThanFitIntoMemory) {
  LogAccepted(kInteractions + 1);
  const auto built = Build("v1");
  EXPECT_THAT(built, HasReason(Reason::kLimitExceeded));
  EXPECT_NE(errors::MessageOf(built.status()).find("--max-dataset-interactions"),
            std::string::npos);
}

}  // namespace
}  // namespace flywheel::curation
