#include "experiment_service/rpc/ramp_rpc.h"

#include <cstddef>
#include <string>

#include "experiment_service/rpc/convert.h"
#include "experiment_service/rpc/convert_ramp.h"
#include "experiment_service/rpc/text_redaction.h"
#include "experiment_service/rpc/validate_ramp.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

using rpc::Caller;
using rpc::Role;

grpc::Status RampRpc::PauseRamp(grpc::ServerContext* context, const v1::PauseRampRequest* request,
                                v1::PauseRampResponse* response) {
  return endpoint_->Serve(
      *context, "PauseRamp", Role::kOperator, *request,
      [&](const Caller& caller) { return DoPauseRamp(caller, *request, response); });
}

absl::Status RampRpc::DoPauseRamp(const Caller& caller, const v1::PauseRampRequest& sent,
                                  v1::PauseRampResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::PauseRampRequest request, Redacted(*texts_, sent));
  ASSIGN_OR_RETURN(
      const Created<Experiment> result,
      ramps_->Pause(caller, request.experiment_id(), {request.owner(), request.reason()}));
  ToProto(result.value, response->mutable_experiment());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status RampRpc::ResumeRamp(grpc::ServerContext* context, const v1::ResumeRampRequest* request,
                                 v1::ResumeRampResponse* response) {
  return endpoint_->Serve(
      *context, "ResumeRamp", Role::kOperator, *request,
      [&](const Caller& caller) { return DoResumeRamp(caller, *request, response); });
}

absl::Status RampRpc::DoResumeRamp(const Caller& caller, const v1::ResumeRampRequest& sent,
                                   v1::ResumeRampResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ResumeRampRequest request, Redacted(*texts_, sent));
  ASSIGN_OR_RETURN(
      const Created<Experiment> result,
      ramps_->Resume(caller, request.experiment_id(), {request.owner(), request.reason()}));
  ToProto(result.value, response->mutable_experiment());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status RampRpc::AdvanceRamp(grpc::ServerContext* context,
                                  const v1::AdvanceRampRequest* request,
                                  v1::AdvanceRampResponse* response) {
  return endpoint_->Serve(
      *context, "AdvanceRamp", Role::kOperator, *request,
      [&](const Caller& caller) { return DoAdvanceRamp(caller, *request, response); });
}

absl::Status RampRpc::DoAdvanceRamp(const Caller& caller, const v1::AdvanceRampRequest& sent,
                                    v1::AdvanceRampResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::AdvanceRampRequest request, Redacted(*texts_, sent));
  ASSIGN_OR_RETURN(
      const Created<Experiment> result,
      ramps_->Advance(caller, request.experiment_id(), {request.owner(), request.reason()},
                      static_cast<size_t>(request.to_step())));
  ToProto(result.value, response->mutable_experiment());
  response->set_replayed(result.replayed);
  return absl::OkStatus();
}

grpc::Status RampRpc::ListRampEvents(grpc::ServerContext* context,
                                     const v1::ListRampEventsRequest* request,
                                     v1::ListRampEventsResponse* response) {
  return endpoint_->Serve(
      *context, "ListRampEvents", Role::kReader, *request,
      [&](const Caller& caller) { return DoListRampEvents(caller, *request, response); });
}

absl::Status RampRpc::DoListRampEvents(const Caller& caller,
                                       const v1::ListRampEventsRequest& request,
                                       v1::ListRampEventsResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  const std::string scope =
      ContentHash().Add("ramp_events").Add(caller.project).Add(request.experiment_id()).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const ListPage<RampEvent> page,
                   ramps_->ListEvents(caller.project, request.experiment_id(), beyond, page_size));
  for (const RampEvent& event : page.values) ToProto(event, response->add_events());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
