// The calls about dataset versions and their builds.
#include <optional>
#include <utility>

#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/stream_writer.h"
#include "curation_service/rpc/text_redaction.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// How soon a watcher notices that the server stops or that it is alone.
constexpr absl::Duration kLookAgain = absl::Milliseconds(200);

}  // namespace

void CurationRpc::ShowVersion(const rpc::Caller& caller, DatasetVersion version,
                              v1::DatasetVersion* proto) {
  if (version.state == DatasetVersionState::kBuilding) {
    version.progress = use_cases_.builds->ProgressOf(caller.project, version);
  }
  ToProto(version, proto);
}

grpc::Status CurationRpc::BuildDatasetVersion(grpc::ServerContext* context,
                                              const v1::BuildDatasetVersionRequest* request,
                                              v1::BuildDatasetVersionResponse* response) {
  return endpoint_.Serve(
      *context, "BuildDatasetVersion", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoBuildDatasetVersion(caller, *request, response); });
}

absl::Status CurationRpc::DoBuildDatasetVersion(const rpc::Caller& caller,
                                                const v1::BuildDatasetVersionRequest& sent,
                                                v1::BuildDatasetVersionResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::BuildDatasetVersionRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(Created<DatasetVersion> begun,
                   use_cases_.builds->Begin(FromProto(caller, request)));
  ShowVersion(caller, std::move(begun.value), response->mutable_dataset_version());
  response->set_replayed(begun.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::CancelDatasetBuild(grpc::ServerContext* context,
                                             const v1::CancelDatasetBuildRequest* request,
                                             v1::CancelDatasetBuildResponse* response) {
  return endpoint_.Serve(
      *context, "CancelDatasetBuild", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoCancelDatasetBuild(caller, *request, response); });
}

absl::Status CurationRpc::DoCancelDatasetBuild(const rpc::Caller& caller,
                                               const v1::CancelDatasetBuildRequest& sent,
                                               v1::CancelDatasetBuildResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::CancelDatasetBuildRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(
      Created<DatasetVersion> cancelled,
      use_cases_.builds->Cancel(caller, request.dataset_version_id(), request.reason()));
  ShowVersion(caller, std::move(cancelled.value), response->mutable_dataset_version());
  response->set_replayed(cancelled.replayed);
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
  ASSIGN_OR_RETURN(DatasetVersion version,
                   use_cases_.datasets->Get(caller.project, request.dataset_version_id()));
  ShowVersion(caller, std::move(version), response->mutable_dataset_version());
  return absl::OkStatus();
}

grpc::Status CurationRpc::WatchDatasetVersion(
    grpc::ServerContext* context, const v1::WatchDatasetVersionRequest* request,
    grpc::ServerWriter<v1::WatchDatasetVersionResponse>* writer) {
  return endpoint_.Serve(*context, "WatchDatasetVersion", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoWatchDatasetVersion(caller, *context, *request, writer);
                         });
}

absl::Status CurationRpc::DoWatchDatasetVersion(
    const rpc::Caller& caller, const grpc::ServerContext& context,
    const v1::WatchDatasetVersionRequest& request,
    grpc::ServerWriter<v1::WatchDatasetVersionResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, watchers_.Take(caller));
  const Deadline deadline = rpc::CallDeadline(context, endpoint_);
  std::optional<BuildProgress> told;
  while (true) {
    const int64_t seen = use_cases_.builds->changes();
    ASSIGN_OR_RETURN(DatasetVersion version,
                     use_cases_.datasets->Get(caller.project, request.dataset_version_id()));
    const bool building = version.state == DatasetVersionState::kBuilding;
    const BuildProgress progress = use_cases_.builds->ProgressOf(caller.project, version);
    if (!building || told != progress) {
      v1::WatchDatasetVersionResponse message;
      version.progress = progress;
      ToProto(version, message.mutable_dataset_version());
      RETURN_IF_ERROR(Send(endpoint_, caller, *writer, message));
      told = progress;
    }
    if (!building) return absl::OkStatus();
    RETURN_IF_ERROR(deadline.Check());
    use_cases_.builds->AwaitChange(seen, kLookAgain);
  }
}

grpc::Status CurationRpc::ListDatasetVersions(grpc::ServerContext* context,
                                              const v1::ListDatasetVersionsRequest* request,
                                              v1::ListDatasetVersionsResponse* response) {
  return endpoint_.Serve(
      *context, "ListDatasetVersions", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListDatasetVersions(caller, *request, response); });
}

absl::Status CurationRpc::DoListDatasetVersions(const rpc::Caller& caller,
                                                const v1::ListDatasetVersionsRequest& sent,
                                                v1::ListDatasetVersionsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListDatasetVersionsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("dataset_versions", caller.project, request)
                                .Add(int64_t{request.state()})
                                .Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      ListPage<DatasetVersion> page,
      use_cases_.datasets->List(caller.project, FromProto(request), beyond, page_size));
  for (DatasetVersion& version : page.values) {
    ShowVersion(caller, std::move(version), response->add_dataset_versions());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::curation
