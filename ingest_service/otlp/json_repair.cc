#include "ingest_service/otlp/json_repair.h"

#include <fmt/format.h>

#include <optional>

namespace flywheel::ingest {
namespace {

constexpr size_t kEscapeBytes = 6;  // As in \ud83e.

// The code unit of an escape that begins at `place`; nullopt for another escape or half of one.
std::optional<unsigned> UnitAt(std::string_view json, size_t place) {
  if (json.size() < place + kEscapeBytes || json.substr(place, 2) != "\\u") return std::nullopt;
  unsigned unit = 0;
  for (const char c : json.substr(place + 2, 4)) {
    const bool digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!digit && (lower < 'a' || lower > 'f')) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit ? c - '0' : lower - 'a' + 10);
  }
  return unit;
}

bool IsHigh(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLow(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

// One pass over the text, which copies what is good and knows where it is.
class Repairer {
 public:
  explicit Repairer(std::string_view json) : json_(json) { out_.reserve(json.size() + 16); }

  RepairedJson Run() {
    while (place_ < json_.size()) in_string_ ? TakeFromString() : TakeBetween();
    const bool cut = in_string_ || !open_.empty();
    if (cut) Close();
    return {std::move(out_), cut};
  }

 private:
  void TakeBetween() {
    const char c = json_[place_++];
    out_ += c;
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') open_ += c;
    if ((c == '}' || c == ']') && !open_.empty()) open_.pop_back();
    if (c == '{' || c == ',') wants_key_ = !open_.empty() && open_.back() == '{';
    if (c == ':' || c == '[') wants_key_ = false;
  }

  void TakeFromString() {
    const char c = json_[place_];
    if (c == '\\') return TakeEscape();
    ++place_;
    if (static_cast<unsigned char>(c) < 0x20) {
      out_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      return;
    }
    out_ += c;
    in_string_ = c != '"';
  }

  void TakeEscape() {
    const std::optional<unsigned> unit = UnitAt(json_, place_);
    if (!unit) {
      // A half of an escape at the end is left out.
      const bool half = place_ + 1 == json_.size() ||
                        (json_[place_ + 1] == 'u' && json_.size() < place_ + kEscapeBytes);
      if (half) {
        place_ = json_.size();
        return;
      }
      return Copy(2);
    }
    const std::optional<unsigned> next = UnitAt(json_, place_ + kEscapeBytes);
    if (IsHigh(*unit) && next && IsLow(*next)) return Copy(2 * kEscapeBytes);
    if (!IsHigh(*unit) && !IsLow(*unit)) return Copy(kEscapeBytes);
    out_ += "\\ufffd";
    place_ += kEscapeBytes;
  }

  void Copy(size_t bytes) {
    out_ += json_.substr(place_, bytes);
    place_ += bytes;
  }

  void Trim() {
    while (!out_.empty() && std::string_view(" \t\r\n").find(out_.back()) != std::string::npos) {
      out_.pop_back();
    }
  }

  // Ends what was begun: a text, a number or word, a member, the lists and objects around it.
  void Close() {
    const bool key = wants_key_;
    if (in_string_) {
      out_ += '"';
    } else {
      const auto is_literal = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '.' ||
               c == '+' || c == '-';
      };
      while (!out_.empty() && is_literal(out_.back())) out_.pop_back();
      Trim();
    }
    if (!out_.empty() && out_.back() == ',') out_.pop_back();
    if (!out_.empty() && out_.back() == ':') out_ += "null";
    if (key && !out_.empty() && out_.back() == '"') out_ += ":null";
    for (; !open_.empty(); open_.pop_back()) out_ += open_.back() == '{' ? '}' : ']';
  }

  const std::string_view json_;
  size_t place_ = 0;
  std::string out_;
  // Brackets that are open.
  std::string open_;
  bool in_string_ = false;
  // The next text is the name of a member.
  bool wants_key_ = false;
};

}  // namespace

RepairedJson RepairJson(std::string_view text) { return Repairer(text).Run(); }

}  // namespace flywheel::ingest
