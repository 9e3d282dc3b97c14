#include "redaction/conversation/json_text.h"

#include <algorithm>
#include <utility>

#include "redaction/conversation/keyed_values.h"
#include "redaction/text_edit.h"

namespace flywheel::redaction {

namespace {

// How many bytes of the string token `raw` mean its first `plain` bytes.
size_t RawSize(std::string_view raw, size_t plain) {
  if (raw.find('\\') == std::string_view::npos) return std::min(plain, raw.size());
  size_t place = 0;
  for (size_t meant = 0; meant < plain && place < raw.size();) {
    // An escape has 2 bytes, one by number 6, and a pair of surrogates 12.
    size_t size = 1;
    if (raw[place] == '\\') {
      const bool pair = raw.substr(place, 3) == "\\ud" || raw.substr(place, 3) == "\\uD";
      size = raw.substr(place, 2) != "\\u" ? 2 : 6;
      if (pair && raw.substr(place + 6, 2) == "\\u" && place + 3 < raw.size() &&
          std::string_view("89abAB").find(raw[place + 3]) != std::string_view::npos) {
        size = 12;
      }
    }
    meant += size == 1 ? 1 : UnescapeJson(raw.substr(place, size)).size();
    place += size;
  }
  return std::min(place, raw.size());
}

}  // namespace

bool StartsLikeJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         (text[first] == '{' || text[first] == '[' || text[first] == '"');
}

JsonText::JsonText(std::string_view json, std::vector<JsonToken> tokens)
    : tokens_(std::move(tokens)) {
  plain_.reserve(json.size());
  plain_tokens_.reserve(tokens_.size());
  size_t done = 0;
  for (const JsonToken& token : tokens_) {
    plain_.append(json.substr(done, token.begin - done));
    const size_t begin = plain_.size();
    const std::string_view raw = json.substr(token.begin, token.end - token.begin);
    const bool escaped = token.is_string && raw.find('\\') != std::string_view::npos;
    plain_.append(escaped ? UnescapeJson(raw) : std::string(raw));
    plain_tokens_.push_back({begin, plain_.size(), token.is_string});
    done = token.end;
  }
  plain_.append(json.substr(done));
}

std::pair<size_t, size_t> JsonText::InJson(std::string_view json, size_t begin, size_t end) const {
  auto plain =
      std::upper_bound(plain_tokens_.begin(), plain_tokens_.end(), begin,
                       [](size_t place, const JsonToken& one) { return place < one.begin; });
  if (plain == plain_tokens_.begin()) return {0, 0};
  --plain;
  const JsonToken& token = tokens_[static_cast<size_t>(plain - plain_tokens_.begin())];
  const std::string_view raw = json.substr(token.begin, token.end - token.begin);
  return {token.begin + RawSize(raw, begin - plain->begin),
          token.begin + RawSize(raw, end - plain->begin)};
}

void JsonText::FindKeyed(std::string_view json, KeyedValues& found) const {
  KeyedValues keyed;
  FindKeyedValues(json, keyed);
  // Values are whole tokens of the JSON.
  const auto add = [&](const std::vector<PersonalSpan>& from, std::vector<PersonalSpan>& to) {
    for (PersonalSpan span : from) {
      const auto token =
          std::lower_bound(tokens_.begin(), tokens_.end(), span.begin,
                           [](const JsonToken& one, size_t begin) { return one.begin < begin; });
      if (token == tokens_.end() || token->begin != span.begin) continue;
      const JsonToken& plain = plain_tokens_[static_cast<size_t>(token - tokens_.begin())];
      span.begin = plain.begin;
      span.end = plain.end;
      if (span.begin < span.end) to.push_back(span);
    }
  };
  add(keyed.personal, found.personal);
  add(keyed.things, found.things);
  // A string that is JSON, as the answers of many tools have it.
  for (const JsonToken& token : plain_tokens_) {
    if (!token.is_string || token.end - token.begin < 8) continue;
    const std::string_view inside =
        std::string_view(plain_).substr(token.begin, token.end - token.begin);
    if (inside.front() != '{' && inside.front() != '[') continue;
    KeyedValues deeper;
    FindKeyedValues(inside, deeper);
    for (PersonalSpan span : deeper.personal) {
      span.begin += token.begin;
      span.end += token.begin;
      found.personal.push_back(span);
    }
    keyed.full_names.insert(keyed.full_names.end(), deeper.full_names.begin(),
                            deeper.full_names.end());
  }
  found.full_names.insert(found.full_names.end(), keyed.full_names.begin(), keyed.full_names.end());
}

bool JsonText::Replace(std::string& json, const std::vector<PersonalSpan>& spans,
                       const Replacement& replacement) const {
  // Both lists ascend: walk the tokens, and the spans that touch each.
  std::vector<TextEdit> edits;
  size_t first = 0;
  for (size_t i = 0; i < tokens_.size() && first < spans.size(); ++i) {
    const JsonToken& token = plain_tokens_[i];
    const std::string_view value =
        std::string_view(plain_).substr(token.begin, token.end - token.begin);
    while (first < spans.size() && spans[first].end <= token.begin) ++first;
    std::vector<TextEdit> inside;
    for (size_t s = first; s < spans.size() && spans[s].begin < token.end; ++s) {
      // A span may reach over a token's end; what is outside of it is the syntax of JSON.
      size_t begin = std::max(spans[s].begin, token.begin) - token.begin;
      size_t end = std::min(spans[s].end, token.end) - token.begin;
      if (!token.is_string) begin = 0, end = value.size();
      if (begin >= end) continue;
      std::string text = replacement(spans[s], value.substr(begin, end - begin));
      if (token.is_string && spans[s].is_bare) text.insert(0, 1, '"').push_back('"');
      inside.push_back({begin, end, std::move(text)});
      if (!token.is_string) break;
    }
    if (inside.empty()) continue;
    // A number becomes a string, or the JSON would be none.
    edits.push_back({tokens_[i].begin, tokens_[i].end,
                     token.is_string ? EscapeJson(ApplyEdits(value, inside))
                                     : '"' + inside.front().text + '"'});
  }
  if (edits.empty()) return false;
  json = ApplyEdits(json, edits);
  return true;
}

}  // namespace flywheel::redaction
