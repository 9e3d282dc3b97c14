#include "redaction/conversation/foreign_findings.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "redaction/given_names.h"
#include "redaction/surroundings.h"

namespace flywheel::redaction {
namespace {

bool HasLetterOrDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
  });
}

// Is the string that ends before the quote at `end` a key?
bool IsKey(std::string_view json, size_t end) {
  const size_t next = json.find_first_not_of(" \t\r\n", end + 1);
  return next != std::string_view::npos && json[next] == ':';
}

std::string KeyOf(Speaker speaker, std::string_view text) {
  std::string key;
  key.reserve(text.size() + 1);
  key += static_cast<char>('0' + static_cast<int>(speaker));
  key += text;
  return key;
}

std::optional<DataType> TypeOf(std::string_view name) {
  for (size_t i = 0; i < kDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    if (type != DataType::kCustom && DataTypeName(type) == name) return type;
  }
  return std::nullopt;
}

// Whoever found it sees every text by itself, so that only what is surely one person's spreads.
Spread SpreadOfForeign(DataType type, std::string_view value) {
  if (type == DataType::kCustom || SpreadsByItself(type)) return Spread::kNone;
  if (type != DataType::kName) return Spread::kWhole;
  if (BeginsWithGivenName(value)) return Spread::kParts;
  return value.find(' ') == std::string_view::npos ? Spread::kNone : Spread::kWhole;
}

struct Bounds {
  size_t begin = 0;
  size_t end = 0;
};

std::vector<Bounds> PlaceholdersIn(std::string_view text) {
  std::vector<Bounds> placeholders;
  for (size_t place = text.find('['); place != std::string_view::npos;
       place = text.find('[', place + 1)) {
    const size_t size = PlaceholderAt(text, place);
    if (size > 0) placeholders.push_back({place, place + size});
  }
  return placeholders;
}

}  // namespace

void VisitPlainTexts(std::string_view text, absl::FunctionRef<void(std::string_view)> visit) {
  std::optional<std::vector<JsonToken>> tokens;
  if (StartsLikeJson(text)) tokens = JsonTokens(text);
  if (!tokens) {
    if (HasLetterOrDigit(text)) visit(text);
    return;
  }
  for (const JsonToken& token : *tokens) {
    if (!token.is_string || IsKey(text, token.end)) continue;
    const std::string_view raw = text.substr(token.begin, token.end - token.begin);
    if (raw.find('\\') == std::string_view::npos) {
      if (HasLetterOrDigit(raw)) visit(raw);
    } else {
      const std::string meant = UnescapeJson(raw);
      if (HasLetterOrDigit(meant)) visit(meant);
    }
  }
}

void ForeignFindings::Add(Speaker speaker, std::string_view text,
                          const std::vector<ForeignSpan>& found) {
  std::vector<PersonalSpan>& spans = by_text_[KeyOf(speaker, text)];
  spans.clear();
  if (found.empty()) return;
  const std::vector<Bounds> placeholders = PlaceholdersIn(text);
  for (const ForeignSpan& one : found) {
    PersonalSpan span;
    const std::optional<DataType> type = TypeOf(one.type);
    span.type = type.value_or(DataType::kCustom);
    span.label = type ? DataTypeName(*type) : std::string_view(*labels_.insert(one.type).first);
    // What stands between the placeholders that it reaches over.
    size_t begin = one.begin;
    auto next = std::lower_bound(placeholders.begin(), placeholders.end(), begin,
                                 [](const Bounds& a, size_t place) { return a.end <= place; });
    for (; next != placeholders.end() && next->begin < one.end; ++next) {
      span.begin = begin;
      span.end = next->begin;
      AddPart(text, span, spans);
      begin = next->end;
    }
    span.begin = begin;
    span.end = one.end;
    AddPart(text, span, spans);
  }
}

void ForeignFindings::AddPart(std::string_view text, PersonalSpan part,
                              std::vector<PersonalSpan>& spans) const {
  const auto is_space = [&](size_t place) {
    return std::isspace(static_cast<unsigned char>(text[place])) != 0;
  };
  while (part.begin < part.end && is_space(part.begin)) ++part.begin;
  while (part.begin < part.end && is_space(part.end - 1)) --part.end;
  if (part.begin >= part.end) return;
  const std::string_view value = text.substr(part.begin, part.end - part.begin);
  if (!HasLetterOrDigit(value)) return;
  part.spread = SpreadOfForeign(part.type, value);
  spans.push_back(part);
}

bool ForeignFindings::AppendOne(Speaker speaker, std::string_view text, size_t offset,
                                std::vector<PersonalSpan>& spans) const {
  if (!HasLetterOrDigit(text)) return true;
  const auto found = by_text_.find(KeyOf(speaker, text));
  if (found == by_text_.end()) return false;
  for (PersonalSpan span : found->second) {
    span.begin += offset;
    span.end += offset;
    spans.push_back(span);
  }
  return true;
}

bool ForeignFindings::AppendTo(Speaker speaker, std::string_view plain, const JsonText* json,
                               std::vector<PersonalSpan>& spans) const {
  if (json == nullptr) return AppendOne(speaker, plain, 0, spans);
  bool whole = true;
  for (const JsonToken& token : json->plain_tokens()) {
    if (!token.is_string || IsKey(plain, token.end)) continue;
    const std::string_view value = plain.substr(token.begin, token.end - token.begin);
    whole = AppendOne(speaker, value, token.begin, spans) && whole;
  }
  return whole;
}

}  // namespace flywheel::redaction
