// Splits a batch request into its undecoded items.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_RAW_BATCH_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_RAW_BATCH_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::ingest {

// The items of a LogInteractionsRequest, StreamInteractionsRequest or RecordSignalsRequest (field 1
// of each), not decoded yet: so that a call is admitted before anything is decoded, and an item
// that cannot be decoded is refused alone. Immutable.
class RawBatch {
 public:
  // INVALID_ARGUMENT where the message around the items cannot be read. Unknown fields are skipped.
  static absl::StatusOr<RawBatch> Parse(const grpc::ByteBuffer& message);

  // Valid as long as this object.
  const std::vector<std::string_view>& items() const { return items_; }
  // Of the whole message.
  int64_t size_bytes() const { return static_cast<int64_t>(bytes_->size()); }

 private:
  // Behind a pointer, because a slice of a few bytes holds them in itself, and items_ point there.
  std::unique_ptr<grpc::Slice> bytes_ = std::make_unique<grpc::Slice>();
  std::vector<std::string_view> items_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_RAW_BATCH_H_
