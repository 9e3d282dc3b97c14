#include "ingest_service/otlp/json_members.h"

#include <algorithm>
#include <string>
#include <utility>

namespace flywheel::ingest {

using nlohmann::json;

const json& Member(const json& object, const char* key) {
  static const json& null = *new json();
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

const json& AnyMember(const json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const json& member = Member(object, key);
    if (!member.is_null()) return member;
  }
  return Member(json(), "");
}

std::vector<const json*> Items(const json& list) {
  std::vector<const json*> items;
  if (list.is_array()) {
    for (const json& item : list) items.push_back(&item);
    return items;
  }
  if (!list.is_object()) return items;
  std::vector<std::pair<int64_t, const json*>> numbered;
  for (const auto& [key, item] : list.items()) {
    const bool is_number =
        !key.empty() && key.size() < 10 && key.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number) return {};
    numbered.emplace_back(std::stoll(key), &item);
  }
  std::sort(numbered.begin(), numbered.end());
  for (const auto& [number, item] : numbered) items.push_back(item);
  return items;
}

}  // namespace flywheel::ingest
