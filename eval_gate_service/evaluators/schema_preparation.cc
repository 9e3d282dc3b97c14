#include "eval_gate_service/evaluators/schema_preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/json_values.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

using nlohmann::json;
using Names = std::set<std::string, std::less<>>;

constexpr size_t kMaxSchemas = 1'000;
// Each takes stack once for every level of an answer.
constexpr int kMaxInPlace = 8;

// What holds one schema, a list of schemas, or schemas by name; those whose schemas apply to the
// same value as the one that they stand in.
const Names& OneSchema() {
  static const auto& names = *new Names{"additionalItems",
                                        "additionalProperties",
                                        "contains",
                                        "else",
                                        "if",
                                        "items",
                                        "not",
                                        "propertyNames",
                                        "then"};
  return names;
}
const Names& ManySchemas() {
  static const auto& names = *new Names{"allOf", "anyOf", "items", "oneOf"};
  return names;
}
const Names& NamedSchemas() {
  static const auto& names = *new Names{"$defs", "definitions", "dependencies", "properties"};
  return names;
}
const Names& InPlace() {
  static const auto& names =
      *new Names{"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependencies"};
  return names;
}
// What asserts something without holding a schema.
const Names& Assertions() {
  static const auto& names =
      *new Names{"const",     "enum",          "exclusiveMaximum", "exclusiveMinimum", "maxItems",
                 "maxLength", "maximum",       "maxProperties",    "minItems",         "minLength",
                 "minimum",   "minProperties", "multipleOf",       "pattern",          "required",
                 "type",      "uniqueItems"};
  return names;
}
const Names& Descriptions() {
  static const auto& names = *new Names{
      "$comment", "$id",        "$schema",     "contentEncoding", "contentMediaType", "default",
      "$ref",     "deprecated", "description", "discriminator",   "example",          "examples",
      "format",   "id",         "readOnly",    "title",           "writeOnly"};
  return names;
}

std::string Escaped(std::string_view name) {
  std::string escaped;
  for (const char c : name) escaped += c == '~' ? "~0" : (c == '/' ? "~1" : std::string(1, c));
  return escaped;
}

// Of a list or an object; 0 where there is none.
size_t SizeOf(const json& schema, const char* keyword) {
  const auto found = schema.find(keyword);
  return found == schema.end() || !found->is_structured() ? 0 : found->size();
}

class Preparation {
 public:
  absl::StatusOr<json> Run(const json& schema) {
    json prepared = Prepare(schema, "#", /*parent=*/"");
    CheckReferences();
    for (const auto& [place, children] : in_place_) DepthOf(place);
    RETURN_IF_ERROR(problem_);
    return prepared;
  }

 private:
  // Keys are places: "#" for the whole schema, "#/not" and so on below it.
  using Places = std::map<std::string, std::vector<std::string>, std::less<>>;

  json Fail(std::string_view place, const std::string& got, const std::string& want) {
    if (problem_.ok()) {
      problem_ = errors::InvalidArgument(fmt::format("parameters.schema {}", place), got, want);
    }
    return nullptr;
  }

  // `parent`: the place of the schema that applies to the same value; empty where there is none.
  json Prepare(const json& schema, const std::string& place, const std::string& parent) {
    if (!problem_.ok()) return nullptr;
    if (!schema.is_object() && !schema.is_boolean()) return Fail(place, Brief(schema), "a schema");
    if (in_place_.size() >= kMaxSchemas) {
      return Fail(place, "more schemas", fmt::format("at most {}", kMaxSchemas));
    }
    in_place_[place];
    if (!parent.empty()) in_place_[parent].push_back(place);
    if (schema.is_boolean()) return schema;
    json prepared = json::object();
    for (const auto& [keyword, value] : schema.items()) {
      PrepareKeyword(keyword, value, place, prepared);
    }
    if (const auto reference = schema.find("$ref"); reference != schema.end()) {
      AddReference(*reference, place, prepared);
    }
    // An enumeration is compared value by value.
    const auto values = schema.find("enum");
    prepared[kVisitKeyword] = 1 + (values == schema.end() ? 0 : values->size() / 8);
    const size_t names =
        SizeOf(schema, "properties") + SizeOf(schema, "required") + SizeOf(schema, "dependencies");
    const size_t compared = SizeOf(schema, "enum") + (schema.contains("const") ? 1 : 0);
    if (names + compared > 0) prepared[kListsKeyword] = json::array({names, compared});
    return prepared;
  }

