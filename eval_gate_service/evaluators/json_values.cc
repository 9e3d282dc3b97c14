#include "eval_gate_service/evaluators/json_values.h"

#include <algorithm>

#include "shared/text/shorten.h"

namespace flywheel::evalgate::evaluators {
namespace {

constexpr std::string_view kFence = "```";
constexpr size_t kBriefBytes = 80;

// Without parsing, whose depth it is to bound. What it says of malformed text does not matter: that
// is refused by the parser.
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

std::optional<nlohmann::json> ParseJson(std::string_view text) {
  if (NestingOf(text) > kMaxJsonNesting) return std::nullopt;
  nlohmann::json value = nlohmann::json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

std::optional<nlohmann::json> ParseArguments(std::string_view text) {
  if (text.empty()) return nlohmann::json::object();
  std::optional<nlohmann::json> value = ParseJson(text);
  if (!value || !value->is_object()) return std::nullopt;
  return value;
}

std::optional<nlohmann::json> ParseJsonAnswer(std::string_view text) {
  if (std::optional<nlohmann::json> whole = ParseJson(text)) return whole;
  const size_t open = text.find(kFence);
  if (open == std::string_view::npos) return std::nullopt;
  const size_t begin = text.find('\n', open);
  if (begin == std::string_view::npos) return std::nullopt;
  const size_t close = text.find(kFence, begin);
  if (close == std::string_view::npos) return std::nullopt;
  // Which of two blocks is the answer, nobody can say.
  if (text.find(kFence, close + kFence.size()) != std::string_view::npos) return std::nullopt;
  return ParseJson(text.substr(begin, close - begin));
}

std::string Brief(const nlohmann::json& value) {
  std::string dumped = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (dumped.size() <= kBriefBytes) return dumped;
  return std::string(Shorten(dumped, kBriefBytes)) + "...";
}

}  // namespace flywheel::evalgate::evaluators
