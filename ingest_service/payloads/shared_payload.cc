#include "ingest_service/payloads/shared_payload.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstdint>

#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/domain/payload_form.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::internal::WireFormatLite;

constexpr uint32_t kHistoryTag = WireFormatLite::MakeTag(v1::Interaction::kHistoryFieldNumber,
                                                         WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
constexpr uint32_t kMessagesTag = WireFormatLite::MakeTag(
    v1::Interaction::kMessagesFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
// Canonical bytes have their fields by number: nothing stands between the two.
static_assert(v1::Interaction::kMessagesFieldNumber == v1::Interaction::kHistoryFieldNumber + 1);

// The fields of an encoded message, one after the other.
class Fields {
 public:
  explicit Fields(std::string_view bytes)
      : bytes_(bytes),
        stream_(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

  // Moves to the next field: its tag, 0 at the end.
  uint32_t Next() {
    begin_ = static_cast<size_t>(stream_.CurrentPosition());
    return stream_.ReadTag();
  }
  // Where the field begins.
  size_t begin() const { return begin_; }
  void Skip(uint32_t tag) { WireFormatLite::SkipField(&stream_, tag); }
  // The value of a field that has its length before it.
  std::string_view Value() {
    uint32_t size = 0;
    stream_.ReadVarint32(&size);
    const auto start = static_cast<size_t>(stream_.CurrentPosition());
    stream_.Skip(static_cast<int>(size));
    return bytes_.substr(start, size);
  }

 private:
  const std::string_view bytes_;
  google::protobuf::io::CodedInputStream stream_;
  size_t begin_ = 0;
};

// Where the messages stood in the payload that `rest` is left of.
size_t PlaceOfMessages(std::string_view rest) {
  Fields fields(rest);
  while (const uint32_t tag = fields.Next()) {
    if (tag > kMessagesTag) return fields.begin();
    fields.Skip(tag);
  }
  return rest.size();
}

void AppendField(uint32_t tag, std::string_view value, std::string& bytes) {
  uint8_t head[20];
  using google::protobuf::io::CodedOutputStream;
  uint8_t* end = CodedOutputStream::WriteVarint32ToArray(tag, head);
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(value.size()), end);
  bytes.append(reinterpret_cast<const char*>(head), static_cast<size_t>(end - head));
  bytes += value;
}

}  // namespace

std::vector<SharedMessage> TakeMessages(std::string_view project, std::string& payload) {
  std::vector<SharedMessage> messages;
  SharedHead head{0, static_cast<int64_t>(payload.size())};
  std::string rest;
  std::string path_hash = Sha256(fmt::format("messages of {}", project));
  Fields fields(payload);
  size_t kept_to = 0;
  while (const uint32_t tag = fields.Next()) {
    const size_t begin = fields.begin();
    if (tag != kHistoryTag && tag != kMessagesTag) {
      fields.Skip(tag);
      continue;
    }
    rest.append(payload, kept_to, begin - kept_to);
    const std::string_view body = fields.Value();
    kept_to = static_cast<size_t>(body.data() + body.size() - payload.data());
    path_hash = Sha256(path_hash.append(body));
    messages.push_back({path_hash, std::string(body)});
    head.history += tag == kHistoryTag;
  }
  rest.append(payload, kept_to);
  payload = PackShared(head, rest);
  return messages;
}

absl::StatusOr<std::string> PutMessagesBack(std::string_view row,
                                            const std::vector<std::string>& bodies) {
  const auto head = UnpackShared(row);
  if (!head) return errors::StoreCorrupt("a row", "it does not say what its messages are");
  const std::string_view rest = row.substr(head->second);
  const size_t place = PlaceOfMessages(rest);
  std::string payload(rest.substr(0, place));
  payload.reserve(static_cast<size_t>(head->first.size_bytes));
  for (size_t i = 0; i < bodies.size(); ++i) {
    const bool history = static_cast<int64_t>(i) < head->first.history;
    AppendField(history ? kHistoryTag : kMessagesTag, bodies[i], payload);
  }
  payload += rest.substr(place);
  if (static_cast<int64_t>(payload.size()) == head->first.size_bytes) return payload;
  return errors::StoreCorrupt(
      "messages", fmt::format("the record has {} bytes with them, and had {}", payload.size(),
                              head->first.size_bytes));
}

}  // namespace flywheel::ingest
