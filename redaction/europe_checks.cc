// The check digits of European national numbers, each as its authority publishes it.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <iterator>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

// What is left of a match without its separators, letters in upper case.
std::string Compact(std::string_view match) {
  std::string compact;
  for (const unsigned char c : match) {
    if (c < 0x80 && std::isalnum(c) != 0) compact += static_cast<char>(std::toupper(c));
  }
  return compact;
}

int Digit(const std::string& digits, size_t i) { return digits[i] - '0'; }

int Number(std::string_view digits) {
  int64_t number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return static_cast<int>(number);
}

template <size_t N>
int WeightedSum(const std::string& digits, const std::array<int, N>& weights) {
  int sum = 0;
  for (size_t i = 0; i < N; ++i) sum += Digit(digits, i) * weights[i];
  return sum;
}

size_t All(std::string_view match, bool valid) { return valid ? match.size() : 0; }

}  // namespace

size_t UkNinoCheck(std::string_view match) {
  // HMRC never gives these first letters.
  constexpr std::string_view kNever[] = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};
  const std::string number = Compact(match);
  return All(match, number.size() == 9 && std::find(std::begin(kNever), std::end(kNever),
                                                    number.substr(0, 2)) == std::end(kNever));
}

size_t UkNhsCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 10) return 0;
  // Modulo 11; where 10 would be the check, the number is not given.
  const int check = 11 - WeightedSum<9>(digits, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return All(match, (check == 11 ? 0 : check) == Digit(digits, 9));
}

size_t DeTaxIdCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 11 || digits[0] == '0') return 0;
  // Of the first ten digits, one stands there twice or three times and the others at most once.
  std::array<int, 10> times{};
  for (size_t i = 0; i < 10; ++i) ++times[Digit(digits, i)];
  if (*std::max_element(times.begin(), times.end()) > 3 ||
      std::count_if(times.begin(), times.end(), [](int n) { return n > 1; }) != 1) {
    return 0;
  }
  // ISO 7064, MOD 11,10.
  int product = 10;
  for (size_t i = 0; i < 10; ++i) {
    int sum = (Digit(digits, i) + product) % 10;
    if (sum == 0) sum = 10;
    product = sum * 2 % 11;
  }
  return All(match, (11 - product) % 10 == Digit(digits, 10));
}

size_t DeSocialSecurityCheck(std::string_view match) {
  std::string number = Compact(match);
  if (number.size() != 12) return 0;
  // The letter of the name at birth counts as two digits, A as 01; products by their digits.
  const int letter = number[8] - 'A' + 1;
  number.replace(8, 1,
                 {static_cast<char>('0' + letter / 10), static_cast<char>('0' + letter % 10)});
  constexpr std::array<int, 12> kWeights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    const int product = Digit(number, i) * kWeights[i];
    sum += product / 10 + product % 10;
  }
  return All(match, sum % 10 == Digit(number, 12));
}

size_t FrNirCheck(std::string_view match) {
  std::string number = Compact(match);
  if (number.size() != 15) return 0;
  // Corsica's departments count as 19 and 18.
  if (number[6] == 'A') number.replace(5, 2, "19");
  if (number[6] == 'B') number.replace(5, 2, "18");
  // Thirteen digits modulo 97, digit by digit.
  int remainder = 0;
  for (size_t i = 0; i < 13; ++i) remainder = (remainder * 10 + Digit(number, i)) % 97;
  return All(match, 97 - remainder == Number(number.substr(13)));
}

size_t EsDniCheck(std::string_view match) {
  std::string number = Compact(match);
  if (number.size() != 9) return 0;
  // The X, Y or Z of a foreigner's number stands for 0, 1 or 2.
  if (number[0] >= 'X') number[0] = static_cast<char>('0' + (number[0] - 'X'));
  if (Digits(number.substr(0, 8)).size() != 8) return 0;
  return All(match, number[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[Number(number.substr(0, 8)) % 23]);
}

size_t ItFiscalCodeCheck(std::string_view match) {
  // What a character in an odd place (the first is odd) counts; a digit counts as its letter.
  constexpr std::array<int, 26> kOdd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                        20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  const std::string code = Compact(match);
  if (code.size() != 16) return 0;
  int sum = 0;
  for (size_t i = 0; i < 15; ++i) {
    const int value = code[i] <= '9' ? code[i] - '0' : code[i] - 'A';
    sum += i % 2 == 0 ? kOdd[value] : value;
  }
  return All(match, code[15] == 'A' + sum % 26);
}

size_t NlBsnCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 9) return 0;
  // The "elfproef", in which the last digit counts negative.
  const int sum = WeightedSum<9>(digits, {9, 8, 7, 6, 5, 4, 3, 2, -1});
  return All(match, sum > 0 && sum % 11 == 0);
}

size_t BeNationalNumberCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 11) return 0;
  const int64_t number = Number(digits.substr(0, 9));
  const int check = Number(digits.substr(9));
  // Those born since 2000 have a 2 before the number that is divided.
  return All(match, 97 - number % 97 == check || 97 - (2'000'000'000 + number) % 97 == check);
}

size_t PlPeselCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 11) return 0;
  // The month says the century: plus 80 for 1800, 20 for 2000.
  const int month = Number(digits.substr(2, 2)) % 20, day = Number(digits.substr(4, 2));
  const int check = (10 - WeightedSum<10>(digits, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}) % 10) % 10;
  return All(match, IsDate(2000, month, day) && check == Digit(digits, 10));
}

size_t SePersonalNumberCheck(std::string_view match) {
  std::string digits = Digits(match);
  if (digits.size() == 12) digits.erase(0, 2);
  if (digits.size() != 10) return 0;
  // A co-ordination number adds 60 to the day.
  const int month = Number(digits.substr(2, 2)), day = Number(digits.substr(4, 2)) % 60;
  return All(match, IsDate(2000, month, day) && IsLuhn(digits));
}

}  // namespace flywheel::redaction
