// Look-up of attributes by name over a span, its events and its resource.
#ifndef FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_VIEW_H_
#define FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_VIEW_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "opentelemetry/proto/common/v1/common.pb.h"

namespace flywheel::ingest {

// The attributes of a span, of its events and of its resource, which outlive this object. Where
// several names are given, the first that has a value counts.
class AttributeView {
 public:
  using KeyValues = google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>;
  using AnyValue = opentelemetry::proto::common::v1::AnyValue;
  using Names = std::initializer_list<std::string_view>;

  // Adds those whose names are new.
  void Add(const KeyValues& attributes);

  // Null for none.
  const AnyValue* Find(std::string_view name) const;
  // Empty for none.
  std::string Text(Names names) const;
  std::optional<int64_t> Count(Names names) const;
  std::optional<double> Number(Names names) const;
  // The JSON of a text.
  std::optional<nlohmann::json> Json(Names names) const;

  // What flattened names such as PREFIX.0.message.role hold, as nested objects; nullopt where no
  // name begins with `prefix` and a dot.
  std::optional<nlohmann::json> Tree(std::string_view prefix) const;

  // By name.
  const std::map<std::string_view, const AnyValue*>& all() const { return values_; }

 private:
  std::map<std::string_view, const AnyValue*> values_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_OTLP_ATTRIBUTE_VIEW_H_
