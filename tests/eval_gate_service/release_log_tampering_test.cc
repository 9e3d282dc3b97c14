// Every way to change what decided in the store, and what the release log says of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/eval_gate_service/release_log_fixture.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

class ReleaseLogTampering : public ReleaseLogTest,
                            public ::testing::WithParamInterface<Tampering> {};

// The log of MakeHistory: 1 suite s1, 2 policy 1, 3 approval, 4 and 5 runs, 6 verdict v1, 7 waiver,
// 8 policy 2.
INSTANTIATE_TEST_SUITE_P(
    All, ReleaseLogTampering,
    ::testing::ValuesIn(std::vector<Tampering>{
        {"AFindingsFigure", "UPDATE findings SET passed = passed + 20 WHERE position = 0",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 6, "verdict 'v1' is not what entry 6"},
        {"AFindingThatIsGone", "DELETE FROM findings WHERE position = 0",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 6, "verdict 'v1'"},
        {"AFindingMore",
         "INSERT INTO findings SELECT project, verdict_id, 99, kind, cohort, message, cases, "
         "passed, estimate, lower_bound, upper_bound, bar, p_value, cases_needed, "
         "baseline_model_version, regressed, improved, detectable_drop FROM findings "
         "WHERE position = 0",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 6, "verdict 'v1'"},
        {"AVerdictsDecision", "UPDATE verdicts SET decision = 1",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 6, "verdict 'v1'"},
        {"WhoseVerdictItIs", "UPDATE verdicts SET version_key = 'm9'",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 6, "verdict 'v1'"},
        {"ABar", "UPDATE bars SET bar = replace(bar, '0.92', '0.5')",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 2, "release policy 1 of agent 'helper'"},
        {"AWaiverThatIsGone", "DELETE FROM verdict_waivers",
         v1::RELEASE_LOG_BREAK_KIND_THING_MISSING, 7, "verdict waiver 'waive-m2'"},
        {"AWaiversEnd", "UPDATE verdict_waivers SET expire_time_us = expire_time_us * 2",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 7, "verdict waiver 'waive-m2'"},
        {"TheLastEntry", "DELETE FROM release_log WHERE sequence = 8",
         v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY, 0,
         "release policy 2 of agent 'helper' has no entry"},
        {"AMiddleEntry", "DELETE FROM release_log WHERE sequence = 3",
         v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISSING, 3, "entry 3 is missing"},
        {"AMiddleEntryAndTheNumbersAfterIt",
         "DELETE FROM release_log WHERE sequence = 3;"
         "UPDATE release_log SET sequence = 3 WHERE sequence = 4;"
         "UPDATE release_log SET sequence = 4 WHERE sequence = 5;"
         "UPDATE release_log SET sequence = 5 WHERE sequence = 6;"
         "UPDATE release_log SET sequence = 6 WHERE sequence = 7;"
         "UPDATE release_log SET sequence = 7 WHERE sequence = 8;",
         v1::RELEASE_LOG_BREAK_KIND_LINK_BROKEN, 3, "does not follow the one before it"},
        {"TheFirstEntry", "DELETE FROM release_log WHERE sequence = 1",
         v1::RELEASE_LOG_BREAK_KIND_ENTRY_MISSING, 1, "entry 1 is missing"},
        {"TwoThatAreSwapped",
         "UPDATE release_log SET sequence = 99 WHERE sequence = 4;"
         "UPDATE release_log SET sequence = 4 WHERE sequence = 5;"
         "UPDATE release_log SET sequence = 5 WHERE sequence = 99;",
         v1::RELEASE_LOG_BREAK_KIND_LINK_BROKEN, 4, "does not follow the one before it"},
        {"APolicysAgent",
         "UPDATE release_policies SET agent = 'other' WHERE policy_version = 1;"
         "UPDATE release_policy_suites SET agent = 'other' WHERE policy_version = 1;",
         v1::RELEASE_LOG_BREAK_KIND_THING_MISSING, 2, "release policy 1 of agent 'helper'"},
        {"APolicysAgentInTheEntryToo",
         "UPDATE release_policies SET agent = 'other' WHERE policy_version = 1;"
         "UPDATE release_policy_suites SET agent = 'other' WHERE policy_version = 1;"
         "UPDATE release_log SET agent = 'other' WHERE sequence = 2;",
         v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED, 2, "entry 2"},
        {"AVerdictPutInByHand",
         "INSERT INTO verdicts SELECT project, 'by-hand', 2, suite_id, agent, policy_version, "
         "look, bar_key, bar_hash, 'm3', 'm3', baseline_model_version, reference_model_version, "
         "1, request_hash, create_time_us, erased_cases, created_by, run_id, attempts_per_case, "
         "pass_all_of, pass_any_of, evidence_hash, code_version FROM verdicts",
         v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY, 0, "verdict 'by-hand' has no entry"},
        {"ASuitesContentHash", "UPDATE suites SET content_hash = x'00'",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 1, "suite 's1'"},
        {"ASuiteThatIsNotSealedAnyMore", "UPDATE suites SET complete = 0",
         v1::RELEASE_LOG_BREAK_KIND_CONTENT_CHANGED, 1, "suite 's1'"},
        {"WhoMadeIt", "UPDATE release_log SET created_by = 'nobody' WHERE sequence = 6",
         v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED, 6, "entry 6, about verdict 'v1', was changed"},
        {"TheWholeLog", "DELETE FROM release_log", v1::RELEASE_LOG_BREAK_KIND_THING_WITHOUT_ENTRY,
         0, "release policy 1 of agent 'helper' has no entry"},
    }),
    NameOfTampering);

