#include "curation_service/domain/json_object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace flywheel::curation {
namespace {

// Of text that is JSON.
int NestingOf(std::string_view json) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

bool IsJsonObject(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && text[begin] == '{' && nlohmann::json::accept(text) &&
         NestingOf(text) <= kMaxJsonNesting;
}

}  // namespace flywheel::curation
