// Whose key made a suite and asked for a verdict.
#include <fstream>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {
namespace {

using Stub = v1::EvalGateService::Stub;

TEST_F(EvalGateTest, SuitesAndVerdictsNameTheKeyThatMadeThem) {
  api_keys_file_ = directory_.path() + "/keys";
  std::ofstream(api_keys_file_) << "release key-of-the-release-ci default operator\n"
                                << "nightly key-of-the-nightly-ci default operator\n";
  Restart();
  key_ = "key-of-the-nightly-ci";
  MakeSuite(40);
  EXPECT_EQ(suite_.suite().created_by(), "nightly");
  SubmitAll("m1", 40);
  key_ = "key-of-the-release-ci";
  ASSERT_OK(Create(SuiteRequest("s1")));
  EXPECT_TRUE(suite_.replayed());
  EXPECT_EQ(suite_.suite().created_by(), "nightly") << "a replay changes nothing";
  ASSERT_OK(Judge("v1", "m1"));
  EXPECT_EQ(judged_.verdict().created_by(), "release");
  Restart();
  v1::GetSuiteRequest get;
  get.set_suite_id("s1");
  v1::GetSuiteResponse suite;
  ASSERT_OK(Call(&Stub::GetSuite, get, suite));
  EXPECT_EQ(suite.suite().created_by(), "nightly");
  v1::ListVerdictsResponse list;
  ASSERT_OK(Call(&Stub::ListVerdicts, v1::ListVerdictsRequest(), list));
  ASSERT_EQ(list.verdicts_size(), 1);
  EXPECT_EQ(list.verdicts(0).created_by(), "release");
}

}  // namespace
}  // namespace flywheel::evalgate
