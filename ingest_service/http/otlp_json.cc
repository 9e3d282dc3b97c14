#include "ingest_service/http/otlp_json.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "ingest_service/http/json_field.h"
#include "ingest_service/otlp/json_repair.h"
#include "ingest_service/otlp/message_count.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What protobuf's own reader allows in the binary form.
constexpr size_t kMaxDepth = 100;
// In the path of an error.
constexpr size_t kMaxShownFrames = 12;

// Takes what nlohmann's reader finds in the text, in its order, and fills the message. The methods
// are that reader's; each returns false where it shall stop.
class JsonToProto {
 public:
  explicit JsonToProto(Message& message) : root_(&message) {}

  absl::Status status() const { return status_; }

  // NOLINTBEGIN(readability-identifier-naming)
  bool null() { return skipping_ > 0 || !frames_.empty() || Refuse("null", "an object"); }
  bool boolean(bool value) { return Take(value); }
  bool number_integer(int64_t value) { return Take(value); }
  bool number_unsigned(uint64_t value) { return Take(value); }
  bool number_float(double value, const std::string&) { return Take(value); }
  bool string(std::string& value) { return Take(std::move(value)); }
  bool binary(std::vector<uint8_t>&) { return Refuse("bytes", "JSON"); }

  bool start_object(size_t) {
    if (frames_.empty() && skipping_ == 0) return Enter(root_);
    if (Skips()) return SkipDeeper();
    Frame& frame = frames_.back();
    const FieldDescriptor& field = *frame.field;
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field.is_repeated() != frame.in_array) {
      return Refuse("an object", WantOf(field));
    }
    const auto* reflection = frame.message->GetReflection();
    if (!frame.in_array) return Enter(reflection->MutableMessage(frame.message, &field));
    ++frame.elements;
    return Enter(reflection->AddMessage(frame.message, &field));
  }
  bool end_object() {
    if (skipping_ > 0) {
      --skipping_;
    } else {
      frames_.pop_back();
    }
    return true;
  }
  bool start_array(size_t) {
    if (frames_.empty() && skipping_ == 0) return Refuse("an array", "an object");
    if (Skips()) return SkipDeeper();
    Frame& frame = frames_.back();
    if (!frame.field->is_repeated() || frame.in_array) {
      return Refuse("an array", WantOf(*frame.field));
    }
    frame.in_array = true;
    frame.elements = 0;
    return true;
  }
  bool end_array() {
    if (skipping_ > 0) {
      --skipping_;
    } else {
      frames_.back().in_array = false;
    }
    return true;
  }
  bool key(const std::string& name) {
    if (skipping_ > 0) return true;
    const auto* type = frames_.back().message->GetDescriptor();
    const FieldDescriptor* field = type->FindFieldByCamelcaseName(name);
    frames_.back().field = field != nullptr ? field : type->FindFieldByName(name);
    return true;
  }
  // The text around it may be anything, and is not repeated.
  bool parse_error(size_t position, const std::string&, const std::exception&) {
    if (!status_.ok()) return false;
    status_ = errors::InvalidArgument("body", fmt::format("something else at byte {}", position),
                                      "JSON in UTF-8, whole");
    return false;
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  // A message that is being filled.
  struct Frame {
    Message* message;
    // Of the key that came last; null for one that is unknown.
    const FieldDescriptor* field = nullptr;
    // Between the brackets of the field's value.
    bool in_array = false;
    int64_t elements = 0;
  };

  // Whether the value that comes belongs to nothing known.
  bool Skips() const { return skipping_ > 0 || frames_.back().field == nullptr; }
  bool SkipDeeper() {
    ++skipping_;
    return true;
  }

  bool Enter(Message* message) {
    if (frames_.size() >= kMaxDepth) {
      return Refuse("deeper nesting", fmt::format("at most {} messages", kMaxDepth));
    }
    if (++messages_ > kMaxMessages) {
      status_ = errors::TooLarge("body", messages_, kMaxMessages, "objects");
      return false;
    }
    frames_.push_back({message});
    return true;
  }

  bool Take(const JsonScalar& value) {
    if (frames_.empty() && skipping_ == 0) return Refuse("a value", "an object");
    if (Skips()) return true;
    const Frame& frame = frames_.back();
    return SetField(*frame.message, *frame.field, value) ||
           Refuse("another value", WantOf(*frame.field));
  }

  bool Refuse(std::string_view got, std::string_view want) {
    if (status_.ok()) status_ = errors::InvalidArgument(Path(), got, want);
    return false;
  }

  // Such as "resourceSpans[0].scopeSpans[2].spans[1].traceId".
  std::string Path() const {
    std::string path;
    for (size_t i = 0; i < frames_.size() && i < kMaxShownFrames; ++i) {
      const Frame& frame = frames_[i];
      if (frame.field == nullptr) break;
      if (!path.empty()) path += '.';
      path += frame.field->camelcase_name();
      if (!frame.in_array) continue;
      // The element that is being filled was counted, one that is refused was not.
      const bool inside = i + 1 < frames_.size();
      path += fmt::format("[{}]", inside ? frame.elements - 1 : frame.elements);
    }
    return path.empty() ? "body" : path;
  }

  Message* const root_;
  std::vector<Frame> frames_;
  // How deep inside of something unknown.
  int64_t skipping_ = 0;
  int64_t messages_ = 0;
  absl::Status status_;
};

absl::Status Parse(std::string_view json, Message& message) {
  JsonToProto reader(message);
  const bool whole = nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  if (!whole && reader.status().ok()) return errors::Internal("the JSON reader gave no reason");
  return reader.status();
}

}  // namespace

absl::Status ParseOtlpJson(std::string_view json, Message& message) {
  absl::Status status = Parse(json, message);
  // A text that was cut inside of an emoji, as JavaScript and Python write it, costs the half of
  // the emoji, and not the batch. A body that ends too early stays an error.
  if (status.ok() || json.find("\\u") == std::string_view::npos) return status;
  const RepairedJson repaired = RepairJson(json);
  if (repaired.cut || repaired.text == json) return status;
  message.Clear();
  return Parse(repaired.text, message);
}

std::string ToJson(const Message& message) {
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) return "{}";
  return json;
}

}  // namespace flywheel::ingest
