#include "eval_gate_service/rpc/upload_validate.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/rpc/request_bounds.h"
#include "eval_gate_service/rpc/validate.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kMostCaseBytes = int64_t{256} * 1024;
constexpr int kMostIdeals = 32;
constexpr int kMostChecks = 64;
// More are not compared.
constexpr int kMostExpectedCalls = 128;
constexpr size_t kMostToolNameBytes = 256;

void CheckPrompt(const v1::UploadedCase& one, rpc::FieldChecks& checks) {
  checks.Require(one.input().empty() != one.prompt().empty(), "input",
                 one.input().empty() ? "neither it nor a prompt" : "it beside a prompt",
                 "one of the two");
  for (int i = 0; i < one.prompt_size(); ++i) {
    const common::v1::Message& message = one.prompt(i);
    const bool known =
        common::v1::Role_IsValid(message.role()) && message.role() != common::v1::ROLE_UNSPECIFIED;
    checks.Enum(fmt::format("prompt[{}].role", i), known, message.role());
    checks.Require(!message.parts().empty(), fmt::format("prompt[{}].parts", i), "nothing",
                   "at least one part");
    for (int j = 0; j < message.parts_size(); ++j) {
      checks.Require(message.parts(j).kind_case() != common::v1::Part::KIND_NOT_SET,
                     fmt::format("prompt[{}].parts[{}]", i, j), "an empty part",
                     "a text, a call, its result or media");
    }
  }
}

// An argument that may have several values has a list of them.
bool IsWellFormed(const v1::ExpectedToolCall& call) {
  if (call.arguments_json().empty()) return true;
  const auto arguments = nlohmann::json::parse(call.arguments_json(), /*cb=*/nullptr,
                                               /*allow_exceptions=*/false);
  if (!arguments.is_object()) return false;
  if (!call.any_of()) return true;
  for (const auto& values : arguments) {
    if (!values.is_array() || values.empty()) return false;
  }
  return true;
}

void CheckExpectedCalls(const v1::ExpectedToolCalls& expected, rpc::FieldChecks& checks) {
  checks.Require(expected.calls_size() <= kMostExpectedCalls, "expected_tool_calls",
                 fmt::format("{} calls", expected.calls_size()),
                 fmt::format("at most {}", kMostExpectedCalls));
  for (int i = 0; i < expected.calls_size(); ++i) {
    const v1::ExpectedToolCall& call = expected.calls(i);
    const std::string field = fmt::format("expected_tool_calls[{}]", i);
    checks.RequiredText(field + ".name", call.name(), kMostToolNameBytes);
    checks.Require(
        IsWellFormed(call), field + ".arguments_json", "something else",
        call.any_of() ? "a JSON object whose members are lists of values" : "a JSON object");
  }
}

void CheckChecks(const google::protobuf::RepeatedPtrField<v1::EvaluatorSpec>& specs,
                 rpc::FieldChecks& checks) {
  checks.Require(specs.size() <= kMostChecks, "checks", fmt::format("{}", specs.size()),
                 fmt::format("at most {}", kMostChecks));
  for (int i = 0; i < specs.size(); ++i) {
    const v1::EvaluatorSpec& one = specs[i];
    const std::string field = fmt::format("checks[{}]", i);
    checks.Require(one.evaluator_id().empty(), field + ".evaluator_id", "one", "none");
    checks.Require(!one.informative(), field + ".informative", "true",
                   "false: an evaluator of the suite can inform");
    CheckEvaluator(field, one, checks);
  }
}

}  // namespace

absl::Status Validate(const v1::SuiteHeader& header) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("header.suite_id", header.suite_id());
  checks.RequiredText("header.agent", header.agent(), kMostNameBytes);
  checks.OptionalId("header.suite_name", header.suite_name());
  CheckEvaluators("evaluators", header.evaluators(), checks);
  checks.Labels("header.labels", header.labels());
  return checks.status();
}

void CheckUploadedCase(const v1::UploadedCase& one, rpc::FieldChecks& checks) {
  checks.Id("case_id", one.case_id());
  const auto bytes = static_cast<int64_t>(one.ByteSizeLong());
  checks.Require(bytes <= kMostCaseBytes, "size", fmt::format("{} bytes", bytes),
                 fmt::format("at most {}", kMostCaseBytes));
  CheckPrompt(one, checks);
  for (int i = 0; i < one.tools_size(); ++i) {
    checks.RequiredText(fmt::format("tools[{}].name", i), one.tools(i).name(), kMostToolNameBytes);
  }
  checks.Require(one.ideal_outputs_size() <= kMostIdeals, "ideal_outputs",
                 fmt::format("{}", one.ideal_outputs_size()),
                 fmt::format("at most {}", kMostIdeals));
  for (int i = 0; i < one.ideal_outputs_size(); ++i) {
    checks.Require(!one.ideal_outputs(i).empty(), fmt::format("ideal_outputs[{}]", i), "nothing",
                   "a text: where silence is right, no ideal says so");
  }
  CheckChecks(one.checks(), checks);
  if (one.has_expected_tool_calls()) CheckExpectedCalls(one.expected_tool_calls(), checks);
  checks.Text("cohort", one.cohort(), kMostCohortBytes);
  checks.Text("group", one.group(), kMostGroupBytes);
  checks.Labels("labels", one.labels());
}

}  // namespace flywheel::evalgate
