// Uploaded suites of public data sets: the answers of real models, and calls of functions.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/eval_gate_service/eval_gate_fixture.h"
#include "tests/eval_gate_service/evaluators/public_data.h"

namespace flywheel::evalgate {
namespace {

using evaluators::CsvRows;
using evaluators::DataFile;
using evaluators::JsonLines;
using nlohmann::json;

// What a model said, and whether people labelled it right.
struct Answer {
  std::string text;
  bool right = false;
};

class PublicSuitesTest : public EvalGateTest {
 protected:
  // 1,319 cases whose ideal output is what stands behind "####"; none without the data.
  std::vector<v1::UploadedCase> ReadGsm8k() {
    std::map<std::string, std::string> answers;
    for (const json& row : JsonLines("gsm8k_two_models/test.jsonl")) {
      const std::string answer = row["answer"];
      answers[row["question"]] = answer.substr(answer.find("####"));
    }
    const auto rows = CsvRows("gsm8k_two_models/responses.csv");
    std::vector<v1::UploadedCase> cases;
    for (size_t i = 1; i < rows.size(); ++i) {
      v1::UploadedCase& one = cases.emplace_back();
      one.set_case_id(CaseId(static_cast<int>(i)));
      one.set_input(rows[i].at(0));
      one.add_ideal_outputs(answers[rows[i][0]]);
      mixtral_.push_back({rows[i].at(3), rows[i].at(1) == "True"});
      gpt4_.push_back({rows[i].at(4), rows[i].at(2) == "True"});
    }
    return cases;
  }

  // The answers, each with its label as the grade of a judge outside.
  void SubmitAnswers(const std::string& model_version, const std::vector<Answer>& answers) {
    v1::SubmitOutputsRequest request = OutputsRequest(model_version);
    for (size_t i = 0; i < answers.size(); ++i) {
      AddOutput(CaseId(static_cast<int>(i) + 1), answers[i].text, request);
      v1::ExternalGrade& label =
          *request.mutable_outputs(static_cast<int>(i))->add_external_grades();
      label.set_name("label");
      label.set_score(answers[i].right ? 1 : 0);
    }
    ASSERT_OK(Submit(request));
    EXPECT_EQ(outputs_.missing(), 0);
  }

