// gRPC handler of flywheel.ingest.v1.StoreScanService.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_STORE_SCAN_RPC_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_STORE_SCAN_RPC_H_

#include <cstdint>

#include "absl/status/status.h"
#include "flywheel/ingest/v1/store_scan_service.grpc.pb.h"
#include "ingest_service/domain/store_scan.h"
#include "ingest_service/privacy/store_scanner.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// Thread-safe. A scan holds the thread of its call; one runs at a time.
class StoreScanRpc final : public v1::StoreScanService::Service {
 public:
  // Both outlive this object.
  StoreScanRpc(rpc::Endpoint* endpoint, StoreScanner* scanner)
      : endpoint_(*endpoint), scanner_(*scanner) {}

  grpc::Status ScanStore(grpc::ServerContext* context, const v1::ScanStoreRequest* request,
                         grpc::ServerWriter<v1::ScanStoreResponse>* writer) override;

 private:
  absl::Status DoScanStore(const rpc::Caller& caller, const grpc::ServerContext& context,
                           const v1::ScanStoreRequest& request,
                           grpc::ServerWriter<v1::ScanStoreResponse>* writer);

  rpc::Endpoint& endpoint_;
  StoreScanner& scanner_;
};

// INVALID_ARGUMENT with every violation.
absl::Status Validate(const v1::ScanStoreRequest& request);
void ToProto(const StoreScan& scan, int64_t stored_records, v1::StoreScan* proto);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_STORE_SCAN_RPC_H_
