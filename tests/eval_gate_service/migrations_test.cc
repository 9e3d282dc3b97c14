// Stores of older versions.
#include "eval_gate_service/store/migrations.h"

#include <gtest/gtest.h>

#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::evalgate {
namespace {

TEST(OlderStores, KeepTheirVerdictsWhichCountForNoAgentByName) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 1));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO suites VALUES ('p', 's1', 'd1', 1, 0.92, 0.03, 0.05, 1, 40, 'ba', 'aa', 0);
          INSERT INTO verdicts VALUES ('p', 'v1', 1, 's1', 'ba', 'm1', '', 1, 'aa', 0);
          )sql");
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  std::optional<StoredSuite> suite;
  size_t counted = 0;
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(suite, SuiteStore(connection).Find("p", "s1"));
    ASSIGN_OR_RETURN(const auto verdict, VerdictStore(connection).Find("p", "v1"));
    if (verdict) {
      EXPECT_EQ(verdict->verdict.suite_name, "s1");
      Bar bar;
      bar.cohort_margin = 1;
      EXPECT_EQ(verdict->verdict.bar, bar) << "it asked nothing of cohorts";
    }
    EXPECT_TRUE(verdict.has_value());
    ASSIGN_OR_RETURN(const auto of_policies, VerdictStore(connection).OfPolicies("p", "", "m1"));
    counted = of_policies.size();
    return absl::OkStatus();
  }));
  ASSERT_TRUE(suite.has_value());
  EXPECT_EQ(suite->suite.agent, "");
  EXPECT_EQ(suite->suite.cases, 40);
  EXPECT_EQ(counted, 0u) << "no policy asked for it";
}

TEST(OlderStores, OfTheSecondVersionKeepTheirSuitesWhichAreComplete) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 2));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO suites VALUES ('p', 's1', 'd1', 1, 0.92, 0.03, 0.05, 1, 1, 'ba', 'aa', 0,
                                     'helper');
          INSERT INTO suite_cases VALUES ('p', 's1', 'c1', 'i', 'o', '', 'app');
          )sql");
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto suite, SuiteStore(connection).Find("p", "s1"));
    EXPECT_TRUE(suite.has_value());
    ASSIGN_OR_RETURN(const auto unfinished, SuiteStore(connection).FindUnfinished());
    EXPECT_FALSE(unfinished.has_value());
    ASSIGN_OR_RETURN(const auto cases, SuiteStore(connection).Cases("p", "s1", "", 10, false));
    EXPECT_EQ(cases.size(), 1u);
    // Whoever was erased before is found by the first comparison.
    ASSIGN_OR_RETURN(const auto compared, ErasureStore(connection).Suites("p", "", 10));
    EXPECT_EQ(compared.size(), 1u);
    EXPECT_EQ(compared.front().erased_rows, 0);
    ASSIGN_OR_RETURN(const int64_t cursor, ErasureStore(connection).Cursor());
    EXPECT_EQ(cursor, 0);
    ASSIGN_OR_RETURN(const int64_t round, ErasureStore(connection).Round());
    EXPECT_EQ(round, 0);
    return absl::OkStatus();
  }));
}

TEST(OlderStores, OfTheFourthVersionReportWhatTheyHadWorkedThrough) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 4));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute("INSERT INTO erasures_to_report VALUES ('p', 'e1', 7);");
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto project, ErasureStore(connection).NextToCompare(""));
    EXPECT_FALSE(project.has_value());
    ASSIGN_OR_RETURN(const auto erasures, ErasureStore(connection).Unreported(10));
    EXPECT_EQ(erasures.size(), 1u);
    EXPECT_EQ(erasures.front().erased_rows, 7);
    return absl::OkStatus();
  }));
}

// One that everything was answered by, and one that a provider's outage stopped.
TEST(OlderStores, OfTheFifteenthVersionHaveARunForEachVersionOnASuite) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, 15));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO suites (project, suite_id, agent, dataset_version_id, cases, content_hash,
                              request_hash, create_time_us, complete, erased_cases,
                              compared_erased_rows, erasure_round)
            VALUES ('p', 's1', 'helper', 'd1', 3, x'aa', x'aa', 1, 1, 1, 0, 0);
          INSERT INTO suite_cases (project, suite_id, case_id, input, ideal_output,
                                   expected_tool_calls, cohort)
            VALUES ('p', 's1', 'c1', 'i', 'o', '', ''), ('p', 's1', 'c2', 'i', 'o', '', '');
          INSERT INTO outputs (project, suite_id, version_key, case_id, output, tool_calls, error,
                               infrastructure_error, content_hash, create_time_us)
            VALUES ('p', 's1', 'm1', 'c1', 'o', '', '', '', x'01', 10),
                   ('p', 's1', 'm1', 'c2', 'o', '', '', '', x'02', 20),
                   ('p', 's1', 'm2', 'c1', 'o', '', '', '', x'03', 30),
                   ('p', 's1', 'm2', 'c2', '', '', '', '429', x'04', 40);
          )sql");
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto whole, RunStore(connection).FindFinished({"p", "s1", "M1 "}));
    EXPECT_TRUE(whole && whole->end_time == absl::FromUnixMicros(20)) << "whatever it is spelled";
    ASSIGN_OR_RETURN(const auto stopped, RunStore(connection).FindBest({"p", "s1", "m2"}));
    if (!stopped) return absl::NotFoundError("m2");
    EXPECT_EQ(stopped->state, RunState::kRunning);
    EXPECT_EQ(stopped->progress, (RunProgress{1, 1}));
    ASSIGN_OR_RETURN(const auto unjudged, OutputStore(connection).FindUnjudged(10));
    EXPECT_EQ(unjudged.size(), 4u);
    return absl::OkStatus();
  }));
}

