#include "ingest_service/rpc/privacy_rpc.h"

#include <algorithm>

#include "ingest_service/rpc/privacy_convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

grpc::Status PrivacyRpc::EraseUser(grpc::ServerContext* context,
                                   const v1::EraseUserRequest* request,
                                   v1::EraseUserResponse* response) {
  return endpoint_.Serve(
      *context, "EraseUser", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoEraseUser(caller, *context, *request, response); });
}

absl::Status PrivacyRpc::DoEraseUser(const rpc::Caller& caller, const grpc::ServerContext& context,
                                     const v1::EraseUserRequest& request,
                                     v1::EraseUserResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  // The erasure goes on whatever is answered here.
  ASSIGN_OR_RETURN(const ErasureReceipt receipt,
                   eraser_.Erase({request.erasure_id(), PersonOf(caller, request.user_id())},
                                 rpc::CallDeadline(context, endpoint_)));
  ToProto(receipt, erasure_readers_, response->mutable_erasure());
  return absl::OkStatus();
}

grpc::Status PrivacyRpc::GetErasure(grpc::ServerContext* context,
                                    const v1::GetErasureRequest* request,
                                    v1::GetErasureResponse* response) {
  return endpoint_.Serve(
      *context, "GetErasure", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoGetErasure(caller, *request, response); });
}

absl::Status PrivacyRpc::DoGetErasure(const rpc::Caller& caller,
                                      const v1::GetErasureRequest& request,
                                      v1::GetErasureResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ErasureReceipt receipt, eraser_.Get(caller.project, request.erasure_id()));
  ToProto(receipt, erasure_readers_, response->mutable_erasure());
  return absl::OkStatus();
}

grpc::Status PrivacyRpc::ReportErasure(grpc::ServerContext* context,
                                       const v1::ReportErasureRequest* request,
                                       v1::ReportErasureResponse*) {
  return endpoint_.Serve(
      *context, "ReportErasure", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoReportErasure(caller, *request); });
}

absl::Status PrivacyRpc::DoReportErasure(const rpc::Caller& caller,
                                         const v1::ReportErasureRequest& request) {
  RETURN_IF_ERROR(Validate(request));
  return eraser_.Report(caller.project, request.erasure_id(), request.store(), request.rows());
}

grpc::Status PrivacyRpc::SetLegalHold(grpc::ServerContext* context,
                                      const v1::SetLegalHoldRequest* request,
                                      v1::SetLegalHoldResponse* response) {
  return endpoint_.Serve(
      *context, "SetLegalHold", rpc::Role::kService, *request,
      [&](const rpc::Caller& caller) { return DoSetLegalHold(caller, *request, response); });
}

absl::Status PrivacyRpc::DoSetLegalHold(const rpc::Caller& caller,
                                        const v1::SetLegalHoldRequest& request,
                                        v1::SetLegalHoldResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const bool changed, consents_.SetLegalHold(PersonOf(caller, request.user_id()),
                                                              request.hold(), request.reason()));
  response->set_changed(changed);
  return absl::OkStatus();
}

grpc::Status PrivacyRpc::SetConsent(grpc::ServerContext* context,
                                    const v1::SetConsentRequest* request,
                                    v1::SetConsentResponse* response) {
  return endpoint_.Serve(
      *context, "SetConsent", rpc::Role::kWriter, *request,
      [&](const rpc::Caller& caller) { return DoSetConsent(caller, *request, response); });
}

absl::Status PrivacyRpc::DoSetConsent(const rpc::Caller& caller,
                                      const v1::SetConsentRequest& request,
                                      v1::SetConsentResponse* response) {
  RETURN_IF_ERROR(Validate(request, endpoint_.clock().Now()));
  ASSIGN_OR_RETURN(
      const int64_t sequence,
      consents_.Set(PersonOf(caller, request.consent().user_id()), FromProto(request.consent())));
  response->set_changed(sequence > 0);
  response->set_commit_sequence(sequence);
  return absl::OkStatus();
}

grpc::Status PrivacyRpc::GetConsent(grpc::ServerContext* context,
                                    const v1::GetConsentRequest* request,
                                    v1::GetConsentResponse* response) {
  return endpoint_.Serve(
      *context, "GetConsent", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetConsent(caller, *request, response); });
}

absl::Status PrivacyRpc::DoGetConsent(const rpc::Caller& caller,
                                      const v1::GetConsentRequest& request,
                                      v1::GetConsentResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::vector<Purpose> refused,
                   consents_.Refused(PersonOf(caller, request.user_id())));
  for (const Purpose purpose : refused) {
    response->add_refused(static_cast<v1::Purpose>(purpose));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
