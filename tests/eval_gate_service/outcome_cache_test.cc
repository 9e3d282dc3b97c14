// What is held of finished runs: what is given again, and what leaves.
#include "eval_gate_service/outcome_cache.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/migrations.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/sql/database.h"
#include "shared/status/status_macros.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::evalgate {
namespace {

constexpr int kCases = 40;

class OutcomeCacheTest : public ::testing::Test {
 protected:
  using Outcomes = std::shared_ptr<const RunOutcomes>;

  OutcomeCacheTest() {
    auto database = sql::Database::Open({"sqlite:" + data_.path() + "/gate.db"}, Migrations());
    EXPECT_OK(database);
    database_ = *std::move(database);
  }

  static std::string CaseId(int i) { return fmt::format("case-{:03}", i); }

  // A suite whose cases a run answered, each in two attempts: all right but the last attempt at
  // case 3, and without an output for case 5. A case that is not of the suite was answered too.
  void Make(const std::string& suite_id, const std::string& evaluator_id = "same") {
    StoredSuite made;
    made.suite.suite_id = suite_id;
    made.suite.suite_name = suite_id;
    made.suite.cases = kCases;
    made.suite.evaluators = {{evaluator_id, "exact"}};
    evalgate::Run run;
    run.run_id = suite_id + "-run";
    run.suite_id = suite_id;
    run.model_version = "m1";
    run.attempts_per_case = 2;
    EXPECT_OK(database_->Write([&](sql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(SuiteStore(connection).Begin("p", made));
      std::vector<SuiteCase> cases;
      for (int i = 0; i < kCases; ++i) {
        cases.push_back({CaseId(i), "i", "right", {}, fmt::format("cohort {}", i % 2)});
        cases.back().group = fmt::format("a group with a long name {}", i / 4);
        cases.back().critical = i == 7;
      }
      RETURN_IF_ERROR(SuiteStore(connection).AddCases("p", suite_id, cases));
      RETURN_IF_ERROR(SuiteStore(connection).Complete("p", made.suite).status());
      RETURN_IF_ERROR(RunStore(connection).Insert("p", {run, "hash of " + suite_id}));
      for (int i = 0; i < kCases + 1; ++i) {
        for (int attempt = 1; attempt <= 2; ++attempt) {
          if (i == 5) continue;
          JudgedOutput judged{{CaseId(i), "right", {}, ""}, {CaseOutcome::kPassed, -1, 9}};
          judged.output.attempt = attempt;
          if (i == 3 && attempt == 2) judged.judgement = {CaseOutcome::kFailed, 0, 8};
          RETURN_IF_ERROR(
              OutputStore(connection).Put({"p", run.run_id}, judged, CaseId(i), absl::UnixEpoch()));
        }
      }
      return absl::OkStatus();
    }));
  }

  Outcomes Find(OutcomeCache& cache, const std::string& suite_id) {
    return Find(cache, suite_id, cache.erasures());
  }

  Outcomes Find(OutcomeCache& cache, const std::string& suite_id, int64_t erasures) {
    const auto found =
        database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Outcomes> {
          ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get("p", suite_id));
          ASSIGN_OR_RETURN(const evalgate::Run run,
                           RunStore(connection).Get("p", suite_id + "-run"));
          return cache.Find(connection, "p", stored.suite, run, erasures, Deadline());
        });
    EXPECT_OK(found);
    return *found;
  }

  void Erase(const std::string& suite_id, const std::string& case_id) {
    const std::vector<std::string> case_ids = {case_id};
    ASSERT_OK(database_->Write([&](sql::Connection& connection) {
      return ErasureStore(connection).EraseCases({"p", suite_id, "", 0}, case_ids);
    }));
  }

  testing::TempDir data_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(OutcomeCacheTest, PairsOutputsWithTheCasesOfTheSuite) {
  Make("s1");
  OutcomeCache cache;
  const Outcomes found = Find(cache, "s1");
  ASSERT_EQ(found->cases.size(), size_t{kCases});
  for (int i = 0; i < kCases; ++i) {
    const JudgedCase& one = found->cases[static_cast<size_t>(i)];
    EXPECT_EQ(one.cohort, fmt::format("cohort {}", i % 2));
    EXPECT_EQ(one.group, fmt::format("a group with a long name {}", i / 4));
    EXPECT_EQ(one.critical, i == 7);
    EXPECT_EQ(one.attempts, 2) << i;
    EXPECT_EQ(one.passed_attempts, i == 5 ? 0 : (i == 3 ? 1 : 2)) << i;
    EXPECT_EQ(one.answer_key, i == 5 ? 0u : 9u) << i;
    EXPECT_NE(one.ideal_key, 0u);
    EXPECT_EQ(one.failed_by, i == 3 ? "same" : "");
    EXPECT_EQ(one.outcome, i == 5   ? CaseOutcome::kMissing
                           : i == 3 ? CaseOutcome::kFailed
                                    : CaseOutcome::kPassed);
  }
  EXPECT_EQ(found->outline->names.size(), 12u) << "each name once";
}

