#include "eval_gate_service/rpc/run_rpc.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "eval_gate_service/rpc/run_convert.h"
#include "eval_gate_service/rpc/run_validate.h"
#include "eval_gate_service/rpc/stall_guard.h"
#include "eval_gate_service/rpc/text_redaction.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Who opens a stream has something to send.
constexpr StallGuard::Limits kPatienceForFirst = {.silence = absl::Seconds(10),
                                                  .whole = absl::Seconds(10)};
// A run may take all day; a client whose agent thinks longer than this opens another stream.
constexpr StallGuard::Limits kPatience = {.silence = absl::Minutes(2),
                                          .whole = absl::InfiniteDuration()};
// Of the messages of a batch together.
constexpr size_t kMostMessageBytes = 1 << 20;

// As metrics name it.
const char* StateName(OutputState state) {
  switch (state) {
    case OutputState::kStored:
      return "stored";
    case OutputState::kReplayed:
      return "replayed";
    case OutputState::kConflict:
      return "conflict";
    case OutputState::kRejected:
      return "rejected";
  }
  return "";
}

// A refused message does not end the stream: the answer says why, and when to send it again.
void Refuse(const absl::Status& status, v1::StreamOutputsResponse& response) {
  response.set_reason(static_cast<common::v1::ErrorReason>(errors::ReasonOf(status)));
  response.set_message(errors::MessageOf(status));
  const std::optional<absl::Duration> delay = errors::RetryDelayOf(status);
  if (delay) *response.mutable_retry_delay() = rpc::ToProto(*delay);
}

}  // namespace

grpc::Status RunRpc::StartRun(grpc::ServerContext* context, const v1::StartRunRequest* request,
                              v1::StartRunResponse* response) {
  return endpoint_->Serve(
      *context, "StartRun", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoStartRun(caller, *request, response); });
}

absl::Status RunRpc::DoStartRun(const rpc::Caller& caller, const v1::StartRunRequest& sent,
                                v1::StartRunResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::StartRunRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<Run> started, use_cases_.runs->Start(caller, FromProto(request)));
  ToProto(started.value, response->mutable_run());
  response->set_replayed(started.replayed);
  return absl::OkStatus();
}

grpc::Status RunRpc::SubmitOutputs(grpc::ServerContext* context,
                                   const v1::SubmitOutputsRequest* request,
                                   v1::SubmitOutputsResponse* response) {
  return endpoint_->Serve(
      *context, "SubmitOutputs", rpc::Role::kOperator, *request, [&](const rpc::Caller& caller) {
        return DoSubmitOutputs(caller, rpc::CallDeadline(*context, *endpoint_), *request, response);
      });
}

absl::Status RunRpc::DoSubmitOutputs(const rpc::Caller& caller, const Deadline& deadline,
                                     const v1::SubmitOutputsRequest& request,
                                     v1::SubmitOutputsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(std::vector<SentOutput> outputs, TakeOutputs(request, *use_cases_.texts));
  ASSIGN_OR_RETURN(
      const IntakeResult result,
      use_cases_.outputs->Submit(caller, request.run_id(), std::move(outputs),
                                 static_cast<int64_t>(request.ByteSizeLong()), deadline));
  size_t message_bytes = 0;
  std::map<OutputState, int64_t> counts;
  for (size_t i = 0; i < result.results.size(); ++i) {
    const OutputResult& one = result.results[i];
    common::v1::ItemResult* const item = response->add_results();
    item->set_id(request.outputs(static_cast<int>(i)).case_id());
    ToProto(one, item);
    message_bytes += item->message().size();
    if (message_bytes > kMostMessageBytes) item->clear_message();
    ++counts[one.state];
  }
  for (const auto& [state, count] : counts) {
    endpoint_->metrics().CountItems("SubmitOutputs", StateName(state), static_cast<double>(count));
  }
  response->set_missing(result.run.missing());
  response->set_unavailable(result.run.progress.unavailable);
  return absl::OkStatus();
}

grpc::Status RunRpc::StreamOutputs(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::StreamOutputsResponse, v1::StreamOutputsRequest>* stream) {
  return endpoint_->Serve(
      *context, "StreamOutputs", rpc::Role::kOperator, v1::StreamOutputsRequest(),
      [&](const rpc::Caller& caller) { return DoStreamOutputs(caller, *context, *stream); });
}

absl::Status RunRpc::DoStreamOutputs(
    const rpc::Caller& caller, grpc::ServerContext& context,
    grpc::ServerReaderWriter<v1::StreamOutputsResponse, v1::StreamOutputsRequest>& stream) {
  const Deadline deadline = rpc::CallDeadline(context, *endpoint_);
  v1::StreamOutputsRequest request;
  {
    ASSIGN_OR_RETURN(const rpc::CallPlaces::Place opening, openings_.Take(caller));
    const StallGuard guard(context, kPatienceForFirst);
    if (!stream.Read(&request)) return deadline.Check();
    v1::GetRunRequest named;
    named.set_run_id(request.batch().run_id());
    RETURN_IF_ERROR(Validate(named));
    RETURN_IF_ERROR(use_cases_.outputs->Admit(caller, named.run_id()));
  }
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, streams_.Take(caller));
  StallGuard guard(context, kPatience);
  do {
    guard.Working();
    RETURN_IF_ERROR(endpoint_->MayGoOn(caller));
    v1::StreamOutputsResponse response;
    absl::Status taken = endpoint_->CheckSize(static_cast<int64_t>(request.batch().ByteSizeLong()));
    if (taken.ok()) {
      taken = DoSubmitOutputs(caller, deadline, request.batch(), response.mutable_result());
    }
    // Whose caller is gone waits for no answer.
    RETURN_IF_ERROR(deadline.Check());
    if (!taken.ok()) {
      response.clear_result();
      Refuse(taken, response);
    }
    guard.Heard();
    if (!stream.Write(response)) return errors::Cancelled();
  } while (stream.Read(&request));
  return absl::OkStatus();
}

