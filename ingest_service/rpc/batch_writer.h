// One batch on its way through: validation, the commit, the verdicts.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/ingestor.h"
#include "shared/privacy/digest.h"
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

  // All pointers outlive this object.
  BatchWriter(rpc::Endpoint* endpoint, Ingestor* ingestor, const Pseudonymiser* pseudonymiser)
      : endpoint_(*endpoint), ingestor_(*ingestor), pseudonymiser_(*pseudonymiser) {}

  // EMPTY_BATCH, TOO_LARGE, and what Ingestor says. `method` is for the metrics; `size_bytes` is
  // what the batch holds in memory. The items are read before this returns.
  void LogInteractions(const std::string& method, const std::string& project,
                       const google::protobuf::RepeatedPtrField<v1::Interaction>& interactions,
                       int64_t size_bytes, Done done) const;
  void RecordSignals(const std::string& method, const std::string& project,
                     const google::protobuf::RepeatedPtrField<v1::Signal>& signals,
                     int64_t size_bytes, Done done) const;

 private:
  rpc::Endpoint& endpoint_;
  Ingestor& ingestor_;
  const Pseudonymiser& pseudonymiser_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
