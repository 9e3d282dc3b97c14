// What the store's queries cost however much it holds: each goes along an index of its own.
#include <gtest/gtest.h>

#include "eval_gate_service/store/approval_store.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/migrations.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/release_content_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "eval_gate_service/store/waiver_store.h"
#include "shared/testing/query_plan.h"

namespace flywheel::evalgate {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::NeitherScansNorSorts;
using ::testing::Not;
using testing::UsesIndex;

class EvalGatePlans : public testing::QueryPlans {
 protected:
  EvalGatePlans() : QueryPlans(Migrations()) {}
};

TEST_F(EvalGatePlans, APageOfCasesCostsWhatItHolds) {
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) {
        EXPECT_OK(SuiteStore(db).Cases("p", "s", "c", 10, true));
        EXPECT_OK(SuiteStore(db).ReadOutline("p", "s", [](auto) { return absl::OkStatus(); }));
      }),
      AllOf(UsesIndex("sqlite_autoindex_suite_cases_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) {
        EXPECT_OK(ErasureStore(db).CaseIds({"p", "s", "v", 0}, "c", 10));
        EXPECT_OK(SuiteStore(db).CountCases("p", "s"));
      }),
      AllOf(HasSubstr("COVERING INDEX sqlite_autoindex_suite_cases_1"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, OutputsAreFoundByCaseAndBySet) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(OutputStore(db).Find({"p", "r"}, {"c", 1}));
              }),
              AllOf(UsesIndex("sqlite_autoindex_outputs_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(OutputStore(db).HasAnswer({"p", "r"}));
                EXPECT_OK(OutputStore(db).Count({"p", "r"}));
                EXPECT_OK(OutputStore(db).Page({"p", "r"}, {"c", 1}, 10));
                EXPECT_OK(OutputStore(db).ReadOutcomes({"p", "r"},
                                                       [](auto...) { return absl::OkStatus(); }));
              }),
              AllOf(UsesIndex("sqlite_autoindex_outputs_1"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, RunsAreFoundAndListedAlongTheirIndexes) {
  for (const bool oldest_first : {false, true}) {
    const auto plan = [&](RunFilter filter) {
      filter.list.oldest_first = oldest_first;
      return PlanOf(
          [&](sql::Connection& db) { EXPECT_OK(RunStore(db).List("p", filter, 100, 10)); });
    };
    const auto along = [](const char* index) {
      return AllOf(UsesIndex(index), UsesIndex("sqlite_autoindex_suites_1"),
                   UsesIndex("sqlite_autoindex_resource_labels_1"), NeitherScansNorSorts());
    };
    EXPECT_THAT(plan({}), along("runs_by_ordinal"));
    EXPECT_THAT(plan({{.agent = "a"}, "", "", {}}), along("runs_by_agent"));
    EXPECT_THAT(plan({{.agent = "a"}, "s", "", {}}), along("runs_of_suite"));
    EXPECT_THAT(plan({{.agent = "a"}, "s", "m", {}}), along("runs_by_version"));
  }
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(RunStore(db).Find("p", "r")); }),
              AllOf(UsesIndex("sqlite_autoindex_runs_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RunStore(db).FindFinished({"p", "s", "m"}));
              }),
              AllOf(UsesIndex("runs_finished"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(RunStore(db).FindBest({"p", "s", "m"}));
                EXPECT_OK(RunStore(db).CountUnfinished({"p", "s", "m"}));
              }),
              AllOf(UsesIndex("runs_of_version"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(OutputStore(db).FindUnjudged(10)); }),
              AllOf(HasSubstr("INDEX outputs_to_judge"), Not(HasSubstr("TEMP B-TREE"))));
}

