#include "ingest_service/rpc/store_scan_rpc.h"

#include "absl/time/clock.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/project_scope.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::Status Validate(const v1::ScanStoreRequest& request) {
  rpc::FieldChecks checks(absl::Now());
  checks.Id("scan_id", request.scan_id());
  return checks.status();
}

void ToProto(const StoreScan& scan, int64_t stored_records, v1::StoreScan* proto) {
  proto->set_project(scan.project);
  proto->set_scan_id(scan.scan_id);
  proto->set_rewrite(scan.rewrite);
  *proto->mutable_request_time() = rpc::ToProto(scan.request_time);
  proto->set_requested_by(scan.requested_by);
  proto->set_records(scan.counts.records);
  proto->set_stored_records(stored_records);
  proto->set_changed_interactions(scan.counts.changed_interactions);
  proto->set_changed_signals(scan.counts.changed_signals);
  proto->set_held_records(scan.counts.held_records);
  for (const auto& [type, values] : scan.counts.found) {
    v1::FoundType* const found = proto->add_found();
    found->set_type(type);
    found->set_values(values);
  }
  proto->set_complete(scan.complete);
}

grpc::Status StoreScanRpc::ScanStore(grpc::ServerContext* context,
                                     const v1::ScanStoreRequest* request,
                                     grpc::ServerWriter<v1::ScanStoreResponse>* writer) {
  return endpoint_.Serve(
      *context, "ScanStore", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoScanStore(caller, *context, *request, writer); });
}

absl::Status StoreScanRpc::DoScanStore(const rpc::Caller& caller,
                                       const grpc::ServerContext& context,
                                       const v1::ScanStoreRequest& request,
                                       grpc::ServerWriter<v1::ScanStoreResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  if (request.all_projects()) RETURN_IF_ERROR(rpc::RequireKeyOfAllProjects(caller));
  return scanner_.Scan(
      {caller, request.scan_id(), request.rewrite(), request.all_projects()},
      [&](const StoreScan& scan, int64_t stored_records) -> absl::Status {
        // A key may be taken away meanwhile.
        RETURN_IF_ERROR(endpoint_.MayGoOn(caller));
        v1::ScanStoreResponse response;
        ToProto(scan, stored_records, response.mutable_scan());
        return writer->Write(response) ? absl::OkStatus() : errors::Cancelled();
      },
      rpc::CallDeadline(context, endpoint_));
}

}  // namespace flywheel::ingest
