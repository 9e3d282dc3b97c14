// Batch write pipeline: decodes, filters and commits records, and answers with a result an item.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/record/ingestor.h"
#include "ingest_service/record/quotas.h"
#include "ingest_service/rpc/raw_batch.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// What a caller is told of their batch.
struct BatchAnswer {
  // One result an item, in the order of the batch.
  google::protobuf::RepeatedPtrField<common::v1::ItemResult> results;
  int64_t commit_sequence = 0;
};

// Splits a batch into records to store and items that are refused, and puts the results together
// again: one bad item never takes its batch along. Unary calls and streams end here. Thread-safe.
class BatchWriter {
 public:
  // Called once, after the commit or at once where there is nothing to store. An error means that
  // nothing of the batch is stored.
  using Done = std::function<void(absl::StatusOr<BatchAnswer>)>;

  // All pointers outlive this object and what it was asked to write.
  BatchWriter(rpc::Endpoint* endpoint, Quotas* quotas, InboundFilter* filter, Ingestor* ingestor)
      : endpoint_(*endpoint), quotas_(*quotas), filter_(*filter), ingestor_(*ingestor) {}

  // EMPTY_BATCH, TOO_LARGE, QUOTA_EXCEEDED, RECOGNISER_UNAVAILABLE, and what Ingestor says.
  // `method` is for the metrics.
  void LogInteractions(const std::string& method, const std::string& project, RawBatch batch,
                       Done done) const;
  void RecordSignals(const std::string& method, const std::string& project, RawBatch batch,
                     Done done) const;

 private:
  // The results of the items that are not stored, each at its place; the other places are empty.
  using Refusals = std::vector<std::optional<ItemResult>>;
  template <typename Record>
  struct DecodedBatch {
    std::vector<Record> records;
    Refusals refusals;
  };

  template <typename Record>
  using LogRecords = void (Ingestor::*)(std::string project, std::vector<Record> records,
                                        int64_t size_bytes, Ingestor::Done done);
  // Has the texts checked where there is a recogniser, on a thread of its queue, and keeps them.
  template <typename Record, typename Item>
  void Write(const std::string& method, const char* field, const std::string& project,
             RawBatch batch, LogRecords<Record> log, Done done) const;
  // Adds all texts of a batch to the check.
  template <typename Item>
  void CollectTexts(const RawBatch& batch, TextCheck& check) const;
  // Decodes, and stores what can be stored.
  template <typename Record, typename Item>
  void Keep(const std::string& method, const char* field, const std::string& project,
            const RawBatch& batch, TextCheck* check, LogRecords<Record> log, Done done) const;
  // Consumes the project's quota, of a batch whose size is right.
  absl::Status AdmitBatch(const char* field, const std::string& project,
                          const RawBatch& batch) const;
  // Decodes and filters item by item; an item that cannot be stored becomes a refusal.
  template <typename Record, typename Item>
  DecodedBatch<Record> DecodeBatch(const RawBatch& batch, const char* field,
                                   const std::string& project, TextCheck* check) const;
  // Writes one result an item, and counts them by status.
  BatchAnswer Answer(const std::string& method, const Refusals& refusals,
                     const BatchResult& result) const;

  rpc::Endpoint& endpoint_;
  Quotas& quotas_;
  InboundFilter& filter_;
  Ingestor& ingestor_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_BATCH_WRITER_H_
