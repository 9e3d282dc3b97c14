// The calls about the record and dataset versions.
#include <algorithm>

#include "absl/time/clock.h"
#include "curation_service/domain/chat_jsonl.h"
#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/stream_writer.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kMaxRowsPerMessage = 500;
// A client that changed nothing takes messages of up to 4 MiB; one row may be larger than that.
constexpr size_t kMessageBytes = 1 << 20;
// Of a build: where the caller has no deadline, and whatever deadline it has.
constexpr absl::Duration kDefaultWait = absl::Seconds(30);
constexpr absl::Duration kLongestWait = absl::Minutes(10);

// Until when a build may wait for its turn and for the feed.
absl::Time WaitUntil(const Deadline& deadline) {
  const absl::Time now = absl::Now();
  if (deadline.time() == absl::InfiniteFuture()) return now + kDefaultWait;
  return std::min(deadline.time() - rpc::kAnswerTime, now + kLongestWait);
}

// Who knows what the gate asks can train a model on it, or tune one by hand: only the gate does.
absl::Status CheckMayRead(const rpc::Caller& caller, v1::Split split) {
  if (split == v1::SPLIT_TRAIN || caller.role == rpc::Role::kService) return absl::OkStatus();
  return errors::PermissionDenied(
      rpc::RoleName(caller.role),
      "service for the eval side (ask for split = SPLIT_TRAIN with this one)");
}

}  // namespace

grpc::Status CurationRpc::GetProgress(grpc::ServerContext* context,
                                      const v1::GetProgressRequest* request,
                                      v1::GetProgressResponse* response) {
  return endpoint_.Serve(
      *context, "GetProgress", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetProgress(caller, *request, response); });
}

absl::Status CurationRpc::DoGetProgress(const rpc::Caller& caller,
                                        const v1::GetProgressRequest& /*request*/,
                                        v1::GetProgressResponse* response) {
  ASSIGN_OR_RETURN(const Progress progress, use_cases_.scores->GetProgress(caller.project));
  ToProto(progress, *use_cases_.follower, response);
  return absl::OkStatus();
}

grpc::Status CurationRpc::GetScore(grpc::ServerContext* context, const v1::GetScoreRequest* request,
                                   v1::GetScoreResponse* response) {
  return endpoint_.Serve(
      *context, "GetScore", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetScore(caller, *request, response); });
}

absl::Status CurationRpc::DoGetScore(const rpc::Caller& caller, const v1::GetScoreRequest& request,
                                     v1::GetScoreResponse* response) {
  // A correction may be an ideal output of the eval side.
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::optional<Assessment> assessment,
                   use_cases_.scores->GetScore(caller.project, request.interaction_id()));
  ToProto(assessment, response);
  return absl::OkStatus();
}

grpc::Status CurationRpc::BuildDatasetVersion(grpc::ServerContext* context,
                                              const v1::BuildDatasetVersionRequest* request,
                                              v1::BuildDatasetVersionResponse* response) {
  return endpoint_.Serve(*context, "BuildDatasetVersion", rpc::Role::kOperator, *request,
                         [&](const rpc::Caller& caller) {
                           return DoBuildDatasetVersion(caller, *context, *request, response);
                         });
}

absl::Status CurationRpc::DoBuildDatasetVersion(const rpc::Caller& caller,
                                                const grpc::ServerContext& context,
                                                const v1::BuildDatasetVersionRequest& request,
                                                v1::BuildDatasetVersionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  const Deadline deadline = rpc::CallDeadline(context, endpoint_);
  ASSIGN_OR_RETURN(
      const Created<DatasetVersion> built,
      use_cases_.builder->Build(FromProto(caller, request), WaitUntil(deadline), deadline));
  ToProto(built.value, response->mutable_dataset_version());
  response->set_replayed(built.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::GetDatasetVersion(grpc::ServerContext* context,
                                            const v1::GetDatasetVersionRequest* request,
                                            v1::GetDatasetVersionResponse* response) {
  return endpoint_.Serve(
      *context, "GetDatasetVersion", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetDatasetVersion(caller, *request, response); });
}

absl::Status CurationRpc::DoGetDatasetVersion(const rpc::Caller& caller,
                                              const v1::GetDatasetVersionRequest& request,
                                              v1::GetDatasetVersionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const DatasetVersion version,
                   use_cases_.datasets->Get(caller.project, request.dataset_version_id()));
  ToProto(version, response->mutable_dataset_version());
  return absl::OkStatus();
}

