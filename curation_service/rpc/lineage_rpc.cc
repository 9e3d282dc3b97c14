// The call that follows lineage.
#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/stream_writer.h"
#include "curation_service/rpc/validate.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kMaxEdgesPerMessage = 500;

}  // namespace

grpc::Status CurationRpc::GetLineage(grpc::ServerContext* context,
                                     const v1::GetLineageRequest* request,
                                     grpc::ServerWriter<v1::GetLineageResponse>* writer) {
  return endpoint_.Serve(
      *context, "GetLineage", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetLineage(caller, *request, writer); });
}

absl::Status CurationRpc::DoGetLineage(const rpc::Caller& caller,
                                       const v1::GetLineageRequest& request,
                                       grpc::ServerWriter<v1::GetLineageResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  // As for the rows of the eval side: only the gate may know which they are.
  const bool with_eval_side = rpc::MayDo(caller.role, rpc::Role::kService);
  v1::GetLineageResponse message;
  ASSIGN_OR_RETURN(const bool truncated, use_cases_.lineage->ForEachEdge(
                                             FromProto(caller.project, with_eval_side, request),
                                             [&](const LineageEdge& edge) -> absl::Status {
                                               ToProto(edge, message.add_edges());
                                               if (message.edges_size() < kMaxEdgesPerMessage)
                                                 return absl::OkStatus();
                                               return Send(endpoint_, caller, *writer, message);
                                             }));
  message.set_truncated(truncated);
  return Send(endpoint_, caller, *writer, message);
}

}  // namespace flywheel::curation
