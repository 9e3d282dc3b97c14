// The calls of those who keep copies of dataset rows.
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/project_scope.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {

grpc::Status CurationRpc::ListErasures(grpc::ServerContext* context,
                                       const v1::ListErasuresRequest* request,
                                       v1::ListErasuresResponse* response) {
  return endpoint_.Serve(
      *context, "ListErasures", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoListErasures(caller, *request, response); });
}

absl::Status CurationRpc::DoListErasures(const rpc::Caller& caller,
                                         const v1::ListErasuresRequest& request,
                                         v1::ListErasuresResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::string project, rpc::ProjectScope(caller, request.all_projects()));
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t cursor, rpc::ParseFeedToken("cursor", request.cursor()));
  ASSIGN_OR_RETURN(const FinishedErasures page,
                   use_cases_.erasures->List(project, cursor, page_size));
  for (const FinishedErasure& erasure : page.erasures) {
    v1::FinishedErasure* const proto = response->add_erasures();
    proto->set_project(erasure.project);
    proto->set_erasure_id(erasure.erasure_id);
  }
  response->set_next_cursor(rpc::FeedToken(page.next_cursor));
  return absl::OkStatus();
}

grpc::Status CurationRpc::ReportErasure(grpc::ServerContext* context,
                                        const v1::ReportErasureRequest* request,
                                        v1::ReportErasureResponse*) {
  return endpoint_.Serve(
      *context, "ReportErasure", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoReportErasure(caller, *request); });
}

absl::Status CurationRpc::DoReportErasure(const rpc::Caller& caller,
                                          const v1::ReportErasureRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  // Ingest gets it under this service's key, which speaks for every reader.
  RETURN_IF_ERROR(rpc::RequireKeyOfAllProjects(caller));
  return use_cases_.erasures->Report(caller.project, request.erasure_id(), request.store(),
                                     request.rows());
}

}  // namespace flywheel::curation
