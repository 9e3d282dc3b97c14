#include "ingest_service/otlp/message_count.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// As deep as the decoder goes.
constexpr int kMaxNesting = 100;

// The message's own length is not read. Counts down `left`; false where it is used up, or where
// nothing behind this can be read.
bool Count(google::protobuf::io::CodedInputStream& stream, const Descriptor& type, int depth,
           int64_t& left) {
  while (const uint32_t tag = stream.ReadTag()) {
    const FieldDescriptor* const field =
        type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool is_message =
        field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    // Unknown fields cost memory too: protobuf keeps them.
    if ((is_message || field == nullptr) && --left < 0) return false;
    if (!is_message) {
      if (!WireFormatLite::SkipField(&stream, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (depth == kMaxNesting || !stream.ReadVarint32(&size)) return false;
    // Inside of the message, one level deeper.
    const auto limit = stream.PushLimit(static_cast<int>(size));
    if (!Count(stream, *field->message_type(), depth + 1, left)) return false;
    stream.PopLimit(limit);
  }
  return stream.ConsumedEntireMessage();
}

}  // namespace

absl::Status CheckMessageCount(std::string_view bytes, const Descriptor& type) {
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  int64_t left = kMaxMessages;
  Count(stream, type, 0, left);
  if (left >= 0) return absl::OkStatus();
  return errors::TooLarge("request", kMaxMessages + 1, kMaxMessages, "objects");
}

}  // namespace flywheel::ingest
