#include "ingest_service/rpc/privacy_rpc.h"

#include <algorithm>

#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/privacy/session_names.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/privacy_convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/project_scope.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

grpc::Status PrivacyRpc::Erase(grpc::ServerContext* context, const v1::EraseRequest* request,
                               v1::EraseResponse* response) {
  return endpoint_.Serve(
      *context, "Erase", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoErase(caller, *context, *request, response); });
}

template <typename Request>
Subject PrivacyRpc::SubjectOf(const rpc::Caller& caller, const Request& request) const {
  if (request.has_session_id()) {
    return {caller.project, SubjectKind::kSession,
            SessionNames(pseudonymiser_, caller.project, request.session_id())};
  }
  if (request.has_interaction_id()) {
    return {caller.project, SubjectKind::kInteraction, {request.interaction_id()}};
  }
  return {caller.project, SubjectKind::kUser,
          pseudonymiser_.Pseudonyms(caller.project, request.user_id())};
}

absl::Status PrivacyRpc::DoErase(const rpc::Caller& caller, const grpc::ServerContext& context,
                                 const v1::EraseRequest& request, v1::EraseResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  // The erasure goes on whatever is answered here.
  ASSIGN_OR_RETURN(const ErasureReceipt receipt,
                   eraser_.Erase({caller, request.erasure_id(), SubjectOf(caller, request)},
                                 rpc::CallDeadline(context, endpoint_)));
  ToProto(receipt, erasure_readers_, response->mutable_erasure());
  return absl::OkStatus();
}

grpc::Status PrivacyRpc::ExportRecords(grpc::ServerContext* context,
                                       const v1::ExportRecordsRequest* request,
                                       grpc::ServerWriter<v1::ExportRecordsResponse>* writer) {
  return endpoint_.Serve(*context, "ExportRecords", rpc::Role::kOperator, *request,
                         [&](const rpc::Caller& caller) {
                           return DoExportRecords(caller, *context, *request, writer);
                         });
}

absl::Status PrivacyRpc::DoExportRecords(const rpc::Caller& caller,
                                         const grpc::ServerContext& context,
                                         const v1::ExportRecordsRequest& request,
                                         grpc::ServerWriter<v1::ExportRecordsResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const FeedReader::StreamSlot slot, feed_.TakeSlot(caller.project));
  const Deadline deadline = rpc::CallDeadline(context, endpoint_);
  const absl::Time now = endpoint_.clock().Now();
  return exporter_.Export(
      caller, now, SubjectOf(caller, request), [&](const ExportPage& page) -> absl::Status {
        // A key may be taken away meanwhile.
        RETURN_IF_ERROR(deadline.Check());
        RETURN_IF_ERROR(endpoint_.MayGoOn(caller));
        v1::ExportRecordsResponse response;
        for (const std::string& interaction : page.interactions) {
          RETURN_IF_ERROR(ParseInteraction(interaction, *response.add_interactions()));
        }
        for (const std::string& signal : page.signals) {
          RETURN_IF_ERROR(ParseSignal(signal, response.add_signals()));
        }
        for (const ConsentStatement& consent : page.consents) {
          ToProto(consent, response.add_consents());
        }
        return writer->Write(response) ? absl::OkStatus() : errors::Cancelled();
      });
}

grpc::Status PrivacyRpc::GetErasure(grpc::ServerContext* context,
                                    const v1::GetErasureRequest* request,
                                    v1::GetErasureResponse* response) {
  return endpoint_.Serve(
      *context, "GetErasure", rpc::Role::kOperator, *request,
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
  // Those whom a receipt waits for are the operator's: no tenant speaks for them.
  const auto& readers = erasure_readers_;
  if (std::find(readers.begin(), readers.end(), request.store()) != readers.end()) {
    RETURN_IF_ERROR(rpc::RequireKeyOfAllProjects(caller));
  }
  return eraser_.Report(caller.project, request.erasure_id(), request.store(), request.rows());
}

grpc::Status PrivacyRpc::SetLegalHold(grpc::ServerContext* context,
                                      const v1::SetLegalHoldRequest* request,
                                      v1::SetLegalHoldResponse* response) {
  return endpoint_.Serve(
      *context, "SetLegalHold", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoSetLegalHold(caller, *request, response); });
}

absl::Status PrivacyRpc::DoSetLegalHold(const rpc::Caller& caller,
                                        const v1::SetLegalHoldRequest& request,
                                        v1::SetLegalHoldResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  std::string reason = request.reason();
  RETURN_IF_ERROR(filter_.RedactPiece(reason, nullptr));
  ASSIGN_OR_RETURN(
      const bool changed,
      consents_.SetLegalHold(caller, PersonOf(caller, request.user_id()), request.hold(), reason));
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
  ASSIGN_OR_RETURN(const int64_t sequence,
                   consents_.Set(caller, PersonOf(caller, request.consent().user_id()),
                                 FromProto(request.consent())));
  response->set_changed(sequence > 0);
  response->set_commit_token(rpc::FeedToken(sequence));
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

grpc::Status PrivacyRpc::ScanText(grpc::ServerContext* context, const v1::ScanTextRequest* request,
                                  v1::ScanTextResponse* response) {
  return endpoint_.Serve(*context, "ScanText", rpc::Role::kWriter, *request,
                         [&](const rpc::Caller&) { return DoScanText(*request, response); });
}

absl::Status PrivacyRpc::DoScanText(const v1::ScanTextRequest& request,
                                    v1::ScanTextResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::vector<redaction::ScannedText> scanned,
                   filter_.Scan(FromProto(request)));
  for (size_t i = 0; i < scanned.size(); ++i) {
    ToProto(scanned[i], request.texts(static_cast<int>(i)).text(), response->add_texts());
  }
  response->set_redacts(filter_.redacts());
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