// Of evaluators the ids, counted like all that is held, and not what they are made into.
TEST_F(OutcomeCacheTest, HoldsTheIdsOfEvaluatorsAlone) {
  Make("s1");
  const std::string long_id(100, 'e');
  Make("s2", long_id);
  OutcomeCache cache;
  const Outcomes first = Find(cache, "s1");
  const Outcomes second = Find(cache, "s2");
  EXPECT_THAT(second->outline->evaluator_ids, ::testing::ElementsAre(long_id));
  EXPECT_EQ(second->outline->EvaluatorId(0), long_id);
  EXPECT_EQ(second->outline->EvaluatorId(1), "");
  EXPECT_EQ(second->outline->EvaluatorId(-1), "");
  EXPECT_EQ(second->cases[3].failed_by, long_id);
  EXPECT_GE(second->outline->bytes(), first->outline->bytes() + long_id.size());
}

TEST_F(OutcomeCacheTest, GivesTheSameAgain) {
  Make("s1");
  OutcomeCache cache;
  const Outcomes first = Find(cache, "s1");
  EXPECT_EQ(Find(cache, "s1"), first);
}

TEST_F(OutcomeCacheTest, GivesNothingOfErasedCases) {
  Make("s1");
  OutcomeCache cache;
  const Outcomes before = Find(cache, "s1");
  Erase("s1", CaseId(3));
  // Counted in the transaction that erases: nobody has to be told.
  const Outcomes after = Find(cache, "s1");
  EXPECT_EQ(after->cases.size(), size_t{kCases - 1});
  EXPECT_NE(after->hash, before->hash);
  std::weak_ptr<const RunOutcomes> held = after;
  cache.Forget("p", "another");
  EXPECT_EQ(Find(cache, "s1"), held.lock());
}

TEST_F(OutcomeCacheTest, HoldsNothingOfASuiteThatItForgets) {
  Make("s1");
  OutcomeCache cache;
  std::weak_ptr<const RunOutcomes> held = Find(cache, "s1");
  std::weak_ptr<const SuiteOutline> of_suite = held.lock()->outline;
  EXPECT_FALSE(held.expired());
  cache.Forget("p", "s1");
  EXPECT_TRUE(held.expired());
  EXPECT_TRUE(of_suite.expired());
}

// What a snapshot of before an erasure sees is not kept after it.
TEST_F(OutcomeCacheTest, KeepsNothingThatWasReadBeforeAnErasure) {
  Make("s1");
  OutcomeCache cache;
  const int64_t erasures = cache.erasures();
  cache.Forget("p", "s1");
  std::weak_ptr<const RunOutcomes> read = Find(cache, "s1", erasures);
  EXPECT_TRUE(read.expired());
}

TEST_F(OutcomeCacheTest, LetsTheLeastRecentlyUsedLeave) {
  for (const char* suite : {"s1", "s2", "s3"}) Make(suite);
  OutcomeCache unbounded;
  const Outcomes one = Find(unbounded, "s1");
  const size_t bytes = one->bytes() + one->outline->bytes();
  OutcomeCache cache(2 * bytes);
  const std::weak_ptr<const RunOutcomes> first = Find(cache, "s1");
  const std::weak_ptr<const RunOutcomes> second = Find(cache, "s2");
  EXPECT_EQ(Find(cache, "s1"), first.lock());
  const std::weak_ptr<const RunOutcomes> third = Find(cache, "s3");
  EXPECT_FALSE(first.expired());
  EXPECT_TRUE(second.expired());
  EXPECT_FALSE(third.expired());
  OutcomeCache tiny(bytes - 1);
  EXPECT_EQ(Find(tiny, "s1")->cases.size(), size_t{kCases}) << "given, though it is not kept";
  EXPECT_EQ(Find(tiny, "s2")->cases.size(), size_t{kCases});
}

TEST_F(OutcomeCacheTest, IsAskedByManyAtOnceWhileCasesLeave) {
  for (const char* suite : {"s1", "s2"}) Make(suite);
  OutcomeCache cache(20'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      size_t last = kCases;
      for (int i = 0; i < 50; ++i) {
        const Outcomes found = Find(cache, t % 2 == 0 ? "s1" : "s2");
        EXPECT_EQ(found->cases.size(), found->outline->case_ids.size());
        EXPECT_LE(found->cases.size(), last);
        last = found->cases.size();
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    Erase("s1", CaseId(i));
    cache.Forget("p", "s1");
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Find(cache, "s1")->cases.size(), size_t{kCases - 20});
}

}  // namespace
}  // namespace flywheel::evalgate
