// Unknown fields: what a client of a later contract sent and this version cannot read.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_UNKNOWN_FIELDS_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_UNKNOWN_FIELDS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <unordered_map>
#include <vector>

namespace flywheel::ingest {

// Finds unknown fields in messages of one type, however deep. Immutable, for all threads. It knows
// beforehand where messages stand in messages: to ask the descriptor of every field each time costs
// more than to parse a short record.
class UnknownFieldFinder {
 public:
  // Of messages of this type.
  explicit UnknownFieldFinder(const google::protobuf::Descriptor* type);

  // Does `message`, of the type or one within it, hold a field that its contract does not have?
  bool Finds(const google::protobuf::Message& message) const;

 private:
  void Learn(const google::protobuf::Descriptor* type);

  // By type, its fields that hold messages. Maps hold texts alone, which is checked.
  using Fields = std::vector<const google::protobuf::FieldDescriptor*>;
  std::unordered_map<const google::protobuf::Descriptor*, Fields> message_fields_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_UNKNOWN_FIELDS_H_
