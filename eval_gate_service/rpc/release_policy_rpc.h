// gRPC handlers of flywheel.evalgate.v1.ReleasePolicyService.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_POLICY_RPC_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_POLICY_RPC_H_

#include "eval_gate_service/baseline_approvals.h"
#include "eval_gate_service/release_policies.h"
#include "eval_gate_service/verdict_waivers.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::evalgate {

// What the handlers call; all outlive them.
struct PolicyUseCases {
  ReleasePolicies* policies = nullptr;
  BaselineApprovals* approvals = nullptr;
  VerdictWaivers* waivers = nullptr;
  const TextFilter* texts = nullptr;
};

// Validates, converts, calls, converts back. Thread-safe. What each method does is said in
// release_policy_service.proto.
class ReleasePolicyRpc final : public v1::ReleasePolicyService::Service {
 public:
  ReleasePolicyRpc(rpc::Endpoint* endpoint, const PolicyUseCases& use_cases)
      : endpoint_(endpoint), use_cases_(use_cases) {}

  grpc::Status SetReleasePolicy(grpc::ServerContext* context,
                                const v1::SetReleasePolicyRequest* request,
                                v1::SetReleasePolicyResponse* response) override;
  grpc::Status GetReleasePolicy(grpc::ServerContext* context,
                                const v1::GetReleasePolicyRequest* request,
                                v1::GetReleasePolicyResponse* response) override;
  grpc::Status ListReleasePolicies(grpc::ServerContext* context,
                                   const v1::ListReleasePoliciesRequest* request,
                                   v1::ListReleasePoliciesResponse* response) override;
  grpc::Status ApproveBaseline(grpc::ServerContext* context,
                               const v1::ApproveBaselineRequest* request,
                               v1::ApproveBaselineResponse* response) override;
  grpc::Status ListBaselineApprovals(grpc::ServerContext* context,
                                     const v1::ListBaselineApprovalsRequest* request,
                                     v1::ListBaselineApprovalsResponse* response) override;
  grpc::Status WaiveVerdicts(grpc::ServerContext* context, const v1::WaiveVerdictsRequest* request,
                             v1::WaiveVerdictsResponse* response) override;
  grpc::Status ListVerdictWaivers(grpc::ServerContext* context,
                                  const v1::ListVerdictWaiversRequest* request,
                                  v1::ListVerdictWaiversResponse* response) override;

 private:
  // What each call does once it is admitted.
  absl::Status DoSetReleasePolicy(const rpc::Caller& caller,
                                  const v1::SetReleasePolicyRequest& request,
                                  v1::SetReleasePolicyResponse* response);
  absl::Status DoGetReleasePolicy(const rpc::Caller& caller,
                                  const v1::GetReleasePolicyRequest& request,
                                  v1::GetReleasePolicyResponse* response);
  absl::Status DoListReleasePolicies(const rpc::Caller& caller,
                                     const v1::ListReleasePoliciesRequest& request,
                                     v1::ListReleasePoliciesResponse* response);
  absl::Status DoApproveBaseline(const rpc::Caller& caller,
                                 const v1::ApproveBaselineRequest& request,
                                 v1::ApproveBaselineResponse* response);
  absl::Status DoListBaselineApprovals(const rpc::Caller& caller,
                                       const v1::ListBaselineApprovalsRequest& request,
                                       v1::ListBaselineApprovalsResponse* response);
  absl::Status DoWaiveVerdicts(const rpc::Caller& caller, const v1::WaiveVerdictsRequest& request,
                               v1::WaiveVerdictsResponse* response);
  absl::Status DoListVerdictWaivers(const rpc::Caller& caller,
                                    const v1::ListVerdictWaiversRequest& request,
                                    v1::ListVerdictWaiversResponse* response);

  rpc::Endpoint* const endpoint_;
  const PolicyUseCases use_cases_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_RELEASE_POLICY_RPC_H_