// What cases have had since uploads came, those of before have not.
TEST(OlderStores, KeepTheirCasesWhichSayNothingMore) {
  const testing::TempDir directory;
  const std::string url = "sqlite:" + directory.path() + "/test.db";
  constexpr size_t kBeforeUploads = 16;
  {
    auto database = sql::Database::Open({url}, Migrations().subspan(0, kBeforeUploads));
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Connection& connection) {
      return connection.Execute(R"sql(
          INSERT INTO suites (project, suite_id, dataset_version_id, agent, cases, content_hash,
                              request_hash, create_time_us, complete, compared_erased_rows,
                              erasure_round, erased_cases)
            VALUES ('p', 's1', 'd1', 'a', 1, x'aa', x'aa', 0, 1, 0, 0, 0);
          INSERT INTO suite_cases (project, suite_id, case_id, input, ideal_output,
                                   expected_tool_calls, cohort, question)
            VALUES ('p', 's1', 'c1', 'asked', 'right', '[["book","{}"]]', 'app', x'');
          )sql");
    }));
  }
  auto database = sql::Database::Open({url}, Migrations());
  ASSERT_OK(database);
  const auto cases = (*database)->Read([](sql::Connection& connection) {
    return SuiteStore(connection).Cases("p", "s1", "", 10, /*with_questions=*/true);
  });
  ASSERT_OK(cases);
  ASSERT_EQ(cases->size(), 1u);
  const SuiteCase& one = cases->front();
  EXPECT_EQ(one.ideal_output, "right");
  EXPECT_EQ(one.cohort, "app");
  ASSERT_TRUE(one.expected_tool_calls.has_value());
  EXPECT_FALSE(one.expected_tool_calls->front().any_of);
  EXPECT_TRUE(one.other_ideals.empty() && one.group.empty() && one.labels.empty());
  EXPECT_TRUE(one.checks.empty());
  EXPECT_FALSE(one.critical);
}

// Entries are hashed by the start whose migrations made them, and by no other.
TEST(OlderStores, HaveEntriesToFillInWhereNoStartDid) {
  constexpr size_t kWithSeals = 20;
  struct Entry {
    const char* row;
    int64_t to_fill_in;
  };
  const Entry entries[] = {
      {"('p', 1, 2, 'a', 'a1', 1, x'', x'', x'', 0, '')", 1},
      {"('p', 1, 2, 'a', 'a1', 1, x'aa', x'', x'bb', 7, '')", 0},
      {"('p', 1, 2, 'a', 'a1', 0, x'aa', x'', x'', 7, '')", 0},
  };
  for (const Entry& entry : entries) {
    const testing::TempDir directory;
    const std::string url = "sqlite:" + directory.path() + "/test.db";
    {
      auto database = sql::Database::Open({url}, Migrations().subspan(0, kWithSeals));
      ASSERT_OK(database);
      ASSERT_OK((*database)->Write([&](sql::Connection& connection) {
        return connection.Execute(
            (std::string("INSERT INTO release_log VALUES ") + entry.row).c_str());
      }));
    }
    auto database = sql::Database::Open({url}, Migrations());
    ASSERT_OK(database);
    const auto filled_in = (*database)->Write([](sql::Connection& connection) {
      return ReleaseLogStore(connection).FillIn(absl::UnixEpoch(), 10);
    });
    ASSERT_OK(filled_in);
    EXPECT_EQ(*filled_in, entry.to_fill_in) << entry.row;
    // Who takes a hash away afterwards gets none.
    const auto again =
        (*database)->Write([](sql::Connection& connection) -> absl::StatusOr<int64_t> {
          RETURN_IF_ERROR(
              connection.Execute("UPDATE release_log SET of_before = 1, entry_hash = x''"));
          return ReleaseLogStore(connection).FillIn(absl::UnixEpoch(), 10);
        });
    ASSERT_OK(again);
    EXPECT_EQ(*again, 0) << entry.row;
  }
}

}  // namespace
}  // namespace flywheel::evalgate
