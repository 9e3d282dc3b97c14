// The handler of AnalyzeSegments.
#include "experiment_service/rpc/convert_segments.h"
#include "experiment_service/rpc/experiment_rpc.h"
#include "experiment_service/rpc/validate_segments.h"
#include "shared/rpc/call_places.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// Without keys nobody is known to answer for anything.
Sight SightOf(const rpc::Caller& caller) {
  return caller.identity && rpc::MayDo(caller.role, rpc::Role::kOperator) ? Sight::kDecider
                                                                          : Sight::kReader;
}

}  // namespace

grpc::Status ExperimentRpc::AnalyzeSegments(grpc::ServerContext* context,
                                            const v1::AnalyzeSegmentsRequest* request,
                                            v1::AnalyzeSegmentsResponse* response) {
  return endpoint_->Serve(
      *context, "AnalyzeSegments", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoAnalyzeSegments(caller, *request, response); });
}

absl::Status ExperimentRpc::DoAnalyzeSegments(const rpc::Caller& caller,
                                              const v1::AnalyzeSegmentsRequest& request,
                                              v1::AnalyzeSegmentsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, segment_analyses_.Take(caller));
  ASSIGN_OR_RETURN(
      const SegmentedExperiment analysed,
      use_cases_.segments->Analyze(caller.project, request.experiment_id(), SightOf(caller)));
  ToProto(analysed, response->mutable_analysis());
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
