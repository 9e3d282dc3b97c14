// Test fixture: a gate, and suites of cases that the client brings.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SUITE_UPLOADS_FIXTURE_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SUITE_UPLOADS_FIXTURE_H_

#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"

namespace flywheel::evalgate {

class SuiteUploadsFixture : public EvalGateTest {
 protected:
  static std::vector<v1::UploadedCase> Cases(int count) {
    std::vector<v1::UploadedCase> cases;
    for (int i = 0; i < count; ++i) cases.push_back(UploadedCase(CaseId(i)));
    return cases;
  }

  std::vector<v1::SuiteCase> ReadCases(const std::string& suite_id) {
    grpc::ClientContext context;
    v1::ReadSuiteCasesRequest request;
    request.set_suite_id(suite_id);
    const auto reader = stub_->ReadSuiteCases(&context, request);
    std::vector<v1::SuiteCase> cases;
    v1::ReadSuiteCasesResponse response;
    while (reader->Read(&response)) {
      cases.insert(cases.end(), response.cases().begin(), response.cases().end());
    }
    read_ = reader->Finish();
    return cases;
  }

  void ExpectNoSuite(const std::string& suite_id = "s1") {
    ReadCases(suite_id);
    EXPECT_THAT(read_, testing::HasReason(Reason::kNotFound));
    v1::ListSuitesResponse list;
    ASSERT_OK(Call(&v1::EvalGateService::Stub::ListSuites, v1::ListSuitesRequest(), list));
    EXPECT_EQ(list.suites_size(), 0);
  }

  grpc::Status read_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_SUITE_UPLOADS_FIXTURE_H_