TEST_F(EvalGatePlans, VerdictsAreListedAndDecidedAlongTheirIndexes) {
  for (const bool oldest_first : {false, true}) {
    const auto plan = [&](VerdictFilter filter) {
      filter.list.oldest_first = oldest_first;
      return PlanOf(
          [&](sql::Connection& db) { EXPECT_OK(VerdictStore(db).List("p", filter, 100, 10)); });
    };
    const auto along = [](const char* index) {
      return AllOf(UsesIndex(index), UsesIndex("sqlite_autoindex_resource_labels_1"),
                   NeitherScansNorSorts());
    };
    EXPECT_THAT(plan({}), along("verdicts_by_ordinal"));
    EXPECT_THAT(plan({{.agent = "a"}, "", "", {}}), along("verdicts_by_agent"));
    EXPECT_THAT(plan({{.agent = "a"}, "s", "", {}}), along("verdicts_of_suite"));
    EXPECT_THAT(plan({{.agent = "a"}, "s", "m", {}}), along("verdicts_by_version"));
  }
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(VerdictStore(db).Find("p", "v")); }),
              AllOf(UsesIndex("sqlite_autoindex_verdicts_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(VerdictStore(db).OfPolicies("p", "a", "m")); }),
      AllOf(UsesIndex("verdicts_of_policies"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(VerdictStore(db).WasJudged("p", "s", "m")); }),
      AllOf(UsesIndex("verdicts_by_suite"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, SuitesAreListedAlongTheirIndexes) {
  for (const bool oldest_first : {false, true}) {
    const auto plan = [&](SuiteFilter filter) {
      filter.list.oldest_first = oldest_first;
      return PlanOf(
          [&](sql::Connection& db) { EXPECT_OK(SuiteStore(db).List("p", filter, 100, 10)); });
    };
    const auto along = [](const char* index) {
      return AllOf(UsesIndex(index), UsesIndex("sqlite_autoindex_suites_1"),
                   NeitherScansNorSorts());
    };
    EXPECT_THAT(plan({}), along("listed_suites_by_ordinal"));
    EXPECT_THAT(plan({{.agent = "a"}, ""}), along("listed_suites_by_agent"));
    EXPECT_THAT(plan({{.agent = "a"}, "d"}), along("listed_suites_by_dataset_version"));
  }
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(SuiteStore(db).Find("p", "s")); }),
              AllOf(UsesIndex("sqlite_autoindex_suites_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(SuiteStore(db).NewestVersion("p", "a", "s")); }),
      AllOf(HasSubstr("COVERING INDEX listed_suites_by_name"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatDecidesIsFoundByItsAgent) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(PolicyStore(db).FindCurrent("p", "a")); }),
              AllOf(UsesIndex("sqlite_autoindex_release_policies_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                ReleasePolicy policy;
                policy.agent = "a";
                EXPECT_OK(PolicyStore(db).GuardedSince("p", policy, "s"));
              }),
              AllOf(UsesIndex("sqlite_autoindex_release_policies_1"),
                    UsesIndex("sqlite_autoindex_release_policy_suites_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(ApprovalStore(db).FindCurrent("p", "a")); }),
      AllOf(UsesIndex("baseline_approvals_by_agent"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(WaiverStore(db).ForVersion("p", "a", "m")); }),
      AllOf(UsesIndex("verdict_waivers_by_version"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatOwnersSaidIsListedAlongItsIndexes) {
  for (const std::string& agent : {std::string(), std::string("a")}) {
    const std::string by = agent.empty() ? "by_ordinal" : "by_agent";
    const sql::ListRange range{agent, false, 100};
    EXPECT_THAT(
        PlanOf([&](sql::Connection& db) { EXPECT_OK(PolicyStore(db).List("p", range, 10)); }),
        AllOf(UsesIndex("release_policies_" + by), NeitherScansNorSorts()));
    EXPECT_THAT(
        PlanOf([&](sql::Connection& db) { EXPECT_OK(ApprovalStore(db).List("p", range, 10)); }),
        AllOf(UsesIndex("baseline_approvals_" + by), NeitherScansNorSorts()));
    EXPECT_THAT(
        PlanOf([&](sql::Connection& db) { EXPECT_OK(WaiverStore(db).List("p", range, 10)); }),
        AllOf(UsesIndex("verdict_waivers_" + by), NeitherScansNorSorts()));
  }
}

TEST_F(EvalGatePlans, TheReleaseLogIsReadAndListedAlongItsIndexes) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ReleaseLogStore(db).After("p", 7, 10)); }),
              AllOf(UsesIndex("sqlite_autoindex_release_log_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ReleaseLogStore(db).List("p", {}, 10)); }),
              AllOf(UsesIndex("sqlite_autoindex_release_log_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ReleaseLogStore(db).List("p", {"a", false, 0}, 10));
              }),
              AllOf(UsesIndex("release_log_by_agent"), NeitherScansNorSorts()));
  EXPECT_OK(connection_->Execute("INSERT INTO release_log_to_fill_in (id) VALUES (1)"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ReleaseLogStore(db).FillIn(absl::UnixEpoch(), 10));
              }),
              UsesIndex("release_log_without_hash"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ReleaseLogStore(db).LastBefore("p", ReleaseKind::kBaselineApproval,
                                                         {ReleaseKind::kVerdict, "a", "v"}));
              }),
              AllOf(UsesIndex("release_log_by_agent"), HasSubstr("INDEX release_log_by_thing"),
                    NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatTheReleaseLogVouchesForIsFoundByItsKey) {
  const auto plan_of = [&](ReleaseKind kind) {
    return PlanOf([&](sql::Connection& db) {
      EXPECT_OK(ReleaseContentStore(db).Hash("p", {kind, "a", "1"}));
    });
  };
  EXPECT_THAT(plan_of(ReleaseKind::kReleasePolicy),
              AllOf(UsesIndex("sqlite_autoindex_release_policies_1"), NeitherScansNorSorts()));
  EXPECT_THAT(plan_of(ReleaseKind::kBaselineApproval),
              AllOf(UsesIndex("sqlite_autoindex_baseline_approvals_1"), NeitherScansNorSorts()));
  EXPECT_THAT(plan_of(ReleaseKind::kSuite),
              AllOf(UsesIndex("sqlite_autoindex_suites_1"), NeitherScansNorSorts()));
  EXPECT_THAT(plan_of(ReleaseKind::kVerdict),
              AllOf(UsesIndex("sqlite_autoindex_verdicts_1"), NeitherScansNorSorts()));
  EXPECT_THAT(plan_of(ReleaseKind::kRun),
              AllOf(UsesIndex("sqlite_autoindex_runs_1"), NeitherScansNorSorts()));
  EXPECT_THAT(plan_of(ReleaseKind::kVerdictWaiver),
              AllOf(UsesIndex("sqlite_autoindex_verdict_waivers_1"), NeitherScansNorSorts()));
  EXPECT_THAT(
      PlanOf([](sql::Connection& db) { EXPECT_OK(ReleaseContentStore(db).WithoutEntry("p")); }),
      AllOf(UsesIndex("verdicts_by_ordinal"), HasSubstr("COVERING INDEX release_log_by_thing"),
            NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatLeavesWithACaseIsFoundByIt) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                const std::vector<std::string> case_ids = {"c"};
                EXPECT_OK(ErasureStore(db).EraseCases({"p", "s", "v", 0}, case_ids));
              }),
              AllOf(UsesIndex("sqlite_autoindex_suite_cases_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(ErasureStore(db).EraseOutputs({"p", "s", "v", 0}, 10));
              }),
              AllOf(HasSubstr("COVERING INDEX sqlite_autoindex_erasing_cases_1"),
                    UsesIndex("runs_of_suite"), UsesIndex("sqlite_autoindex_outputs_1"),
                    NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(OutputStore(db).Erase({"p", "r"}, {"c", 1}));
              }),
              AllOf(UsesIndex("sqlite_autoindex_outputs_1"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, SealsAreFoundAndReadByTheirKeys) {
  const SealedThing run{"p", ReleaseKind::kRun, "r"};
  EXPECT_THAT(PlanOf([&](sql::Connection& db) { EXPECT_OK(SealStore(db).FindContent(run)); }),
              AllOf(UsesIndex("sqlite_autoindex_sealed_contents_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([&](sql::Connection& db) {
                EXPECT_OK(SealStore(db).Find(run, {"c", 1}));
              }),
              AllOf(HasSubstr("PRIMARY KEY"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([&](sql::Connection& db) {
                SealSet set;
                EXPECT_OK(SealStore(db).AddAll(run, {}, set));
                EXPECT_OK(SealStore(db).AddErased(run, set));
                EXPECT_OK(SealStore(db).RemoveSome(run, 10));
                EXPECT_OK(SealStore(db).Erase(run, {"c", 1}, /*keep=*/true));
              }),
              AllOf(HasSubstr("PRIMARY KEY"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) {
                EXPECT_OK(OutputStore(db).Unsealed({"p", "r"}, 10));
                EXPECT_OK(OutputStore(db).Answers({"p", "r"}, {"c", 1}, 10));
              }),
              AllOf(UsesIndex("sqlite_autoindex_outputs_1"), HasSubstr("PRIMARY KEY"),
                    NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatIsUnfinishedIsFoundWithoutWhatIsFinished) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(SuiteStore(db).FindUnfinished()); }),
              UsesIndex("suites_unfinished"));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(SuiteStore(db).FindOutdated("p", 1)); }),
              AllOf(UsesIndex("suites_unfinished"), NeitherScansNorSorts()));
}

TEST_F(EvalGatePlans, WhatIsToBeComparedIsReadInTheOrderOfItsKeys) {
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).NextToCompare("p")); }),
              AllOf(UsesIndex("sqlite_autoindex_erasures_to_report_1"), NeitherScansNorSorts()));
  EXPECT_THAT(PlanOf([](sql::Connection& db) { EXPECT_OK(ErasureStore(db).Suites("p", "s", 10)); }),
              AllOf(UsesIndex("sqlite_autoindex_suites_1"), NeitherScansNorSorts()));
}

}  // namespace
}  // namespace flywheel::evalgate
