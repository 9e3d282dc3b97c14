// The gate on outputs of real models. Needs a directory with the public data sets; a checkout
// without them skips these tests.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/testing/status_matchers.h"
#include "tests/eval_gate_service/domain/cases.h"

namespace flywheel::evalgate {
namespace {

std::string DataFile(const std::string& name) {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::string(directory == nullptr ? "../shared/data" : directory) + "/" + name;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// RFC 4180: quoted fields may hold commas, line feeds and doubled quotes.
std::vector<std::vector<std::string>> ParseCsv(const std::string& text) {
  std::vector<std::vector<std::string>> rows = {{""}};
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        rows.back().back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        rows.back().back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.push_back({""});
    } else if (c != '\r') {
      rows.back().back() += c;
    }
  }
  if (rows.back().size() == 1) rows.pop_back();
  return rows;
}

TEST(RealData, MixtralIsBlockedAgainstGpt4OnGsm8k) {
  const std::string path = DataFile("gsm8k_two_models/responses.csv");
  const auto rows = ParseCsv(ReadFile(path));
  if (rows.empty()) GTEST_SKIP() << path << " is not here: set FLYWHEEL_DATA_DIR to run this test";
  ASSERT_EQ(rows.size(), 1320u);
  ASSERT_EQ(rows[0][2], "gpt-4-1106-preview");
  std::vector<SuiteCase> cases = MakeCases(1319);
  Outputs mixtral;
  Outputs gpt4;
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::vector<std::string>& row = rows[i + 1];
    ASSERT_EQ(row.size(), 5u) << "row " << i + 1;
    cases[i].input = row[0];
    cases[i].ideal_output = "True";
    mixtral[cases[i].case_id] = {cases[i].case_id, row[1], {}, ""};
    gpt4[cases[i].case_id] = {cases[i].case_id, row[2], {}, ""};
  }
  Bar bar;
  bar.pass_rate_floor = 0.6;
  const auto decided =
      DecideVerdict(bar, JudgeCases(cases, mixtral), {{"gpt-4", JudgeCases(cases, gpt4)}});
  ASSERT_OK(decided);
  EXPECT_EQ(decided->decision, Decision::kBlock);
  EXPECT_EQ(decided->findings.at(0).regressed, 383);
  EXPECT_EQ(decided->findings.at(0).improved, 95);
  const Finding& finding = decided->findings.at(0);
  EXPECT_EQ(finding.kind, FindingKind::kWorseThanBaseline);
  EXPECT_EQ(finding.passed, 842);
  EXPECT_NEAR(finding.estimate, (842.0 - 1130.0) / 1319.0, 1e-12);
  EXPECT_THAT(finding.message, ::testing::HasSubstr("that one 1130; 383 regressed, 95 improved"));
  const auto reversed =
      DecideVerdict(bar, JudgeCases(cases, gpt4), {{"mixtral", JudgeCases(cases, mixtral)}});
  ASSERT_OK(reversed);
  EXPECT_EQ(reversed->decision, Decision::kPass);
}

}  // namespace
}  // namespace flywheel::evalgate