grpc::Status RunRpc::FinishRun(grpc::ServerContext* context, const v1::FinishRunRequest* request,
                               v1::FinishRunResponse* response) {
  return endpoint_->Serve(
      *context, "FinishRun", rpc::Role::kOperator, *request, [&](const rpc::Caller& caller) {
        return DoFinishRun(caller, rpc::CallDeadline(*context, *endpoint_), *request, response);
      });
}

absl::Status RunRpc::DoFinishRun(const rpc::Caller& caller, const Deadline& deadline,
                                 const v1::FinishRunRequest& request,
                                 v1::FinishRunResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Created<Run> finished,
                   use_cases_.finisher->Finish(caller, request.run_id(), deadline));
  ToProto(finished.value, response->mutable_run());
  response->set_replayed(finished.replayed);
  return absl::OkStatus();
}

grpc::Status RunRpc::AbortRun(grpc::ServerContext* context, const v1::AbortRunRequest* request,
                              v1::AbortRunResponse* response) {
  return endpoint_->Serve(
      *context, "AbortRun", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoAbortRun(caller, *request, response); });
}

absl::Status RunRpc::DoAbortRun(const rpc::Caller& caller, const v1::AbortRunRequest& sent,
                                v1::AbortRunResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::AbortRunRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<Run> aborted,
                   use_cases_.runs->Abort(caller, request.run_id(), request.reason()));
  ToProto(aborted.value, response->mutable_run());
  response->set_replayed(aborted.replayed);
  return absl::OkStatus();
}

grpc::Status RunRpc::GetRun(grpc::ServerContext* context, const v1::GetRunRequest* request,
                            v1::GetRunResponse* response) {
  return endpoint_->Serve(
      *context, "GetRun", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetRun(caller, *request, response); });
}

absl::Status RunRpc::DoGetRun(const rpc::Caller& caller, const v1::GetRunRequest& request,
                              v1::GetRunResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Run run, use_cases_.reader->Get(caller.project, request.run_id()));
  ASSIGN_OR_RETURN(const std::optional<int64_t> passed,
                   use_cases_.reader->CountPassed(caller.project, run));
  ToProto(run, response->mutable_run());
  if (passed) response->set_passed(*passed);
  return absl::OkStatus();
}

grpc::Status RunRpc::WatchRun(grpc::ServerContext* context, const v1::WatchRunRequest* request,
                              grpc::ServerWriter<v1::WatchRunResponse>* writer) {
  return endpoint_->Serve(
      *context, "WatchRun", rpc::Role::kReader, *request, [&](const rpc::Caller& caller) {
        return DoWatchRun(caller, rpc::CallDeadline(*context, *endpoint_), *request, *writer);
      });
}

absl::Status RunRpc::DoWatchRun(const rpc::Caller& caller, const Deadline& deadline,
                                const v1::WatchRunRequest& request,
                                grpc::ServerWriter<v1::WatchRunResponse>& writer) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, watchers_.Take(caller));
  const auto may_go_on = [&]() -> absl::Status {
    RETURN_IF_ERROR(deadline.Check());
    return endpoint_->MayGoOn(caller);
  };
  std::optional<RunProgress> told;
  while (true) {
    ASSIGN_OR_RETURN(const Run run, use_cases_.reader->AwaitChange(caller.project, request.run_id(),
                                                                   told, may_go_on));
    v1::WatchRunResponse response;
    ToProto(run, response.mutable_run());
    if (!writer.Write(response)) return errors::Cancelled();
    if (run.state != RunState::kRunning) return absl::OkStatus();
    told = run.progress;
  }
}

grpc::Status RunRpc::ListRuns(grpc::ServerContext* context, const v1::ListRunsRequest* request,
                              v1::ListRunsResponse* response) {
  return endpoint_->Serve(
      *context, "ListRuns", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListRuns(caller, *request, response); });
}

absl::Status RunRpc::DoListRuns(const rpc::Caller& caller, const v1::ListRunsRequest& sent,
                                v1::ListRunsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListRunsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("runs", caller.project, request)
                                .Add(request.suite_id())
                                .Add(request.model_version())
                                .Add(int64_t{request.state()})
                                .Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const ListPage<Run> page,
                   use_cases_.reader->List(caller.project, FromProto(request), beyond, page_size));
  for (const Run& run : page.values) ToProto(run, response->add_runs());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
