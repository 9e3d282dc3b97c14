// Lists of verdicts: their order, their pages, and what a page token belongs to.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using testing::HasReason;
using Stub = v1::EvalGateService::Stub;

class VerdictLists : public EvalGateTest {
 protected:
  v1::ListVerdictsResponse List(int page_size, const std::string& token = "",
                                const std::string& model_version = "") {
    v1::ListVerdictsRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    request.set_model_version(model_version);
    v1::ListVerdictsResponse response;
    EXPECT_OK(Call(&Stub::ListVerdicts, request, response));
    return response;
  }
};

TEST_F(VerdictLists, AreListedTheNewestFirstPageByPage) {
  MakeSuite(40);
  for (int i = 0; i < 7; ++i) {
    const std::string version = i % 2 == 0 ? "even" : "odd";
    SubmitAll(version, 40);
    ASSERT_OK(Judge(fmt::format("v{}", i), version));
  }
  std::vector<std::string> ids;
  std::string token;
  do {
    const v1::ListVerdictsResponse page = List(3, token);
    EXPECT_LE(page.verdicts_size(), 3);
    for (const v1::Verdict& verdict : page.verdicts()) {
      ids.push_back(verdict.verdict_id());
      EXPECT_GT(verdict.findings_size(), 0);
    }
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"v6", "v5", "v4", "v3", "v2", "v1", "v0"}));

  const v1::ListVerdictsResponse even = List(2, "", "even");
  ASSERT_EQ(even.verdicts_size(), 2);
  EXPECT_EQ(even.verdicts(1).verdict_id(), "v4");
  v1::ListVerdictsRequest other_filter;
  other_filter.set_page_token(even.next_page_token());
  v1::ListVerdictsResponse unused;
  EXPECT_THAT(Call(&Stub::ListVerdicts, other_filter, unused), HasReason(Reason::kInvalidArgument))
      << "a token of another list";
  v1::ListVerdictsRequest other_project;
  other_project.set_model_version("even");
  other_project.set_page_token(even.next_page_token());
  project_ = "other";
  EXPECT_THAT(Call(&Stub::ListVerdicts, other_project, unused), HasReason(Reason::kInvalidArgument))
      << "a token of another project";
  project_.clear();
  const v1::ListVerdictsResponse rest = List(2, even.next_page_token(), "even");
  ASSERT_EQ(rest.verdicts_size(), 2);
  EXPECT_EQ(rest.verdicts(1).verdict_id(), "v0");
  EXPECT_EQ(rest.next_page_token(), "");
  EXPECT_EQ(List(0, "", "nobody").verdicts_size(), 0);
}

TEST_F(VerdictLists, OfManyFindingsComeInSmallerPages) {
  FakeCuration::Rows rows;
  for (int i = 0; i < 900; ++i) {
    rows.push_back(MakeRow(CaseId(i), std::string(240, 'c') + std::to_string(i)));
  }
  curation_.Put("default", "d1", rows);
  ASSERT_OK(Create(SuiteRequest("s1")));
  SubmitAll("m1", 900);
  for (int i = 0; i < 5; ++i) ASSERT_OK(Judge(fmt::format("v{}", i), "m1"));
  std::vector<std::string> ids;
  std::string token;
  int pages = 0;
  do {
    const v1::ListVerdictsResponse page = List(0, token);
    EXPECT_LT(page.ByteSizeLong(), size_t{4 << 20});
    for (const v1::Verdict& verdict : page.verdicts()) ids.push_back(verdict.verdict_id());
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"v4", "v3", "v2", "v1", "v0"}));
  EXPECT_GT(pages, 1);
}

}  // namespace
}  // namespace flywheel::evalgate
