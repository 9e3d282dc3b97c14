// One batch on its way through: validation, the commit, the verdicts.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/record/ingestor.h"
#include "ingest_service/record/quotas.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/raw_batch.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// What a caller is told of his batch.
struct BatchAnswer {
  // One verdict an item, in the order of the batch.
  google::protobuf::RepeatedPtrField<v1::ItemVerdict> verdicts;
  int64_t commit_sequence = 0;
};

// Splits a batch into records to store and items that are refused, and puts the verdicts together
// again: one bad item never takes its batch along. Every way in ends here. Thread-safe.
class BatchWriter {
 public:
  // Called once, after the commit or at once where there is nothing to store. An error means that
  // nothing of the batch is stored.
  using Done = std::function<void(absl::StatusOr<BatchAnswer>)>;

  // All pointers and references outlive this object.
  BatchWriter(rpc::Endpoint* endpoint, Quotas* quotas, Ingestor* ingestor,
              const PrivacyFilter& privacy)
      : endpoint_(*endpoint), quotas_(*quotas), ingestor_(*ingestor), privacy_(privacy) {}

  // EMPTY_BATCH, TOO_LARGE, QUOTA_EXCEEDED, and what Ingestor says. `method` is for the metrics.
  // The batch is read before this returns.
  void LogInteractions(const std::string& method, const std::string& project, const RawBatch& batch,
                       Done done) const;
  void RecordSignals(const std::string& method, const std::string& project, const RawBatch& batch,
                     Done done) const;

 private:
  rpc::Endpoint& endpoint_;
  Quotas& quotas_;
  Ingestor& ingestor_;
  const PrivacyFilter privacy_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
