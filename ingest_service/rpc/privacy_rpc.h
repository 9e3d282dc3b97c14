// gRPC handlers of flywheel.ingest.v1.PrivacyService.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_RPC_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_RPC_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <string>
#include <utility>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "ingest_service/privacy/consents.h"
#include "ingest_service/privacy/eraser.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/privacy/record_exporter.h"
#include "ingest_service/record/feed_reader.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// Erase holds a thread until ingest is clean; Eraser bounds how many do. Thread-safe.
class PrivacyRpc final : public v1::PrivacyService::Service {
 public:
  // All pointers outlive this object. `erasure_readers` are the stores that have to report before
  // an erasure is complete.
  PrivacyRpc(rpc::Endpoint* endpoint, Eraser* eraser, RecordExporter* exporter, FeedReader* feed,
             Consents* consents, const Pseudonymiser* pseudonymiser, const InboundFilter* filter,
             std::vector<std::string> erasure_readers)
      : endpoint_(*endpoint),
        eraser_(*eraser),
        exporter_(*exporter),
        feed_(*feed),
        consents_(*consents),
        pseudonymiser_(*pseudonymiser),
        filter_(*filter),
        erasure_readers_(std::move(erasure_readers)) {}

  grpc::Status Erase(grpc::ServerContext* context, const v1::EraseRequest* request,
                     v1::EraseResponse* response) override;
  grpc::Status ExportRecords(grpc::ServerContext* context, const v1::ExportRecordsRequest* request,
                             grpc::ServerWriter<v1::ExportRecordsResponse>* writer) override;
  grpc::Status GetErasure(grpc::ServerContext* context, const v1::GetErasureRequest* request,
                          v1::GetErasureResponse* response) override;
  grpc::Status ReportErasure(grpc::ServerContext* context, const v1::ReportErasureRequest* request,
                             v1::ReportErasureResponse* response) override;
  grpc::Status SetLegalHold(grpc::ServerContext* context, const v1::SetLegalHoldRequest* request,
                            v1::SetLegalHoldResponse* response) override;
  grpc::Status SetConsent(grpc::ServerContext* context, const v1::SetConsentRequest* request,
                          v1::SetConsentResponse* response) override;
  grpc::Status GetConsent(grpc::ServerContext* context, const v1::GetConsentRequest* request,
                          v1::GetConsentResponse* response) override;
  grpc::Status ScanText(grpc::ServerContext* context, const v1::ScanTextRequest* request,
                        v1::ScanTextResponse* response) override;

 private:
  Person PersonOf(const rpc::Caller& caller, const std::string& user_id) const {
    return {caller.project, pseudonymiser_.Pseudonyms(caller.project, user_id)};
  }
  // Of an erasure or an export.
  template <typename Request>
  Subject SubjectOf(const rpc::Caller& caller, const Request& request) const;

  // What each call does once it is admitted.
  absl::Status DoErase(const rpc::Caller& caller, const grpc::ServerContext& context,
                       const v1::EraseRequest& request, v1::EraseResponse* response);
  absl::Status DoExportRecords(const rpc::Caller& caller, const grpc::ServerContext& context,
                               const v1::ExportRecordsRequest& request,
                               grpc::ServerWriter<v1::ExportRecordsResponse>* writer);
  absl::Status DoGetErasure(const rpc::Caller& caller, const v1::GetErasureRequest& request,
                            v1::GetErasureResponse* response);
  absl::Status DoReportErasure(const rpc::Caller& caller, const v1::ReportErasureRequest& request);
  absl::Status DoSetLegalHold(const rpc::Caller& caller, const v1::SetLegalHoldRequest& request,
                              v1::SetLegalHoldResponse* response);
  absl::Status DoSetConsent(const rpc::Caller& caller, const v1::SetConsentRequest& request,
                            v1::SetConsentResponse* response);
  absl::Status DoGetConsent(const rpc::Caller& caller, const v1::GetConsentRequest& request,
                            v1::GetConsentResponse* response);
  absl::Status DoScanText(const v1::ScanTextRequest& request, v1::ScanTextResponse* response);

  rpc::Endpoint& endpoint_;
  Eraser& eraser_;
  RecordExporter& exporter_;
  // Whose bound of streams holds for exports, too: each takes a thread for as long as its client.
  FeedReader& feed_;
  Consents& consents_;
  const Pseudonymiser& pseudonymiser_;
  const InboundFilter& filter_;
  const std::vector<std::string> erasure_readers_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_PRIVACY_RPC_H_
