#include "shared/text/json_strings.h"

#include <fmt/format.h>

#include <cstdint>

namespace flywheel {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

// Reads JSON by what may come next. Open brackets stand in a string, so depth costs a byte each.
class Reader {
 public:
  explicit Reader(std::string_view json) : json_(json) {}

  bool Read() {
    while (true) {
      if (!ReadValue()) return false;
      if (opened_) continue;
      if (!CloseAndSeparate()) return false;
      if (done_) return true;
    }
  }

  std::vector<JsonToken> tokens;

 private:
  char Next() const { return place_ < json_.size() ? json_[place_] : '\0'; }

  void SkipSpace() {
    while (place_ < json_.size() &&
           std::string_view(" \t\n\r").find(json_[place_]) != std::string_view::npos) {
      ++place_;
    }
  }

  bool Take(char wanted) {
    SkipSpace();
    if (Next() != wanted || place_ == json_.size()) return false;
    ++place_;
    return true;
  }

  // A scalar, or the beginning of an array or object up to where its first value begins.
  bool ReadValue() {
    opened_ = false;
    SkipSpace();
    switch (Next()) {
      case '"':
        return ReadString();
      case '[':
        ++place_;
        if (Take(']')) return true;
        open_.push_back('[');
        return opened_ = true;
      case '{':
        ++place_;
        if (Take('}')) return true;
        open_.push_back('{');
        return (opened_ = true) && ReadKey();
      case 't':
        return ReadWord("true");
      case 'f':
        return ReadWord("false");
      case 'n':
        return ReadWord("null");
      default:
        return ReadNumber();
    }
  }

  // After a value: closes what ends here, and stands before the next value or at the end.
  bool CloseAndSeparate() {
    while (!open_.empty()) {
      const bool object = open_.back() == '{';
      if (Take(',')) return !object || ReadKey();
      if (!Take(object ? '}' : ']')) return false;
      open_.pop_back();
    }
    SkipSpace();
    done_ = true;
    return place_ == json_.size();
  }

  bool ReadKey() {
    SkipSpace();
    return ReadString() && Take(':');
  }

  bool ReadWord(std::string_view word) {
    if (json_.substr(place_, word.size()) != word) return false;
    place_ += word.size();
    return true;
  }

  bool ReadString() {
    if (Next() != '"') return false;
    const size_t begin = ++place_;
    while (place_ < json_.size()) {
      const char c = json_[place_];
      if (c == '"') {
        tokens.push_back({begin, place_++, true});
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !ReadEscape()) return false;
      ++place_;
    }
    return false;
  }

  // Leaves the last byte of the escape to its caller.
  bool ReadEscape() {
    ++place_;
    if (Next() != 'u') {
      return place_ < json_.size() &&
             std::string_view("\"\\/bfnrt").find(Next()) != std::string_view::npos;
    }
    for (int i = 0; i < 4; ++i) {
      if (++place_ >= json_.size() || HexValue(json_[place_]) < 0) return false;
    }
    return true;
  }

  bool ReadDigits() {
    if (!IsDigit(Next())) return false;
    while (IsDigit(Next())) ++place_;
    return true;
  }

  bool ReadNumber() {
    const size_t begin = place_;
    if (Next() == '-') ++place_;
    const bool zero = Next() == '0';
    if (!ReadDigits() || (zero && place_ - begin > (json_[begin] == '-' ? 2u : 1u))) return false;
    if (Next() == '.' && (++place_, !ReadDigits())) return false;
    if (Next() == 'e' || Next() == 'E') {
      ++place_;
      if (Next() == '+' || Next() == '-') ++place_;
      if (!ReadDigits()) return false;
    }
    tokens.push_back({begin, place_, false});
    return true;
  }

  std::string_view json_;
  size_t place_ = 0;
  std::string open_;
  bool opened_ = false;
  bool done_ = false;
};

void AppendUtf8(uint32_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    text += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

uint32_t HexCode(std::string_view token, size_t place) {
  uint32_t code = 0;
  for (size_t i = 0; i < 4; ++i)
    code = code * 16 + static_cast<uint32_t>(HexValue(token[place + i]));
  return code;
}

// Appends what "\uXXXX" at `place` (its 'u') means; returns its last byte.
size_t AppendCode(std::string_view token, size_t place, std::string& text) {
  uint32_t code = HexCode(token, place + 1);
  place += 4;
  if (code >= 0xD800 && code < 0xDC00 && token.substr(place + 1, 2) == "\\u") {
    const uint32_t low = HexCode(token, place + 3);
    if (low >= 0xDC00 && low < 0xE000) {
      AppendUtf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), text);
      return place + 6;
    }
  }
  AppendUtf8(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, text);
  return place;
}

}  // namespace

std::optional<std::vector<JsonToken>> JsonTokens(std::string_view json) {
  Reader reader(json);
  if (!reader.Read()) return std::nullopt;
  return std::move(reader.tokens);
}

std::string UnescapeJson(std::string_view token) {
  constexpr std::string_view kNames = "bfnrt";
  constexpr std::string_view kMeanings = "\b\f\n\r\t";
  std::string text;
  text.reserve(token.size());
  for (size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '\\') {
      text += token[i];
      continue;
    }
    ++i;
    const size_t named = kNames.find(token[i]);
    if (token[i] == 'u') {
      i = AppendCode(token, i, text);
    } else {
      text += named == std::string_view::npos ? token[i] : kMeanings[named];
    }
  }
  return text;
}

std::string EscapeJson(std::string_view text) {
  constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
  constexpr std::string_view kEscaped = "\"\\bfnrt";
  std::string token;
  token.reserve(text.size());
  for (const char c : text) {
    const size_t found = kPlain.find(c);
    if (found != std::string_view::npos) {
      token += '\\';
      token += kEscaped[found];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      token += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      token += c;
    }
  }
  return token;
}

}  // namespace flywheel
