#include "tests/redaction/quality/redacted.h"

#include "redaction/conversation/conversation_redactor.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return IsCapital(c) || (c >= 'a' && c <= 'z'); }

DataType TypeOfLabel(std::string_view label) {
  for (size_t i = 0; i < kDataTypes; ++i) {
    if (DataTypeName(static_cast<DataType>(i)) == label) return static_cast<DataType>(i);
  }
  return DataType::kCustom;
}

struct Placeholder {
  size_t begin = 0;
  size_t end = 0;
  DataType type = DataType::kCustom;
};

// The next "[LABEL_12]" at or behind `from`.
std::optional<Placeholder> NextPlaceholder(std::string_view text, size_t from) {
  for (size_t begin = text.find('[', from); begin != std::string_view::npos;
       begin = text.find('[', begin + 1)) {
    size_t end = begin + 1;
    while (end < text.size() && (IsCapital(text[end]) || text[end] == '_')) ++end;
    const size_t digits = end;
    while (end < text.size() && IsDigit(text[end])) ++end;
    if (digits < begin + 3 || end == digits || end == text.size() || text[end] != ']') continue;
    if (text[digits - 1] != '_') continue;
    return Placeholder{begin, end + 1, TypeOfLabel(text.substr(begin + 1, digits - begin - 2))};
  }
  return std::nullopt;
}

bool CutsWord(char before, char behind) {
  return (IsLetter(before) && IsLetter(behind)) || (IsDigit(before) && IsDigit(behind));
}

Speaker SpeakerOf(Role role) {
  if (role == Role::kUser) return Speaker::kUser;
  return role == Role::kAgent ? Speaker::kAgent : Speaker::kOther;
}

// Where `literal` stands next behind a value that begins at `begin`.
size_t EndOfValue(std::string_view original, size_t begin, std::string_view literal) {
  if (literal.empty()) return begin + 1 <= original.size() ? begin + 1 : std::string_view::npos;
  size_t end = original.find(literal, begin + 1);
  while (end != std::string_view::npos && CutsWord(original[end - 1], literal[0])) {
    end = original.find(literal, end + 1);
  }
  return end;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> RedactedTurns(const PiiDetector& detector,
                                                       const std::vector<LabelledTurn>& turns) {
  std::vector<std::string> texts;
  for (const LabelledTurn& turn : turns) texts.push_back(turn.text);
  ConversationRedactor redactor(detector);
  for (size_t i = 0; i < turns.size(); ++i) redactor.Add(SpeakerOf(turns[i].role), &texts[i]);
  RETURN_IF_ERROR(redactor.Finish().status());
  return texts;
}

std::optional<std::vector<TypedSpan>> ReplacedSpans(std::string_view original,
                                                    std::string_view redacted) {
  std::vector<TypedSpan> spans;
  size_t place = 0;    // In `original`,
  size_t read_to = 0;  // and as far in `redacted`.
  for (auto found = NextPlaceholder(redacted, 0); found.has_value();) {
    const std::string_view before = redacted.substr(read_to, found->begin - read_to);
    if (original.substr(place, before.size()) != before) return std::nullopt;
    const size_t begin = place + before.size();
    const auto next = NextPlaceholder(redacted, found->end);
    const size_t literal_end = next.has_value() ? next->begin : redacted.size();
    const std::string_view literal = redacted.substr(found->end, literal_end - found->end);
    size_t end = EndOfValue(original, begin, literal);
    if (!next.has_value()) {
      // What is behind the last one is all that follows.
      end = original.size() < literal.size() ? 0 : original.size() - literal.size();
    }
    if (end == std::string_view::npos || end <= begin) return std::nullopt;
    spans.push_back({begin, end, found->type});
    place = end;
    read_to = found->end;
    found = next;
  }
  if (original.substr(place) != redacted.substr(read_to)) return std::nullopt;
  return spans;
}

}  // namespace flywheel::redaction