  void PrepareKeyword(const std::string& keyword, const json& value, const std::string& place,
                      json& prepared) {
    const std::string below = fmt::format("{}/{}", place, Escaped(keyword));
    const std::string parent = InPlace().contains(keyword) ? place : "";
    if (NamedSchemas().contains(keyword)) {
      prepared[keyword] = PrepareNamed(keyword, value, below, parent);
    } else if (ManySchemas().contains(keyword) && value.is_array() && !value.empty()) {
      json& added = prepared[keyword] = json::array();
      for (size_t i = 0; i < value.size(); ++i) {
        added.push_back(Prepare(value[i], fmt::format("{}/{}", below, i), parent));
      }
    } else if (OneSchema().contains(keyword)) {
      prepared[keyword] = Prepare(value, below, parent);
    } else if (keyword == "pattern") {
      prepared[kPatternKeyword] = value;
    } else if (keyword == "uniqueItems") {
      prepared[kUniqueKeyword] = value;
    } else if (Assertions().contains(keyword)) {
      prepared[keyword] = value;
    } else if (!Descriptions().contains(keyword) && !keyword.starts_with("x-")) {
      Fail(place, fmt::format("the keyword {}", Brief(keyword)),
           "keywords of JSON Schema draft 7, patternProperties aside");
    }
  }

  json PrepareNamed(const std::string& keyword, const json& value, const std::string& place,
                    const std::string& parent) {
    if (!value.is_object()) return Fail(place, Brief(value), "an object");
    json named = json::object();
    for (const auto& [name, one] : value.items()) {
      // A dependency may be a list of names instead.
      named[name] = keyword == "dependencies" && one.is_array()
                        ? one
                        : Prepare(one, fmt::format("{}/{}", place, Escaped(name)), parent);
    }
    return named;
  }

  // As one more schema of allOf, so that what stands beside it counts.
  void AddReference(const json& reference, const std::string& place, json& prepared) {
    const std::string target = reference.is_string() ? reference.get<std::string>() : "";
    if (target != "#" && (!target.starts_with("#/") || target.find('%') != std::string::npos)) {
      Fail(place, fmt::format("the $ref {}", Brief(reference)),
           "a place in this schema, such as #/definitions/x: nothing is fetched");
      return;
    }
    prepared["allOf"].push_back({{"$ref", target}});
    references_[place].push_back(target);
  }

  void CheckReferences() {
    for (const auto& [place, targets] : references_) {
      for (const std::string& target : targets) {
        if (!in_place_.contains(target)) {
          Fail(place, fmt::format("the $ref {}", Brief(target)), "a place where a schema stands");
          return;
        }
        in_place_[place].push_back(target);
      }
    }
  }

  // How many schemas stand in the one at `place`, in each other, that apply to the same value.
  int DepthOf(const std::string& place) {
    if (!problem_.ok()) return 0;
    const auto [depth, is_new] = depths_.try_emplace(place, kUnderWay);
    if (!is_new) {
      if (depth->second == kUnderWay) {
        Fail(place, "schemas that apply to the same value in a circle", "an end");
      }
      return depth->second;
    }
    int deepest = 0;
    for (const std::string& child : in_place_[place]) {
      deepest = std::max(deepest, 1 + DepthOf(child));
    }
    if (deepest > kMaxInPlace) {
      Fail(place, "schemas for the same value deep in each other",
           fmt::format("at most {}", kMaxInPlace));
    }
    return depths_[place] = deepest;
  }

  static constexpr int kUnderWay = -1;

  absl::Status problem_;
  // Of each schema those that apply to the same value.
  Places in_place_;
  Places references_;
  std::map<std::string, int, std::less<>> depths_;
};

}  // namespace

absl::StatusOr<json> PrepareSchema(const json& schema) { return Preparation().Run(schema); }

}  // namespace flywheel::evalgate::evaluators
