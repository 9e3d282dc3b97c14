#include "eval_gate_service/rpc/run_validate.h"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <string>

#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/rpc/request_bounds.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {
namespace {

constexpr int kMostOutputs = 10'000;
constexpr int kMostExternalGrades = 10;
constexpr size_t kMostReasonBytes = 4'096;

void CheckCount(std::string_view field, int64_t value, rpc::FieldChecks& checks) {
  checks.Require(value >= 0, field, fmt::format("{}", value), "0 or more");
}

void CheckGrades(const std::string& place, const v1::CaseOutput& output, rpc::FieldChecks& checks) {
  checks.Require(output.external_grades_size() <= kMostExternalGrades, place + ".external_grades",
                 fmt::format("{}", output.external_grades_size()),
                 fmt::format("at most {}", kMostExternalGrades));
  std::set<std::string> names;
  for (int i = 0; i < output.external_grades_size(); ++i) {
    const v1::ExternalGrade& one = output.external_grades(i);
    const std::string grade = fmt::format("{}.external_grades[{}]", place, i);
    checks.Id(grade + ".name", one.name());
    checks.Require(names.insert(one.name()).second, grade + ".name", one.name() + " twice",
                   "a name of its own for each");
    checks.Text(grade + ".version", one.version(), kMostNameBytes);
    checks.Range(grade + ".score", one.score(), 0.0, 1.0);
    checks.Text(grade + ".explanation", one.explanation(), kMostReasonBytes);
  }
}

// All that is not the answer itself.
void CheckDetails(int i, const v1::CaseOutput& output, rpc::FieldChecks& checks) {
  const std::string place = fmt::format("outputs[{}]", i);
  checks.Require(output.attempt() >= 0, place + ".attempt", fmt::format("{}", output.attempt()),
                 "0 or more; 0 is the first");
  const google::protobuf::Duration& latency = output.latency();
  checks.Require(latency.seconds() >= 0 && latency.nanos() >= 0, place + ".latency",
                 fmt::format("{} s and {} ns", latency.seconds(), latency.nanos()), "0 or more");
  CheckCount(place + ".input_tokens", output.input_tokens(), checks);
  CheckCount(place + ".output_tokens", output.output_tokens(), checks);
  checks.Require(std::isfinite(output.cost_usd()) && output.cost_usd() >= 0, place + ".cost_usd",
                 fmt::format("{}", output.cost_usd()), "0 or more, and finite");
  CheckGrades(place, output, checks);
}

}  // namespace

absl::Status Validate(const v1::StartRunRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  checks.Id("suite_id", request.suite_id());
  CheckVersion("model_version", request.model_version(), checks);
  checks.Require(
      request.attempts_per_case() >= 0 && request.attempts_per_case() <= kMostAttemptsPerCase,
      "attempts_per_case", fmt::format("{}", request.attempts_per_case()),
      fmt::format("1 to {}, or 0 for one", kMostAttemptsPerCase));
  checks.Labels("labels", request.labels());
  return checks.status();
}

absl::Status Validate(const v1::SubmitOutputsRequest& request) {
  if (request.outputs().empty()) return errors::EmptyBatch("outputs");
  if (request.outputs_size() > kMostOutputs) {
    return errors::TooLarge("outputs", request.outputs_size(), kMostOutputs, "outputs");
  }
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  for (int i = 0; i < request.outputs_size(); ++i) {
    const v1::CaseOutput& output = request.outputs(i);
    checks.Id(fmt::format("outputs[{}].case_id", i), output.case_id());
    const bool twice = !output.output().empty() || !output.tool_calls().empty();
    checks.Require(output.messages().empty() || !twice, fmt::format("outputs[{}].messages", i),
                   "messages beside output or tool_calls", "one of the two");
    const bool answered = twice || !output.messages().empty() || !output.error().empty();
    checks.Require(output.infrastructure_error().empty() || !answered,
                   fmt::format("outputs[{}].infrastructure_error", i), "it beside an answer",
                   "one of the two: with an answer the infrastructure did not fail");
    CheckDetails(i, output, checks);
  }
  return checks.status();
}

absl::Status Validate(const v1::FinishRunRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  return checks.status();
}

absl::Status Validate(const v1::AbortRunRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  checks.RequiredText("reason", request.reason(), kMostReasonBytes);
  return checks.status();
}

absl::Status Validate(const v1::GetRunRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  return checks.status();
}

absl::Status Validate(const v1::WatchRunRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  checks.Id("run_id", request.run_id());
  return checks.status();
}

absl::Status Validate(const v1::ListRunsRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.OptionalId("suite_id", request.suite_id());
  checks.Text("model_version", request.model_version(), kMostNameBytes);
  checks.Enum("state", v1::RunState_IsValid(request.state()), request.state());
  return checks.status();
}

}  // namespace flywheel::evalgate
