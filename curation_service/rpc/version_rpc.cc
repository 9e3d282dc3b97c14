// The calls about model versions.
#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/text_redaction.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

grpc::Status CurationRpc::RegisterVersion(grpc::ServerContext* context,
                                          const v1::RegisterVersionRequest* request,
                                          v1::RegisterVersionResponse* response) {
  return endpoint_.Serve(
      *context, "RegisterVersion", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoRegisterVersion(caller, *request, response); });
}

absl::Status CurationRpc::DoRegisterVersion(const rpc::Caller& caller,
                                            const v1::RegisterVersionRequest& sent,
                                            v1::RegisterVersionResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::RegisterVersionRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<ModelVersion> result,
                   use_cases_.versions->Register(caller, FromProto(request)));
  ToProto(result.value, response->mutable_model_version());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status CurationRpc::GetVersion(grpc::ServerContext* context,
                                     const v1::GetVersionRequest* request,
                                     v1::GetVersionResponse* response) {
  return endpoint_.Serve(
      *context, "GetVersion", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetVersion(caller, *request, response); });
}

absl::Status CurationRpc::DoGetVersion(const rpc::Caller& caller,
                                       const v1::GetVersionRequest& request,
                                       v1::GetVersionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(
      const ModelVersion version,
      use_cases_.versions->Get(caller.project, request.agent(), request.model_version()));
  ToProto(version, response->mutable_model_version());
  return absl::OkStatus();
}

grpc::Status CurationRpc::ListVersions(grpc::ServerContext* context,
                                       const v1::ListVersionsRequest* request,
                                       v1::ListVersionsResponse* response) {
  return endpoint_.Serve(
      *context, "ListVersions", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListVersions(caller, *request, response); });
}

absl::Status CurationRpc::DoListVersions(const rpc::Caller& caller,
                                         const v1::ListVersionsRequest& sent,
                                         v1::ListVersionsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListVersionsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("versions", caller.project, request).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<ModelVersion> page,
      use_cases_.versions->List(caller.project, rpc::CommonFilter(request), beyond, page_size));
  for (const ModelVersion& version : page.values) {
    ToProto(version, response->add_model_versions());
  }
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::curation
