#include "ingest_service/otlp/python_repr.h"

#include <algorithm>
#include <string>
#include <utility>

namespace flywheel::ingest {
namespace {

using nlohmann::json;

constexpr int kMaxReprDepth = 64;
constexpr std::string_view kBlanks = " \t\r\n";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameChar(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_' || c == '.';
}

// Name(field=..., Name('...'), Name([...]): an object as Python shows it.
bool IsConstructor(std::string_view text) {
  if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
  size_t name = 0;
  while (name < text.size() && IsNameChar(text[name])) ++name;
  if (name + 1 >= text.size() || text[name] != '(') return false;
  std::string_view inside = text.substr(name + 1);
  inside.remove_prefix(std::min(inside.find_first_not_of(" \n"), inside.size()));
  size_t word = 0;
  while (word < inside.size() && IsNameChar(inside[word])) ++word;
  if (inside.empty()) return false;
  if (word == 0) return std::string_view("'\"[{<").find(inside.front()) != std::string::npos;
  return word < inside.size() && (inside[word] == '=' || inside[word] == '(');
}

void AppendUtf8(unsigned code, std::string& to) {
  // Halves of pairs, and what is beyond Unicode, have no bytes of their own.
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xC0 | (code >> 6));
    to += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xE0 | (code >> 12));
    to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    to += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    to += static_cast<char>(0xF0 | (code >> 18));
    to += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    to += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Goes through a text once; false from any step means that it is no repr.
class ReprParser {
 public:
  explicit ReprParser(std::string_view text) : text_(text) {}

  std::optional<json> Run() {
    json value;
    if (!Value(value, 0)) return std::nullopt;
    Skip();
    if (place_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  char Peek() const { return place_ < text_.size() ? text_[place_] : '\0'; }

  void Skip() { place_ = std::min(text_.find_first_not_of(kBlanks, place_), text_.size()); }

  bool Take(char wanted) {
    Skip();
    if (Peek() != wanted) return false;
    ++place_;
    return true;
  }

  bool Value(json& value, int depth) {
    Skip();
    if (depth == kMaxReprDepth) return false;
    const char c = Peek();
    if (c == '{') return Braces(value, depth);
    if (c == '[' || c == '(') return List(c == '[' ? ']' : ')', value, depth);
    if (c == '\'' || c == '"') return Text(value);
    if (c == '<') return Angles(value, depth);
    if (IsDigit(c) || c == '-' || c == '+') return Number(value);
    return IsNameChar(c) && Word(value, depth);
  }

  // A dictionary, or a set.
  bool Braces(json& value, int depth) {
    ++place_;
    value = json::object();
    bool is_set = false;
    for (bool first = true; !Take('}'); first = false) {
      if (!first && !Take(',')) return false;
      if (Take('}')) break;
      json key;
      if (!Value(key, depth + 1)) return false;
      is_set = is_set || !Take(':');
      if (is_set) {
        if (!value.is_array()) value = json::array();
        value.push_back(std::move(key));
        continue;
      }
      json member;
      if (!Value(member, depth + 1)) return false;
      value[key.is_string() ? key.get<std::string>() : key.dump()] = std::move(member);
    }
    return true;
  }

  bool List(char end, json& value, int depth) {
    ++place_;
    value = json::array();
    for (bool first = true; !Take(end); first = false) {
      if (!first && !Take(',')) return false;
      if (Take(end)) break;
      json item;
      if (!Value(item, depth + 1)) return false;
      value.push_back(std::move(item));
    }
    return true;
  }

  bool Text(json& value) {
    const char quote = text_[place_++];
    std::string said;
    while (place_ < text_.size() && text_[place_] != quote) {
      if (text_[place_] != '\\') {
        said += text_[place_++];
      } else if (!Escape(said)) {
        return false;
      }
    }
    if (place_ == text_.size()) return false;
    ++place_;
    value = std::move(said);
    return true;
  }

  bool Escape(std::string& said) {
    if (place_ + 1 >= text_.size()) return false;
    const char c = text_[place_ + 1];
    place_ += 2;
    const std::string_view names = "ntr0abfv";
    const size_t name = names.find(c);
    if (name != std::string_view::npos) {
      constexpr char kMeant[] = {'\n', '\t', '\r', '\0', '\a', '\b', '\f', '\v'};
      said += kMeant[name];
      return true;
    }
    const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      said += c;
      return true;
    }
    unsigned code = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (place_ == text_.size()) return false;
      const char digit = text_[place_++];
      const char lower = static_cast<char>(digit | 0x20);
      if (!IsDigit(digit) && (lower < 'a' || lower > 'f')) return false;
      code = code * 16 + static_cast<unsigned>(IsDigit(digit) ? digit - '0' : lower - 'a' + 10);
    }
    AppendUtf8(code, said);
    return true;
  }

