#include "eval_gate_service/evaluators/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

#include "shared/text/characters.h"

namespace flywheel::evalgate::evaluators {
namespace {

// Where a space does not break.
constexpr char kNoBreak = '\x1f';

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A letter of ASCII, or any byte of another character but those of signs of currency.
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr std::string_view kCurrencies[] = {"$", "€", "£", "¥", "₹", "₽", "₩"};

// The bytes of the mark of currency that ends at `end`; 0 where there is none.
size_t CurrencyBefore(std::string_view text, size_t end) {
  for (const std::string_view currency : kCurrencies) {
    if (text.substr(0, end).ends_with(currency)) return currency.size();
  }
  return 0;
}

class NumberReader {
 public:
  NumberReader(std::string_view text, DecimalMark mark)
      : text_(text), point_(mark == DecimalMark::kPoint ? '.' : ',') {}

  std::vector<TextNumber> Read() {
    std::vector<TextNumber> numbers;
    while (at_ < text_.size()) {
      const bool begins = IsDigit(text_[at_]) || BeginsFraction();
      if (!begins) {
        ++at_;
      } else if (at_ > 0 && IsLetter(text_[at_ - 1])) {
        ++at_;
        while (at_ < text_.size() && (IsDigit(text_[at_]) || IsLetter(text_[at_]))) ++at_;
      } else {
        numbers.push_back(ReadOne());
      }
    }
    return numbers;
  }

 private:
  bool DigitAt(size_t place) const { return place < text_.size() && IsDigit(text_[place]); }

  // ".5"
  bool BeginsFraction() const {
    return text_[at_] == point_ && DigitAt(at_ + 1) && (at_ == 0 || !IsDigit(text_[at_ - 1]));
  }

  void TakeDigits(std::string& digits) {
    while (DigitAt(at_)) digits += text_[at_++];
  }

  // Whether a separator and exactly three digits stand here.
  bool GroupAt(size_t place, char separator) const {
    return place < text_.size() && text_[place] == separator && DigitAt(place + 1) &&
           DigitAt(place + 2) && DigitAt(place + 3) && !DigitAt(place + 4);
  }

  void TakeGroups(std::string& digits) {
    if (digits.size() > 3 || at_ >= text_.size()) return;
    const char separator = text_[at_];
    const bool is_separator = separator == (point_ == '.' ? ',' : '.') || separator == '\'' ||
                              separator == '_' || separator == kNoBreak;
    if (!is_separator) return;
    while (GroupAt(at_, separator)) {
      digits += text_.substr(at_ + 1, 3);
      at_ += 4;
    }
  }

  void TakeExponent(std::string& digits) {
    if (at_ >= text_.size() || (text_[at_] != 'e' && text_[at_] != 'E')) return;
    size_t place = at_ + 1;
    if (place < text_.size() && (text_[place] == '+' || text_[place] == '-')) ++place;
    if (!DigitAt(place)) return;
    size_t end = place;
    while (DigitAt(end)) ++end;
    if (end < text_.size() && IsLetter(text_[end])) return;
    digits += 'e';
    if (text_[place - 1] == '-') digits += '-';
    digits += text_.substr(place, end - place);
    at_ = end;
  }

  bool IsNegative(size_t begin) const {
    size_t before = begin - CurrencyBefore(text_, begin);
    if (before == 0 || text_[before - 1] != '-') return false;
    --before;
    before -= CurrencyBefore(text_, before);
    if (before == 0) return true;
    const char c = text_[before - 1];
    return !IsDigit(c) && !IsLetter(c) && c != ')' && c != ']' && c != '-' && (c & 0x80) == 0;
  }

  TextNumber ReadOne() {
    TextNumber number;
    number.begin = at_;
    std::string digits;
    TakeDigits(digits);
    TakeGroups(digits);
    if (digits.empty()) digits = "0";
    if (at_ < text_.size() && text_[at_] == point_ && DigitAt(at_ + 1)) {
      digits += '.';
      ++at_;
      TakeDigits(digits);
    }
    TakeExponent(digits);
    number.end = at_;
    // What is out of range stays 0 or becomes infinite, which no tolerance reaches.
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
    if (error == std::errc::result_out_of_range) number.value = HUGE_VAL;
    if (IsNegative(number.begin)) number.value = -number.value;
    size_t behind = at_;
    while (behind < text_.size() && (text_[behind] == ' ' || text_[behind] == kNoBreak)) ++behind;
    number.percent = behind < text_.size() && text_[behind] == '%';
    return number;
  }

  const std::string_view text_;
  const char point_;
  size_t at_ = 0;
};

}  // namespace

std::string ForNumbers(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    const int32_t code = character.code;
    if (code >= 0xFF01 && code <= 0xFF5E) {
      plain += static_cast<char>(code - 0xFF01 + '!');
    } else if (code == 0x2212) {
      plain += '-';
    } else if (code == 0xA0 || code == 0x2007 || code == 0x2009 || code == 0x202F) {
      plain += kNoBreak;
    } else if (code == 0x2019) {
      plain += '\'';
    } else {
      plain.append(text.substr(i, character.size_bytes));
    }
    i += character.size_bytes;
  }
  return plain;
}

std::vector<TextNumber> ReadNumbers(std::string_view text, DecimalMark mark) {
  return NumberReader(text, mark).Read();
}

}  // namespace flywheel::evalgate::evaluators
