#include <algorithm>
#include <cctype>
#include <cstdint>
#include <utility>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

// A range of leading digits of an issuer, and the lengths of its numbers as a bit set.
struct Issuer {
  int first;
  int last;
  int digits;  // How many digits `first` and `last` have.
  uint32_t lengths;
};

constexpr uint32_t Length(int n) { return 1u << n; }
constexpr uint32_t kLongLengths = Length(16) | Length(17) | Length(18) | Length(19);
constexpr uint32_t kMaestroLengths =
    Length(12) | Length(13) | Length(14) | Length(15) | kLongLengths;

// ISO/IEC 7812: the ranges that the schemes publish. Elo, Verve and Dankort stand among Maestro's
// and Visa's, RuPay among Discover's.
constexpr Issuer kIssuers[] = {
    {4, 4, 1, Length(13) | Length(16) | Length(19)},  // Visa
    {51, 55, 2, Length(16)},                          // Mastercard
    {2221, 2720, 4, Length(16)},
    {34, 34, 2, Length(15)},  // American Express
    {37, 37, 2, Length(15)},
    {6011, 6011, 4, kLongLengths},  // Discover
    {644, 659, 3, kLongLengths},
    {60, 60, 2, Length(16)},    // RuPay, Hipercard
    {81, 82, 2, Length(16)},    // RuPay, UnionPay
    {300, 305, 3, Length(14)},  // Diners Club
    {3095, 3095, 4, Length(14) | Length(16)},
    {36, 36, 2, Length(14) | kLongLengths},
    {38, 39, 2, Length(14) | Length(16)},
    {35, 35, 2, kLongLengths},  // JCB
    {1800, 1800, 4, Length(15)},
    {2131, 2131, 4, Length(15)},
    {62, 62, 2, kLongLengths},      // UnionPay
    {2200, 2204, 4, kLongLengths},  // Mir
    {50, 50, 2, kMaestroLengths},   // Maestro
    {56, 58, 2, kMaestroLengths},
    {63, 63, 2, kMaestroLengths},
    {67, 67, 2, kMaestroLengths},
    {604, 604, 4, kMaestroLengths},  // 0604: of Maestro, too.
    {9792, 9792, 4, Length(16)},     // Troy
};

// The lengths that cards with these leading digits have, as a bit set; 0 where nobody issues them.
uint32_t IssuedLengths(std::string_view digits) {
  uint32_t lengths = 0;
  for (const Issuer& issuer : kIssuers) {
    int prefix = 0;
    for (size_t i = 0; i < static_cast<size_t>(issuer.digits); ++i) {
      prefix = prefix * 10 + (digits[i] - '0');
    }
    if (prefix >= issuer.first && prefix <= issuer.last) lengths |= issuer.lengths;
  }
  return lengths;
}

// ISO 13616 registry: country and length.
constexpr std::pair<const char*, int> kIbanLengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20},
    {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27},
    {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NL", 18}, {"NO", 15},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"SA", 24},
    {"SC", 31}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"ST", 25}, {"SV", 28}, {"TL", 23},
    {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}};

}  // namespace

bool IsLuhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int digit = (*it - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !digits.empty() && sum % 10 == 0;
}

size_t LuhnCheck(std::string_view match) { return IsLuhn(Digits(match)) ? match.size() : 0; }

size_t CardCheck(std::string_view match) {
  if (match.size() > 64) return 0;
  std::string digits = Digits(match);
  if (digits.size() < 12) return 0;
  const uint32_t lengths = IssuedLengths(digits);
  // From the longest: what follows a number (a month, a code) looks like its continuation.
  for (size_t size = match.size(); size > 0 && lengths != 0; --size) {
    if (std::isdigit(static_cast<unsigned char>(match[size - 1])) == 0) continue;
    const bool ends_here = size == match.size() || match[size] < '0' || match[size] > '9';
    const bool issued =
        digits.size() < 20 && (lengths & Length(static_cast<int>(digits.size()))) != 0;
    const bool same = digits.find_first_not_of(digits.substr(0, 1)) == std::string::npos;
    if (ends_here && issued && !same && IsLuhn(digits)) return size;
    digits.pop_back();
  }
  return 0;
}

size_t IbanCheck(std::string_view match) {
  if (match.size() < 15) return 0;
  std::string compact;
  const std::string country = {static_cast<char>(std::toupper(match[0])),
                               static_cast<char>(std::toupper(match[1]))};
  const auto* known = std::find_if(std::begin(kIbanLengths), std::end(kIbanLengths),
                                   [&](const auto& entry) { return entry.first == country; });
  if (known == std::end(kIbanLengths)) return 0;
  // As many letters and digits as the country has, whatever stands behind them.
  size_t size = 0;
  while (size < match.size() && compact.size() < static_cast<size_t>(known->second)) {
    const unsigned char c = match[size++];
    if (std::isalnum(c) != 0) compact += static_cast<char>(std::toupper(c));
  }
  if (compact.size() != static_cast<size_t>(known->second)) return 0;
  // Two digits that are 98 less a remainder of 97 are 02 to 98.
  const std::string_view given = std::string_view(compact).substr(2, 2);
  if (given < "02" || given > "98") return 0;
  // Country and check go to the end, letters count 10 to 35, and the rest modulo 97 is 1.
  std::rotate(compact.begin(), compact.begin() + 4, compact.end());
  int remainder = 0;
  for (const char c : compact) {
    const int value = c <= '9' ? c - '0' : c - 'A' + 10;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1 ? size : 0;
}

}  // namespace flywheel::redaction