grpc::Status CurationRpc::ListDatasetVersions(grpc::ServerContext* context,
                                              const v1::ListDatasetVersionsRequest* request,
                                              v1::ListDatasetVersionsResponse* response) {
  return endpoint_.Serve(
      *context, "ListDatasetVersions", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListDatasetVersions(caller, *request, response); });
}

absl::Status CurationRpc::DoListDatasetVersions(const rpc::Caller& caller,
                                                const v1::ListDatasetVersionsRequest& request,
                                                v1::ListDatasetVersionsResponse* response) {
  // A page of one project says nothing in another.
  const std::string scope = "dataset_versions of " + caller.project;
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t before, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const DatasetVersionPage page,
                   use_cases_.datasets->List(caller.project, before, page_size));
  for (const DatasetVersion& version : page.versions) {
    ToProto(version, response->add_dataset_versions());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_before_ordinal));
  return absl::OkStatus();
}

grpc::Status CurationRpc::ReadDatasetRows(grpc::ServerContext* context,
                                          const v1::ReadDatasetRowsRequest* request,
                                          grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer) {
  return endpoint_.Serve(
      *context, "ReadDatasetRows", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoReadDatasetRows(caller, *request, writer); });
}

absl::Status CurationRpc::DoReadDatasetRows(
    const rpc::Caller& caller, const v1::ReadDatasetRowsRequest& request,
    grpc::ServerWriter<v1::ReadDatasetRowsResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(CheckMayRead(caller, request.split()));
  v1::ReadDatasetRowsResponse message;
  size_t message_bytes = 0;
  RETURN_IF_ERROR(use_cases_.datasets->ForEachRow(
      caller.project, request.dataset_version_id(),
      {FromProto(request.split()), request.include_negatives(), request.ids_only()},
      [&](const DatasetRow& row) -> absl::Status {
        v1::DatasetRow proto;
        if (request.ids_only()) {
          proto.set_interaction_id(row.interaction_id);
        } else {
          ToProto(row, &proto);
        }
        message_bytes += proto.ByteSizeLong();
        *message.add_rows() = std::move(proto);
        if (message.rows_size() < kMaxRowsPerMessage && message_bytes < kMessageBytes) {
          return absl::OkStatus();
        }
        message_bytes = 0;
        return Send(endpoint_, caller, *writer, message);
      }));
  return message.rows_size() == 0 ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

grpc::Status CurationRpc::ExportDataset(grpc::ServerContext* context,
                                        const v1::ExportDatasetRequest* request,
                                        grpc::ServerWriter<v1::ExportDatasetResponse>* writer) {
  return endpoint_.Serve(
      *context, "ExportDataset", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoExportDataset(caller, *request, writer); });
}

absl::Status CurationRpc::DoExportDataset(const rpc::Caller& caller,
                                          const v1::ExportDatasetRequest& request,
                                          grpc::ServerWriter<v1::ExportDatasetResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  RETURN_IF_ERROR(CheckMayRead(caller, request.split()));
  const auto line = request.format() == v1::EXPORT_FORMAT_PROMPT_COMPLETION
                        ? &PromptCompletionJsonLine
                        : &ChatJsonLine;
  v1::ExportDatasetResponse message;
  RETURN_IF_ERROR(
      use_cases_.datasets->ForEachRow(caller.project, request.dataset_version_id(),
                                      {FromProto(request.split()), /*include_negatives=*/false},
                                      [&](const DatasetRow& row) -> absl::Status {
                                        *message.mutable_jsonl() += line(row);
                                        if (message.jsonl().size() < kMessageBytes)
                                          return absl::OkStatus();
                                        return Send(endpoint_, caller, *writer, message);
                                      }));
  return message.jsonl().empty() ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

}  // namespace flywheel::curation