  bool Number(json& value) {
    const size_t begin = place_;
    ++place_;
    while (IsNameChar(Peek()) || Peek() == '+' || Peek() == '-') ++place_;
    const std::string_view number = text_.substr(begin, place_ - begin);
    value = json::parse(number, nullptr, false);
    // A complex number, or one that JSON writes otherwise.
    if (value.is_discarded()) value = std::string(number);
    return true;
  }

  // <Role.USER: 'user'> is its value; <function f at 0x7f> is nothing.
  bool Angles(json& value, int depth) {
    const size_t begin = place_;
    size_t name = place_ + 1;
    while (name < text_.size() && IsNameChar(text_[name])) ++name;
    if (text_.substr(name, 2) == ": ") {
      place_ = name + 2;
      if (Value(value, depth + 1) && Take('>')) return true;
    }
    value = nullptr;
    place_ = begin;
    int open = 0;
    for (; place_ < text_.size(); ++place_) {
      const bool arrow = text_[place_] == '>' && text_[place_ - 1] == '-';
      if (text_[place_] == '<') ++open;
      if (text_[place_] == '>' && !arrow && --open == 0) {
        ++place_;
        return true;
      }
    }
    return false;
  }

  // True, None, b'...', nan, or an object: Name(field=value, ...).
  bool Word(json& value, int depth) {
    const size_t begin = place_;
    while (IsNameChar(Peek())) ++place_;
    const std::string_view word = text_.substr(begin, place_ - begin);
    if (Peek() == '(') return Object(value, depth);
    if ((Peek() == '\'' || Peek() == '"') && word.size() <= 2) return Text(value);
    if (word == "True" || word == "False") {
      value = word == "True";
    } else if (word == "None") {
      value = nullptr;
    } else {
      value = std::string(word);
    }
    return true;
  }

  bool Object(json& value, int depth) {
    ++place_;
    json fields = json::object();
    json others = json::array();
    for (bool first = true; !Take(')'); first = false) {
      if (!first && !Take(',')) return false;
      if (Take(')')) break;
      Skip();
      size_t name = place_;
      while (name < text_.size() && IsNameChar(text_[name])) ++name;
      const bool is_field = name > place_ && name < text_.size() && text_[name] == '=';
      const std::string field(text_.substr(place_, name - place_));
      if (is_field) place_ = name + 1;
      json member;
      if (!Value(member, depth + 1)) return false;
      if (is_field) {
        fields[field] = std::move(member);
      } else {
        others.push_back(std::move(member));
      }
    }
    // What has no fields is what it was made of.
    value = !fields.empty() || others.empty() ? std::move(fields)
            : others.size() == 1              ? std::move(others.front())
                                              : std::move(others);
    return true;
  }

  std::string_view text_;
  size_t place_ = 0;
};

}  // namespace

bool IsPythonRepr(std::string_view text) {
  while (!text.empty() && (text.front() == '[' || text.front() == '(')) text.remove_prefix(1);
  return IsConstructor(text) || text.substr(0, 2) == "{'" || text.substr(0, 7) == "<class " ||
         (text.substr(0, 1) == "<" &&
          text.substr(0, 200).find(" object at 0x") != std::string::npos);
}

std::optional<json> ParsePythonRepr(std::string_view text) {
  return IsPythonRepr(text) ? ReprParser(text).Run() : std::nullopt;
}

}  // namespace flywheel::ingest
