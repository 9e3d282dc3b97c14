#include <algorithm>
#include <utility>

#include "redaction/redactor.h"
#include "shared/text/json_strings.h"

namespace flywheel::redaction {
namespace {

// A JSON text with the meaning of its strings in their place, and where they are now. Patterns see
// the quotes, colons and keys around a value, which is what gives it context.
struct PlainJson {
  std::string text;
  std::vector<JsonToken> tokens;  // Of `text`, one for each of the JSON's.
};

PlainJson Unescape(std::string_view json, const std::vector<JsonToken>& tokens) {
  PlainJson plain;
  plain.text.reserve(json.size());
  size_t done = 0;
  for (const JsonToken& token : tokens) {
    plain.text.append(json.substr(done, token.begin - done));
    const size_t begin = plain.text.size();
    const std::string_view raw = json.substr(token.begin, token.end - token.begin);
    const bool escaped = token.is_string && raw.find('\\') != std::string_view::npos;
    plain.text.append(escaped ? UnescapeJson(raw) : std::string(raw));
    plain.tokens.push_back({begin, plain.text.size(), token.is_string});
    done = token.end;
  }
  plain.text.append(json.substr(done));
  return plain;
}

}  // namespace

bool Redactor::RedactJsonOnce(std::string& json, const std::vector<JsonToken>& tokens) {
  // Find in the text that the JSON means, with keys and syntax around each value.
  const PlainJson plain = Unescape(json, tokens);
  detector_.Find(plain.text, findings_);
  // Both lists ascend: walk the tokens, and the findings that touch each.
  std::vector<TextEdit> edits;
  size_t finding = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const JsonToken& token = plain.tokens[i];
    const std::string_view value =
        std::string_view(plain.text).substr(token.begin, token.end - token.begin);
    while (finding < findings_.size() && findings_[finding].end <= token.begin) ++finding;
    std::vector<TextEdit> inside;
    for (size_t f = finding; f < findings_.size() && findings_[f].begin < token.end; ++f) {
      // A finding may reach over a token's end; what is outside of it is the syntax of JSON.
      size_t begin = std::max(findings_[f].begin, token.begin) - token.begin;
      size_t end = std::min(findings_[f].end, token.end) - token.begin;
      if (!token.is_string) begin = 0, end = value.size();
      if (begin >= end) continue;
      const Recogniser& recogniser = detector_.recogniser(findings_[f].recogniser);
      inside.push_back({begin, end, Placeholder(recogniser, value.substr(begin, end - begin))});
      if (!token.is_string) break;
    }
    if (inside.empty()) continue;
    // A number becomes a string, or the JSON would be none.
    edits.push_back({tokens[i].begin, tokens[i].end,
                     token.is_string ? EscapeJson(ApplyEdits(value, inside))
                                     : '"' + inside.front().text + '"'});
  }
  if (edits.empty()) return false;
  json = ApplyEdits(json, edits);
  return true;
}

absl::StatusOr<bool> Redactor::RedactJson(std::string& json) {
  // Without escapes the bytes are the meaning, and most texts have nothing to find.
  if (json.find('\\') == std::string::npos) {
    detector_.Find(json, findings_);
    if (findings_.empty()) return false;
  }
  auto tokens = JsonTokens(json);
  if (!tokens) return Redact(json);
  // Escapes and lengths change with each round, so tokens are found anew.
  SkipKnownNumbers(json);
  std::string redacted = json;
  for (int round = 0; round < kMaxRounds; ++round) {
    if (!RedactJsonOnce(redacted, *tokens)) {
      if (round > 0) json = std::move(redacted);
      return round > 0;
    }
    tokens = JsonTokens(redacted);
  }
  return RefusesToSettle();
}

}  // namespace flywheel::redaction
