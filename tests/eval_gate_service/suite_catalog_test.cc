// Suites that end half-way, without a server.
#include "eval_gate_service/suite_catalog.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "eval_gate_service/case_eraser.h"
#include "eval_gate_service/store/migrations.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/eval_gate_service/fake_curation.h"

namespace flywheel::evalgate {
namespace {

using ::flywheel::testing::HasReason;

constexpr int kSuiteCases = 1'203;  // More than one write takes.

class SuiteCatalogTest : public ::testing::Test {
 protected:
  SuiteCatalogTest() {
    FakeCuration::Rows rows;
    for (int i = 0; i < kSuiteCases; ++i)
      rows.push_back(MakeRow("case-" + std::to_string(i), "app"));
    fake_.Put("default", "d1", rows);
    auto channel = rpc::Channel::Open({fake_.address(), "", ""});
    EXPECT_OK(channel);
    curation_ = std::make_unique<CurationClient>(*std::move(channel));
    Open();
  }

  void Open() {
    catalog_.reset();
    database_.reset();
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/gate.db"}, Migrations());
    ASSERT_OK(database);
    database_ = *std::move(database);
    writer_ = std::make_unique<SuiteWriter>(database_.get(), &clock_);
    catalog_ =
        std::make_unique<SuiteCatalog>(database_.get(), curation_.get(), &clock_, writer_.get());
    ASSERT_OK(writer_->RemoveUnfinished());
  }

  static SuiteRequest Request() { return {"s1", "d1", {}, "s1", {}}; }

  absl::StatusOr<Created<Suite>> Create(const Deadline& deadline = {}) {
    return catalog_->Create({"default"}, Request(), deadline);
  }

  int64_t Count(const std::string& table) {
    int64_t count = -1;
    EXPECT_OK(database_->Read([&](sql::Connection& connection) -> absl::Status {
      sql::Statement select = connection.Prepare("SELECT COUNT(*) FROM " + table);
      if (select.Next()) count = select.Int64(0);
      return select.status();
    }));
    return count;
  }

  void ExpectNothingStored() {
    for (const char* table : {"suites", "suite_cases", "listed_suites"}) {
      EXPECT_EQ(Count(table), 0) << table;
    }
  }

  testing::TempDir data_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeCuration fake_;
  std::unique_ptr<CurationClient> curation_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<SuiteWriter> writer_;
  std::unique_ptr<SuiteCatalog> catalog_;
};

TEST_F(SuiteCatalogTest, StoresNothingOfASuiteThatNobodyWantsAnyMore) {
  // However far it has come: the question is asked in every step.
  int steps = 0;
  for (int allowed = 0;; ++allowed) {
    int asked = 0;
    const auto created = Create(Deadline(absl::InfiniteFuture(), [&]() -> absl::Status {
      return asked++ < allowed ? absl::OkStatus() : errors::Cancelled();
    }));
    if (created.ok()) break;
    ++steps;
    EXPECT_THAT(created.status(), HasReason(Reason::kCancelled));
    ExpectNothingStored();
  }
  EXPECT_GE(steps, 6);  // Three messages of rows, and three writes of cases.
  EXPECT_EQ(Count("suite_cases"), kSuiteCases);
  const auto again = Create();
  ASSERT_OK(again);
  EXPECT_TRUE(again->replayed);
}

TEST_F(SuiteCatalogTest, AsksCurationNoLongerThanTheCallerWaits) {
  const int64_t calls_before = fake_.calls();
  const auto late = Create(Deadline(absl::Now() - absl::Seconds(1)));
  EXPECT_THAT(late.status(), HasReason(Reason::kDeadlineExceeded));
  EXPECT_EQ(fake_.calls(), calls_before) << "no call leaves that has no time";
}

TEST_F(SuiteCatalogTest, RemovesAtTheNextStartWhatACrashLeft) {
  StoredSuite begun;
  begun.suite.suite_id = "s1";
  begun.request_hash = "of a call that never ended";
  std::vector<SuiteCase> cases;
  for (int i = 0; i < kSuiteCases; ++i) cases.push_back({std::to_string(i), "i", "o", {}, "app"});
  for (const char* project : {"default", "shop"}) {
    ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(SuiteStore(connection).Begin(project, begun));
      return SuiteStore(connection).AddCases(project, "s1", cases);
    }));
  }
  EXPECT_THAT(catalog_->Get("default", "s1").status(), HasReason(Reason::kNotFound));
  Open();
  ExpectNothingStored();

  // A suite that another call begins takes away what failed without being taken back.
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(SuiteStore(connection).Begin("default", begun));
    return SuiteStore(connection).AddCases("default", "s1", cases);
  }));
  const auto created = Create();
  ASSERT_OK(created);
  EXPECT_FALSE(created->replayed);
  EXPECT_EQ(Count("suite_cases"), kSuiteCases);
}

