#include "ingest_service/rpc/unknown_fields.h"

#include <google/protobuf/unknown_field_set.h>

#include <utility>

#include "shared/status/check.h"

namespace flywheel::ingest {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

UnknownFieldFinder::UnknownFieldFinder(const Descriptor* type) { Learn(type); }

void UnknownFieldFinder::Learn(const Descriptor* type) {
  // The entry is made first: a type may hold itself.
  const auto [place, is_new] = message_fields_.try_emplace(type);
  if (!is_new) return;
  Fields fields;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_map()) {
      FLYWHEEL_CHECK(field->message_type()->map_value()->message_type() == nullptr,
                     "a map of texts or numbers");
      continue;
    }
    fields.push_back(field);
    Learn(field->message_type());
  }
  message_fields_[type] = std::move(fields);
}

bool UnknownFieldFinder::Finds(const Message& message) const {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  for (const FieldDescriptor* const field : message_fields_.at(message.GetDescriptor())) {
    if (!field->is_repeated()) {
      if (reflection.HasField(message, field) && Finds(reflection.GetMessage(message, field))) {
        return true;
      }
      continue;
    }
    const int size = reflection.FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      if (Finds(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace flywheel::ingest
