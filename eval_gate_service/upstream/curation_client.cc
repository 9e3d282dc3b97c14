#include "eval_gate_service/upstream/curation_client.h"

#include <fmt/format.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "eval_gate_service/domain/suite_cases.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/verdict.pb.h"
#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

namespace curation_v1 = ::flywheel::curation::v1;

// A hundred thousand rows come in seconds; beyond this something hangs.
constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr absl::Duration kBuildRetryDelay = absl::Seconds(1);
// Of one call of FindTaughtQuestions, which takes 1,000 and a message of 16 MiB.
constexpr size_t kQuestionsPerCall = 1'000;
constexpr size_t kQuestionBytes = 4 << 20;

bool IsCorrected(curation_v1::RowSource source) {
  return source == curation_v1::ROW_SOURCE_USER_CORRECTION ||
         source == curation_v1::ROW_SOURCE_STAFF_CORRECTION ||
         source == curation_v1::ROW_SOURCE_RELABELLED;
}

// What a row asks beside its input; empty where that is all.
std::string QuestionOf(curation_v1::DatasetRow& row) {
  const bool short_form = row.prompt_size() == 1 && row.prompt(0).parts_size() == 1 &&
                          row.prompt(0).role() == common::v1::ROLE_USER &&
                          row.prompt(0).parts(0).text() == row.input();
  v1::SuiteCase question;
  if (!short_form) question.mutable_prompt()->Swap(row.mutable_prompt());
  question.mutable_tools()->Swap(row.mutable_tools());
  question.mutable_contexts()->Swap(row.mutable_contexts());
  return question.SerializeAsString();
}

// The calls of the ideal. A correction without any does not say which would be right; an approved
// turn without any says that none is.
std::optional<std::vector<ToolCall>> ExpectedCalls(curation_v1::DatasetRow& row) {
  std::vector<ToolCall> calls;
  for (common::v1::Message& message : *row.mutable_ideal()) {
    for (common::v1::Part& part : *message.mutable_parts()) {
      if (!part.has_tool_call()) continue;
      common::v1::ToolCall& call = *part.mutable_tool_call();
      calls.push_back({std::move(*call.mutable_name()), std::move(*call.mutable_arguments_json())});
    }
  }
  if (calls.empty() && IsCorrected(row.source())) return std::nullopt;
  return calls;
}

SuiteCase ToDomain(curation_v1::DatasetRow& row) {
  SuiteCase one;
  one.question = QuestionOf(row);
  one.case_id = std::move(*row.mutable_interaction_id());
  one.input = std::move(*row.mutable_input());
  one.ideal_output = std::move(*row.mutable_ideal_output());
  one.expected_tool_calls = ExpectedCalls(row);
  one.cohort = std::move(*row.mutable_cohort());
  // Turns of one conversation are not independent of one another.
  one.group = GroupName(row.session_id());
  return one;
}

// Whether the candidate is to have answered before.
bool HasHistory(const SuiteCase& one) {
  v1::SuiteCase question;
  if (one.question.empty() || !question.ParseFromString(one.question)) return false;
  return std::any_of(question.prompt().begin(), question.prompt().end(), [](const auto& message) {
    return message.role() == common::v1::ROLE_ASSISTANT;
  });
}

absl::Duration TimeLeft(const Deadline& deadline) {
  return std::min(kTimeout, deadline.TimeLeft());
}

absl::Status CheckRows(const std::string& dataset_version_id, int64_t rows) {
  if (rows <= CurationClient::kMostRows) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kLimitExceeded, "dataset version", dataset_version_id,
      fmt::format("{} rows on its eval side", rows),
      fmt::format("at most {} for a suite: build a version of newer data, or "
                  "one with a smaller eval_share from the first on",
                  CurationClient::kMostRows));
}