TEST_F(SuiteCatalogTest, WhatIsLeftOfASuiteHoldsUpNoErasure) {
  // As a full disk leaves them, which lets nobody remove them.
  const auto begin = [&](const std::string& project) {
    StoredSuite begun;
    begun.suite.suite_id = "begun";
    begun.suite.dataset_version_id = "d1";
    SuiteCase one;
    one.case_id = "case-0";
    ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(SuiteStore(connection).Begin(project, begun));
      return SuiteStore(connection).AddCases(project, "begun", {&one, 1});
    }));
  };
  begin("default");
  begin("shop");
  auto channel = rpc::Channel::Open({fake_.address(), "", ""});
  ASSERT_OK(channel);
  ErasureClient client(*std::move(channel));
  rpc::Metrics metrics;
  OutcomeCache cache;
  CaseEraser eraser(database_.get(), &client, &cache, &metrics);
  eraser.Start();
  fake_.Erase("default", "e1", {"case-0"});
  ASSERT_EQ(fake_.AwaitReports(1).size(), 1u);
  EXPECT_EQ(Count("suites WHERE project = 'default'"), 0);
  EXPECT_EQ(Count("suite_cases WHERE project = 'default'"), 0);
  EXPECT_EQ(Count("suite_cases WHERE project = 'shop'"), 1) << "nobody of it was erased";
  // One that is begun now holds nobody who was erased.
  ASSERT_OK(Create());
  EXPECT_EQ(Count("suite_cases WHERE case_id = 'case-0' AND project = 'default'"), 0);
}

TEST_F(SuiteCatalogTest, AnErasureReachesMoreSuitesThanOneReadTakes) {
  constexpr int kSuites = 120;
  SuiteCase one;
  one.case_id = "case-0";
  ASSERT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
    StoredSuite made;
    made.suite.dataset_version_id = "d1";
    made.suite.cases = 1;
    for (int i = 0; i < kSuites; ++i) {
      made.suite.suite_id = "s" + std::to_string(i);
      made.suite.suite_name = made.suite.suite_id;
      RETURN_IF_ERROR(SuiteStore(connection).Begin("default", made));
      RETURN_IF_ERROR(SuiteStore(connection).AddCases("default", made.suite.suite_id, {&one, 1}));
      RETURN_IF_ERROR(SuiteStore(connection).Complete("default", made.suite).status());
    }
    return absl::OkStatus();
  }));
  auto channel = rpc::Channel::Open({fake_.address(), "", ""});
  ASSERT_OK(channel);
  ErasureClient client(*std::move(channel));
  rpc::Metrics metrics;
  OutcomeCache cache;
  CaseEraser eraser(database_.get(), &client, &cache, &metrics);
  eraser.Start();
  fake_.Erase("default", "e1", {"case-0"});
  const auto reports = fake_.AwaitReports(1);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports.front().request.rows(), kSuites);
  EXPECT_EQ(Count("suite_cases"), 0);
  EXPECT_EQ(Count("suites WHERE erased_cases = 1 AND compared_erased_rows = 1"), kSuites);
}

}  // namespace
}  // namespace flywheel::evalgate