  // In how many cases "numeric" says what the label says.
  int Agreements(const std::string& model_version, const std::vector<Answer>& answers) {
    v1::ListCaseResultsRequest request;
    request.set_suite_id("s1");
    request.set_model_version(model_version);
    request.set_page_size(1'000);
    int agreements = 0;
    size_t i = 0;
    do {
      v1::ListCaseResultsResponse response;
      EXPECT_OK(Call(&v1::EvalGateService::Stub::ListCaseResults, request, response));
      for (const v1::CaseResult& one : response.results()) {
        EXPECT_EQ(one.case_id(), CaseId(static_cast<int>(i) + 1));
        const v1::EvaluatorGrade& numeric = one.attempts(0).grades(0);
        EXPECT_EQ(numeric.evaluator_id(), "numeric");
        agreements += numeric.passed() == answers[i++].right ? 1 : 0;
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(i, answers.size());
    return agreements;
  }

  // Uploads the questions to be judged by "numeric" and by the labels, one of which informs, and
  // judges Mixtral against gpt-4. Returns what was found of the whole suite.
  v1::Finding JudgeMixtral(const std::vector<v1::UploadedCase>& cases, bool by_labels) {
    v1::UploadSuiteRequest header = Header("s1");
    v1::EvaluatorSpec& numeric = *header.mutable_header()->add_evaluators();
    numeric.set_kind("numeric");
    numeric.set_informative(by_labels);
    v1::EvaluatorSpec& label = *header.mutable_header()->add_evaluators();
    label.set_kind("external");
    label.set_parameters_json(R"({"name": "label"})");
    label.set_informative(!by_labels);
    EXPECT_OK(Upload(header, cases));
    SubmitAnswers("gpt-4", gpt4_);
    SubmitAnswers("mixtral", mixtral_);
    EXPECT_OK(Judge("v1", "mixtral", "gpt-4"));
    EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
    for (const v1::Finding& one : judged_.verdict().findings()) {
      if (one.kind() == v1::FINDING_KIND_WORSE_THAN_BASELINE && one.cohort().empty()) return one;
    }
    ADD_FAILURE() << judged_.DebugString();
    return {};
  }

  std::vector<Answer> mixtral_, gpt4_;
};

TEST_F(PublicSuitesTest, MixtralIsBlockedAgainstGpt4OnGsm8k) {
  const std::vector<v1::UploadedCase> cases = ReadGsm8k();
  if (cases.empty()) {
    GTEST_SKIP() << DataFile("gsm8k_two_models") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  ASSERT_EQ(cases.size(), 1319u);
  const v1::Finding whole = JudgeMixtral(cases, /*by_labels=*/true);
  EXPECT_EQ(whole.regressed(), 383);
  EXPECT_EQ(whole.improved(), 95);
  EXPECT_EQ(Agreements("mixtral", mixtral_), 1312);  // .9947
  EXPECT_EQ(Agreements("gpt-4", gpt4_), 1277);       // .9682
}

TEST_F(PublicSuitesTest, MixtralIsBlockedByItsNumbersToo) {
  const std::vector<v1::UploadedCase> cases = ReadGsm8k();
  if (cases.empty()) {
    GTEST_SKIP() << DataFile("gsm8k_two_models") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  const v1::Finding whole = JudgeMixtral(cases, /*by_labels=*/false);
  EXPECT_GT(whole.regressed(), 3 * whole.improved());
}

// The calls that "ground_truth" allows, with the first value of each argument.
std::vector<v1::OutputToolCall> FirstAllowed(const json& ground_truth) {
  std::vector<v1::OutputToolCall> calls;
  for (const json& one : ground_truth) {
    const auto call = one.begin();
    json arguments = json::object();
    for (const auto& [name, values] : call->items()) {
      const bool left_out = values[0].is_string() && values[0].get<std::string>().empty();
      if (!left_out) arguments[name] = values[0];
    }
    v1::OutputToolCall& made = calls.emplace_back();
    made.set_name(call.key());
    made.set_arguments_json(arguments.dump());
  }
  return calls;
}

// Objects among the values have lists of their own, which only the evaluator's tests take apart.
bool HasNestedValues(const json& ground_truth) {
  for (const json& call : ground_truth) {
    for (const json& values : *call.begin()) {
      const bool nested = std::any_of(values.begin(), values.end(), [](const json& value) {
        return value.is_structured() && value.dump().find('{') != std::string::npos;
      });
      if (nested) return true;
    }
  }
  return false;
}

TEST_F(PublicSuitesTest, AcceptableCallsOfFunctionsAreAcceptedAndIrrelevantOnesAreNot) {
  std::vector<v1::UploadedCase> cases;
  v1::SubmitOutputsRequest right = OutputsRequest("right");
  v1::SubmitOutputsRequest eager = OutputsRequest("eager");
  for (const std::string name : {"simple_python", "multiple", "parallel", "parallel_multiple"}) {
    const auto questions = JsonLines("bfcl_function_calls/" + name + ".json");
    const auto answers = JsonLines("bfcl_function_calls/" + name + ".answers.json");
    for (size_t i = 0; i < answers.size(); ++i) {
      const json& truth = answers[i]["ground_truth"];
      if (HasNestedValues(truth)) continue;
      v1::UploadedCase& one = cases.emplace_back();
      one.set_case_id(answers[i]["id"].get<std::string>());
      one.set_input(questions[i]["question"][0].back()["content"].get<std::string>());
      for (const json& call : truth) {
        v1::ExpectedToolCall& expected = *one.mutable_expected_tool_calls()->add_calls();
        expected.set_name(call.begin().key());
        expected.set_arguments_json(call.begin()->dump());
        expected.set_any_of(true);
      }
      for (v1::SubmitOutputsRequest* request : {&right, &eager}) {
        AddOutput(one.case_id(), "", *request);
        for (const v1::OutputToolCall& call : FirstAllowed(truth)) {
          *request->mutable_outputs(request->outputs_size() - 1)->add_tool_calls() = call;
        }
      }
    }
  }
  for (const json& row : JsonLines("bfcl_function_calls/irrelevance.json")) {
    v1::UploadedCase& one = cases.emplace_back();
    one.set_case_id(row["id"].get<std::string>());
    one.set_input(row["question"][0].back()["content"].get<std::string>());
    one.set_cohort("irrelevance");
    one.mutable_expected_tool_calls();
    AddOutput(one.case_id(), "none of these functions fits", right);
    AddOutput(one.case_id(), "", eager);
    eager.mutable_outputs(eager.outputs_size() - 1)
        ->add_tool_calls()
        ->set_name(row["function"][0]["name"].get<std::string>());
  }
  if (cases.empty()) {
    GTEST_SKIP() << DataFile("bfcl_function_calls") << " is not here: set FLYWHEEL_DATA_DIR";
  }
  v1::UploadSuiteRequest header = Header("s1");
  header.mutable_header()->add_evaluators()->set_kind("tool_calls");
  ASSERT_OK(Upload(header, cases));
  ASSERT_OK(Submit(right));
  ASSERT_OK(Submit(eager));
  ASSERT_OK(Judge("v1", "eager", "right"));
  EXPECT_EQ(judged_.verdict().decision(), v1::DECISION_BLOCK);
  const auto failed = [&](const std::string& version) {
    v1::ListCaseResultsRequest request;
    request.set_suite_id("s1");
    request.set_model_version(version);
    request.set_filter(v1::CASE_FILTER_FAILED);
    request.set_page_size(1'000);
    v1::ListCaseResultsResponse response;
    EXPECT_OK(Call(&v1::EvalGateService::Stub::ListCaseResults, request, response));
    std::vector<std::string> ids;
    for (const v1::CaseResult& one : response.results()) {
      ids.push_back(one.cohort() + " " + one.case_id());
    }
    return ids;
  };
  EXPECT_THAT(failed("right"), ::testing::IsEmpty());
  EXPECT_THAT(failed("eager"), ::testing::SizeIs(240));
  EXPECT_THAT(failed("eager"), ::testing::Each(::testing::StartsWith("irrelevance ")));
  RecordProperty("cases", static_cast<int>(cases.size()));
}

}  // namespace
}  // namespace flywheel::evalgate