// A version that is being built is worth another try.
absl::Status CheckReady(const curation_v1::DatasetVersion& version) {
  const std::string& id = version.dataset_version_id();
  switch (version.state()) {
    case curation_v1::DATASET_VERSION_STATE_READY:
      return absl::OkStatus();
    case curation_v1::DATASET_VERSION_STATE_BUILDING:
      return errors::NotCaughtUp(fmt::format("dataset version '{}'", id),
                                 "a version that is being built", "one that is ready",
                                 kBuildRetryDelay);
    default:
      return errors::FailedPrecondition(Reason::kAlreadyEnded, "dataset version", id,
                                        "a build that failed", "a version that is ready");
  }
}

}  // namespace

absl::StatusOr<EvalSide> CurationClient::ReadEvalSide(const std::string& project,
                                                      const std::string& dataset_version_id,
                                                      const Deadline& deadline) const {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  EvalSide side;
  // Step 1: the version's agent, what it has lost, and whether it is too large to be asked for.
  {
    grpc::ClientContext context;
    channel_.Prepare(context, TimeLeft(deadline), project);
    curation_v1::GetDatasetVersionRequest request;
    request.set_dataset_version_id(dataset_version_id);
    curation_v1::GetDatasetVersionResponse response;
    const grpc::Status status = stub->GetDatasetVersion(&context, request, &response);
    if (!status.ok()) return ToError(status, deadline);
    RETURN_IF_ERROR(CheckReady(response.dataset_version()));
    side.agent = response.dataset_version().options().agent();
    side.erased_rows = response.dataset_version().erased_rows();
    RETURN_IF_ERROR(CheckRows(dataset_version_id, response.dataset_version().eval_rows()));
  }
  // Step 2: the rows. A dataset version loses rows at the most, so the others are those of the same
  // version.
  grpc::ClientContext context;
  channel_.Prepare(context, TimeLeft(deadline), project);
  curation_v1::ReadDatasetRowsRequest request;
  request.set_dataset_version_id(dataset_version_id);
  request.set_split(curation_v1::SPLIT_EVAL);
  const auto reader = stub->ReadDatasetRows(&context, request);
  curation_v1::ReadDatasetRowsResponse response;
  absl::Status own;
  while (own.ok() && reader->Read(&response)) {
    for (auto& row : *response.mutable_rows()) side.rows.push_back(ToDomain(row));
    own = CheckRows(dataset_version_id, static_cast<int64_t>(side.rows.size()));
    if (own.ok()) own = deadline.Check();
  }
  if (!own.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!own.ok()) return own;
  if (!status.ok()) return ToError(status, deadline);
  return side;
}

absl::StatusOr<std::vector<size_t>> CurationClient::FindTaught(
    const std::string& project, std::span<const SuiteCase> cases,
    const std::optional<Learner>& learner, const Deadline& deadline) const {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  std::vector<size_t> taught;
  for (size_t begin = 0; begin < cases.size();) {
    curation_v1::FindTaughtQuestionsRequest request;
    if (learner) {
      request.set_agent(learner->agent);
      request.set_model_version(learner->model_version);
    }
    size_t bytes = 0;
    size_t end = begin;
    for (; end < cases.size() && end - begin < kQuestionsPerCall && bytes < kQuestionBytes; ++end) {
      curation_v1::Question& question = *request.add_questions();
      question.set_input(cases[end].input);
      question.set_has_history(HasHistory(cases[end]));
      bytes += cases[end].input.size();
    }
    grpc::ClientContext context;
    channel_.Prepare(context, TimeLeft(deadline), project);
    curation_v1::FindTaughtQuestionsResponse response;
    const grpc::Status status = stub->FindTaughtQuestions(&context, request, &response);
    if (!status.ok()) return ToError(status, deadline);
    for (const int32_t place : response.taught()) {
      taught.push_back(begin + static_cast<size_t>(place));
    }
    begin = end;
  }
  return taught;
}

absl::Status CurationClient::ToError(const grpc::Status& status, const Deadline& deadline) const {
  // A call that the caller's own deadline ended says nothing about curation.
  RETURN_IF_ERROR(deadline.Check());
  return rpc::UpstreamError(status, "curation", channel_.address());
}

}  // namespace flywheel::evalgate