TEST_P(ReleaseLogTampering, IsNamed) {
  MakeHistory();
  Tamper(GetParam().sql);
  const v1::ReleaseLogState state = Verify();
  EXPECT_FALSE(state.whole());
  const v1::ReleaseLogBreak& broken = state.first_break();
  EXPECT_EQ(broken.kind(), GetParam().kind) << broken.DebugString();
  EXPECT_EQ(broken.sequence(), GetParam().sequence) << broken.DebugString();
  EXPECT_THAT(broken.message(), HasSubstr(GetParam().says));
  if (broken.sequence() > 0) {
    EXPECT_EQ(state.whole_entries(), broken.sequence() - 1);
  }
}

// A start writes hashes once, after the migration that left entries without one.
TEST_F(ReleaseLogTest, IsNotSealedAnewByAStart) {
  MakeHistory();
  const v1::ReleaseLogState whole = Verify();
  ASSERT_TRUE(whole.whole()) << whole.DebugString();
  Tamper(R"sql(
      UPDATE release_policies SET judges = '["somebody"]';
      UPDATE release_log SET of_before = 1, entry_hash = x'';)sql");
  for (int starts = 0; starts < 2; ++starts) {
    Restart();
    const v1::ReleaseLogState state = Verify();
    EXPECT_FALSE(state.whole());
    EXPECT_EQ(state.whole_entries(), 0);
    EXPECT_EQ(state.first_break().kind(), v1::RELEASE_LOG_BREAK_KIND_ENTRY_CHANGED);
    EXPECT_EQ(state.first_break().sequence(), 1);
    EXPECT_THAT(state.first_break().message(),
                HasSubstr("entry 1, about suite 's1', has no hash: it was put in by hand, or its "
                          "hash was taken away"));
  }
  // What comes later makes nothing of it whole.
  agent_ = "another";
  ASSERT_OK(Approve("m9"));
  EXPECT_EQ(Verify().first_break().sequence(), 1);
}

// The first column of every row of a statement.
std::vector<std::string> Column(sql::Connection& store, const std::string& sql) {
  sql::Statement select = store.Prepare(sql);
  std::vector<std::string> values;
  while (select.Next()) values.push_back(select.Text(0));
  EXPECT_OK(select.status()) << sql;
  return values;
}

// A new column has to be added to store/release_content_store.cc or domain/seals.cc, or here with
// the reason why the log does not vouch for it.
TEST_F(ReleaseLogTest, VouchesForEveryColumn) {
  MakeHistory();
  // What erasure counts, and of an attempt what its run counts.
  const std::set<std::string> changes = {"suites.compared_erased_rows", "runs.answered",
                                         "runs.unavailable", "outputs.infrastructure_errors"};
  auto store = sql::Connection::Open(StorePath(), sql::Access::kWrite);
  ASSERT_OK(store);
  ASSERT_OK((*store)->Execute("PRAGMA foreign_keys = OFF"));
  const std::map<std::string, std::string> other = {{"INTEGER", "{0} + 1000"},
                                                    {"REAL", "{0} + 0.125"},
                                                    {"TEXT", "{0} || 'x'"},
                                                    {"BLOB", "CAST({0} || 'x' AS BLOB)"}};
  int columns = 0;
  for (const char* table :
       {"release_policies", "release_policy_suites", "bars", "baseline_approvals", "suites",
        "listed_suites", "resource_labels", "verdicts", "findings", "verdict_waivers", "runs",
        "suite_cases", "outputs", "sealed_contents", "release_log"}) {
    const std::string row = Column(**store, fmt::format("SELECT MIN(rowid) FROM {}", table)).at(0);
    for (const std::string& column :
         Column(**store, fmt::format("SELECT name FROM pragma_table_info('{}')", table))) {
      const std::string name = fmt::format("{}.{}", table, column);
      const std::string type =
          Column(**store, fmt::format("SELECT type FROM pragma_table_info('{}') WHERE name = '{}'",
                                      table, column))
              .at(0);
      const std::string before =
          Column(**store,
                 fmt::format("SELECT quote({}) FROM {} WHERE rowid = {}", column, table, row))
              .at(0);
      const auto set = [&](const std::string& value) {
        const std::string update =
            fmt::format("UPDATE {} SET {} = {} WHERE rowid = {}", table, column, value, row);
        ASSERT_OK((*store)->Execute(update.c_str())) << update;
      };
      set(fmt::format(fmt::runtime(other.at(type)), column));
      EXPECT_EQ(Verify().whole(), changes.contains(name)) << name;
      set(before);
      ++columns;
    }
  }
  EXPECT_TRUE(Verify().whole()) << "as it was before";
  EXPECT_GT(columns, 140);
}

}  // namespace
}  // namespace flywheel::evalgate
