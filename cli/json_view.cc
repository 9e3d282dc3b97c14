#include "cli/json_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr size_t kShownBytes = 60;

// What stands at a place, short enough for an error.
std::string Shown(const json& value) {
  if (value.is_object()) return fmt::format("an object with {} members", value.size());
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true);
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "...";
  return text;
}

// The parser's own words without its prefix "[json.exception.parse_error.101] parse error at line
// 1, column 2: ", whose line counts from the wrong place where the text is one line of a file.
std::string ParserText(const std::string& what) {
  const size_t place = what.find("column ");
  const size_t colon = place == std::string::npos ? std::string::npos : what.find(": ", place);
  return colon == std::string::npos ? what : what.substr(colon + 2);
}

// The code of "\\uXXXX" at this place; 0 where none stands there.
unsigned EscapedUnit(std::string_view text, size_t place) {
  if (text.substr(place, 2) != "\\u" || place + 6 > text.size()) return 0;
  unsigned unit = 0;
  const char* const end = text.data() + place + 6;
  const auto [read, error] = std::from_chars(text.data() + place + 2, end, unit, 16);
  return error == std::errc() && read == end ? unit : 0;
}

// Halves of a surrogate pair that stand alone, as programs write that cut texts by UTF-16 units,
// become U+FFFD. Every other byte keeps its place.
std::string WithoutLoneSurrogates(std::string_view text) {
  std::string mended(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') continue;
    const unsigned unit = EscapedUnit(text, i);
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    const unsigned next = high ? EscapedUnit(text, i + 6) : 0;
    if (high && next >= 0xDC00 && next < 0xE000) {
      i += 11;
    } else {
      if (high || low) mended.replace(i + 2, 4, "fffd");
      // The escaped character is no backslash of another escape.
      ++i;
    }
  }
  return mended;
}

}  // namespace

absl::Status WrongInFile(std::string_view where, std::string_view got, std::string_view want) {
  // The place of a whole text ends with the separator that a member would follow.
  if (where.size() > 2 && where.substr(where.size() - 2) == ": ") where.remove_suffix(2);
  return absl::InvalidArgumentError(fmt::format("{}: got {}, want {}.", where, got, want));
}

absl::StatusOr<json> ParseJson(std::string_view text, std::string_view name, int64_t first_line) {
  try {
    json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!parsed.is_discarded()) return parsed;
    return json::parse(WithoutLoneSurrogates(text));
  } catch (const json::parse_error& error) {
    const size_t byte = std::min(error.byte, text.size());
    const int64_t line = first_line + std::count(text.begin(), text.begin() + byte, '\n');
    return WrongInFile(fmt::format("{}, line {}, byte {}", name, line, error.byte),
                       fmt::format("malformed JSON ({})", ParserText(error.what())),
                       "one complete JSON value");
  } catch (const json::exception& error) {
    return WrongInFile(fmt::format("{}, line {}", name, first_line), error.what(),
                       "numbers that a double can hold");
  }
}

absl::StatusOr<JsonView> JsonView::Field(const char* name) const {
  if (!value_->is_object()) return Wrong(fmt::format("an object with '{}'", name));
  const auto member = value_->find(name);
  if (member == value_->end()) {
    return WrongInFile(where_ + "." + name, "nothing", "a value");
  }
  return JsonView(*member, where_ + "." + name);
}

std::optional<JsonView> JsonView::OptionalField(const char* name) const {
  if (!value_->is_object()) return std::nullopt;
  const auto member = value_->find(name);
  if (member == value_->end() || member->is_null()) return std::nullopt;
  return JsonView(*member, where_ + "." + name);
}

absl::StatusOr<std::string> JsonView::Text() const {
  if (!value_->is_string()) return Wrong("a text");
  return value_->get<std::string>();
}

absl::StatusOr<double> JsonView::Number() const {
  if (!value_->is_number()) return Wrong("a number");
  return value_->get<double>();
}

absl::StatusOr<std::vector<JsonView>> JsonView::Items() const {
  if (!value_->is_array()) return Wrong("an array");
  std::vector<JsonView> items;
  items.reserve(value_->size());
  for (size_t i = 0; i < value_->size(); ++i) {
    items.emplace_back((*value_)[i], fmt::format("{}[{}]", where_, i));
  }
  return items;
}

absl::StatusOr<std::string> JsonView::TextOrInteger() const {
  if (value_->is_string()) return value_->get<std::string>();
  if (value_->is_number_integer()) return value_->dump();
  return Wrong("a text or a whole number");
}

absl::Status JsonView::Wrong(std::string_view want) const {
  return WrongInFile(where_, Shown(*value_), want);
}

}  // namespace flywheel::cli
