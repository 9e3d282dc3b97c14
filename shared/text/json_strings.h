// JSON tokenizer: finds the strings and numbers of a text, and escapes strings.
#ifndef FLYWHEEL_SHARED_TEXT_JSON_STRINGS_H_
#define FLYWHEEL_SHARED_TEXT_JSON_STRINGS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel {

// Whether a text begins like an object or a list of JSON.
inline bool MayBeJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// A string (between its quotes) or a number of a JSON text: bytes [begin, end) of it.
struct JsonToken {
  size_t begin = 0;
  size_t end = 0;
  bool is_string = true;
};

// The strings, keys among them, and the numbers of `json` in their order; nullopt where it is no
// JSON (RFC 8259). Needs no stack, however deep it is nested; linear.
std::optional<std::vector<JsonToken>> JsonTokens(std::string_view json);

// What a valid string token means, and the other way round. A lone surrogate becomes U+FFFD.
std::string UnescapeJson(std::string_view token);
std::string EscapeJson(std::string_view text);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_JSON_STRINGS_H_
