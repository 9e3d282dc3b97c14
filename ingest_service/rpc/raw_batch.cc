#include "ingest_service/rpc/raw_batch.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::internal::WireFormatLite;

// Field 1, length-delimited.
constexpr uint32_t kItemTag = WireFormatLite::MakeTag(1, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);

}  // namespace

absl::StatusOr<RawBatch> RawBatch::Parse(const grpc::ByteBuffer& message) {
  const auto malformed = [] {
    return errors::InvalidArgument("request", "bytes that are no message of the contract",
                                   "the request that this method takes, in protobuf's encoding");
  };
  RawBatch batch;
  if (message.Valid() && !message.DumpToSingleSlice(batch.bytes_.get()).ok()) return malformed();
  const auto* const begin = reinterpret_cast<const uint8_t*>(batch.bytes_->begin());
  google::protobuf::io::CodedInputStream stream(begin, static_cast<int>(batch.bytes_->size()));
  while (const uint32_t tag = stream.ReadTag()) {
    if (tag != kItemTag) {
      if (!WireFormatLite::SkipField(&stream, tag)) return malformed();
      continue;
    }
    uint32_t size = 0;
    if (!stream.ReadVarint32(&size)) return malformed();
    const int start = stream.CurrentPosition();
    if (size > batch.bytes_->size() || !stream.Skip(static_cast<int>(size))) return malformed();
    batch.items_.emplace_back(reinterpret_cast<const char*>(begin + start), size);
  }
  // A tag that is none ends the loop as well.
  if (stream.CurrentPosition() != static_cast<int>(batch.bytes_->size())) return malformed();
  return batch;
}

}  // namespace flywheel::ingest
