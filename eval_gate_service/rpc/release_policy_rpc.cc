#include "eval_gate_service/rpc/release_policy_rpc.h"

#include <algorithm>

#include "eval_gate_service/rpc/policy_convert.h"
#include "eval_gate_service/rpc/policy_validate.h"
#include "eval_gate_service/rpc/text_redaction.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each may have tens of KiB: so many are one message.
constexpr int64_t kMostPerPage = 50;

absl::StatusOr<int64_t> PageSize(int32_t asked) {
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(asked));
  return std::min(page_size, kMostPerPage);
}

}  // namespace

grpc::Status ReleasePolicyRpc::SetReleasePolicy(grpc::ServerContext* context,
                                                const v1::SetReleasePolicyRequest* request,
                                                v1::SetReleasePolicyResponse* response) {
  return endpoint_->Serve(
      *context, "SetReleasePolicy", rpc::Role::kOwner, *request,
      [&](const rpc::Caller& caller) { return DoSetReleasePolicy(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoSetReleasePolicy(const rpc::Caller& caller,
                                                  const v1::SetReleasePolicyRequest& sent,
                                                  v1::SetReleasePolicyResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::SetReleasePolicyRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<ReleasePolicy> made,
                   use_cases_.policies->Set(caller, FromProto(request.policy())));
  ToProto(made.value, response->mutable_policy());
  response->set_replayed(made.replayed);
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::GetReleasePolicy(grpc::ServerContext* context,
                                                const v1::GetReleasePolicyRequest* request,
                                                v1::GetReleasePolicyResponse* response) {
  return endpoint_->Serve(
      *context, "GetReleasePolicy", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetReleasePolicy(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoGetReleasePolicy(const rpc::Caller& caller,
                                                  const v1::GetReleasePolicyRequest& request,
                                                  v1::GetReleasePolicyResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(
      const PolicyState state,
      use_cases_.policies->Get(caller.project, request.agent(), request.policy_version()));
  ToProto(state.policy, response->mutable_policy());
  response->set_baseline_model_version(state.baselines.baseline);
  response->set_reference_model_version(state.baselines.reference);
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::ListReleasePolicies(grpc::ServerContext* context,
                                                   const v1::ListReleasePoliciesRequest* request,
                                                   v1::ListReleasePoliciesResponse* response) {
  return endpoint_->Serve(
      *context, "ListReleasePolicies", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListReleasePolicies(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoListReleasePolicies(const rpc::Caller& caller,
                                                     const v1::ListReleasePoliciesRequest& sent,
                                                     v1::ListReleasePoliciesResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListReleasePoliciesRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("release policies", caller.project, request).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<ReleasePolicy> page,
      use_cases_.policies->List(caller.project, rpc::CommonFilter(request), beyond, page_size));
  for (const ReleasePolicy& one : page.values) ToProto(one, response->add_policies());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::ApproveBaseline(grpc::ServerContext* context,
                                               const v1::ApproveBaselineRequest* request,
                                               v1::ApproveBaselineResponse* response) {
  return endpoint_->Serve(
      *context, "ApproveBaseline", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoApproveBaseline(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoApproveBaseline(const rpc::Caller& caller,
                                                 const v1::ApproveBaselineRequest& sent,
                                                 v1::ApproveBaselineResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ApproveBaselineRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<BaselineApproval> made,
                   use_cases_.approvals->Approve(caller, FromProto(request.approval())));
  ToProto(made.value, response->mutable_approval());
  response->set_replayed(made.replayed);
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::ListBaselineApprovals(
    grpc::ServerContext* context, const v1::ListBaselineApprovalsRequest* request,
    v1::ListBaselineApprovalsResponse* response) {
  return endpoint_->Serve(*context, "ListBaselineApprovals", rpc::Role::kReader, *request,
                          [&](const rpc::Caller& caller) {
                            return DoListBaselineApprovals(caller, *request, response);
                          });
}

absl::Status ReleasePolicyRpc::DoListBaselineApprovals(
    const rpc::Caller& caller, const v1::ListBaselineApprovalsRequest& sent,
    v1::ListBaselineApprovalsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListBaselineApprovalsRequest request,
                   Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("baseline approvals", caller.project, request).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<BaselineApproval> page,
      use_cases_.approvals->List(caller.project, rpc::CommonFilter(request), beyond, page_size));
  for (const BaselineApproval& one : page.values) ToProto(one, response->add_approvals());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::WaiveVerdicts(grpc::ServerContext* context,
                                             const v1::WaiveVerdictsRequest* request,
                                             v1::WaiveVerdictsResponse* response) {
  return endpoint_->Serve(
      *context, "WaiveVerdicts", rpc::Role::kOwner, *request,
      [&](const rpc::Caller& caller) { return DoWaiveVerdicts(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoWaiveVerdicts(const rpc::Caller& caller,
                                               const v1::WaiveVerdictsRequest& sent,
                                               v1::WaiveVerdictsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::WaiveVerdictsRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const Created<VerdictWaiver> made,
                   use_cases_.waivers->Waive(caller, FromProto(request.waiver())));
  ToProto(made.value, response->mutable_waiver());
  response->set_replayed(made.replayed);
  return absl::OkStatus();
}

grpc::Status ReleasePolicyRpc::ListVerdictWaivers(grpc::ServerContext* context,
                                                  const v1::ListVerdictWaiversRequest* request,
                                                  v1::ListVerdictWaiversResponse* response) {
  return endpoint_->Serve(
      *context, "ListVerdictWaivers", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListVerdictWaivers(caller, *request, response); });
}

absl::Status ReleasePolicyRpc::DoListVerdictWaivers(const rpc::Caller& caller,
                                                    const v1::ListVerdictWaiversRequest& sent,
                                                    v1::ListVerdictWaiversResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListVerdictWaiversRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("verdict waivers", caller.project, request).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<VerdictWaiver> page,
      use_cases_.waivers->List(caller.project, rpc::CommonFilter(request), beyond, page_size));
  for (const VerdictWaiver& one : page.values) ToProto(one, response->add_waivers());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
