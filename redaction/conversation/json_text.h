// A JSON text as it is meant: its strings without escapes, in their places.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_JSON_TEXT_H_
#define FLYWHEEL_REDACTION_CONVERSATION_JSON_TEXT_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redaction/conversation/keyed_values.h"
#include "redaction/conversation/personal_span.h"
#include "shared/text/json_strings.h"

namespace flywheel::redaction {

// Does a text begin as JSON does that can hold a text? Only JsonTokens says whether it is any.
bool StartsLikeJson(std::string_view text);

// Patterns see the quotes, colons and keys around a value, which is what gives it context. The JSON
// is not kept: give it to each call.
class JsonText {
 public:
  // `tokens` are of `json` (JsonTokens).
  JsonText(std::string_view json, std::vector<JsonToken> tokens);

  const std::string& plain() const { return plain_; }
  // Of plain(), one for each of the JSON's.
  const std::vector<JsonToken>& plain_tokens() const { return plain_tokens_; }

  // Where the bytes [begin, end) of plain(), which lie in one token, stand in `json`.
  std::pair<size_t, size_t> InJson(std::string_view json, size_t begin, size_t end) const;

  // Appends what keys say (keyed_values.h) in spans of plain(); also in strings that are JSON
  // themselves.
  void FindKeyed(std::string_view json, KeyedValues& found) const;

  // The JSON with these spans of plain() (ascending, none over another) replaced, token by token; a
  // number becomes a string. True where anything changed.
  using Replacement = std::function<std::string(const PersonalSpan&, std::string_view value)>;
  bool Replace(std::string& json, const std::vector<PersonalSpan>& spans,
               const Replacement& replacement) const;

 private:
  std::vector<JsonToken> tokens_;
  std::string plain_;
  std::vector<JsonToken> plain_tokens_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_JSON_TEXT_H_
