// The check digits of national numbers outside Europe, each as its authority publishes it.
#include <array>
#include <cctype>
#include <cstdint>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

int Digit(const std::string& digits, size_t i) { return digits[i] - '0'; }

int Number(const std::string& digits, size_t first, size_t count) {
  int number = 0;
  for (size_t i = first; i < first + count; ++i) number = number * 10 + Digit(digits, i);
  return number;
}

template <size_t N>
int WeightedSum(const std::string& digits, const std::array<int, N>& weights) {
  int sum = 0;
  for (size_t i = 0; i < N; ++i) sum += Digit(digits, i) * weights[i];
  return sum;
}

size_t All(std::string_view match, bool valid) { return valid ? match.size() : 0; }

// All digits equal pass many sums, and nobody has such a number.
bool Varies(const std::string& digits) {
  return digits.find_first_not_of(digits.front()) != std::string::npos;
}

// Brazil's two check digits: the weights rise from the right, 2 to `highest`, and start again.
bool HasBrazilianChecks(const std::string& digits, int highest) {
  for (size_t place = digits.size() - 2; place < digits.size(); ++place) {
    int sum = 0, weight = 2;
    for (size_t i = place; i-- > 0;) {
      sum += Digit(digits, i) * weight;
      weight = weight == highest ? 2 : weight + 1;
    }
    const int check = sum % 11 < 2 ? 0 : 11 - sum % 11;
    if (check != Digit(digits, place)) return false;
  }
  return true;
}

// Verhoeff's dihedral group and its permutation.
constexpr std::array<std::array<uint8_t, 10>, 10> kVerhoeffProduct = {
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
     {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
     {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
     {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
     {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
     {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
     {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
     {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
     {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
     {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
constexpr std::array<std::array<uint8_t, 10>, 8> kVerhoeffPermutation = {
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
     {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
     {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
     {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
     {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
     {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
     {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
     {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}}};

}  // namespace

size_t UsSsnCheck(std::string_view match) {
  // There is no check digit: only what the Social Security Administration never gives is refused.
  const std::string digits = Digits(match);
  if (digits.size() != 9) return 0;
  const int area = Number(digits, 0, 3), group = Number(digits, 3, 2);
  if (area == 0 || area == 666 || group == 0 || Number(digits, 5, 4) == 0) return 0;
  // From 900 on it is a taxpayer's number (ITIN), of these groups alone.
  const bool itin =
      (group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group != 89 && group != 93);
  return All(match, area < 900 || itin);
}

size_t BrCpfCheck(std::string_view match) {
  const std::string digits = Digits(match);
  return All(match, digits.size() == 11 && Varies(digits) && HasBrazilianChecks(digits, 11));
}

size_t BrCnpjCheck(std::string_view match) {
  const std::string digits = Digits(match);
  return All(match, digits.size() == 14 && Varies(digits) && HasBrazilianChecks(digits, 9));
}

size_t MxCurpCheck(std::string_view match) {
  // The alphabet of the check has Ñ between N and O.
  int sum = 0;
  if (match.size() != 18) return 0;
  for (size_t i = 0; i < 17; ++i) {
    const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(match[i])));
    const int value = c <= '9' ? c - '0' : c - 'A' + (c > 'N' ? 11 : 10);
    sum += value * (18 - static_cast<int>(i));
  }
  return All(match, (10 - sum % 10) % 10 == match[17] - '0');
}

size_t InAadhaarCheck(std::string_view match) {
  // UIDAI: the first digit is 2 to 9, the last one Verhoeff's.
  const std::string digits = Digits(match);
  if (digits.size() != 12 || digits[0] < '2') return 0;
  int check = 0;
  for (size_t i = 0; i < 12; ++i) {
    check = kVerhoeffProduct[check][kVerhoeffPermutation[i % 8][Digit(digits, 11 - i)]];
  }
  return All(match, check == 0);
}

size_t CnResidentCheck(std::string_view match) {
  if (match.size() != 18) return 0;
  // GB 11643: six digits of the place, the day of birth, three of a series, the check.
  const std::string digits = Digits(match.substr(0, 17));
  if (digits.size() != 17) return 0;
  const int year = Number(digits, 6, 4);
  if (year < 1850 || year > 2100 || !IsDate(year, Number(digits, 10, 2), Number(digits, 12, 2))) {
    return 0;
  }
  // ISO 7064, MOD 11-2.
  const int sum = WeightedSum<17>(digits, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2});
  return All(match, "10X98765432"[sum % 11] == std::toupper(static_cast<unsigned char>(match[17])));
}

size_t JpMyNumberCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 12) return 0;
  // Modulo 11, where a remainder of 0 or 1 gives 0.
  const int remainder = WeightedSum<11>(digits, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return All(match, (remainder <= 1 ? 0 : 11 - remainder) == Digit(digits, 11));
}

size_t KrResidentDateCheck(std::string_view match) {
  const std::string digits = Digits(match);
  return All(match, digits.size() == 13 && digits[6] >= '1' && digits[6] <= '8' &&
                        IsDate(2000, Number(digits, 2, 2), Number(digits, 4, 2)));
}

size_t KrResidentCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (KrResidentDateCheck(match) == 0) return 0;
  // Numbers that were given until 2020 have a check of modulo 11.
  const int sum = WeightedSum<12>(digits, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5});
  return All(match, (11 - sum % 11) % 10 == Digit(digits, 12));
}

size_t AuTfnCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() != 9) return 0;
  // All zeros would pass.
  const int sum = WeightedSum<9>(digits, {1, 4, 3, 7, 5, 8, 6, 9, 10});
  return All(match, sum > 0 && sum % 11 == 0);
}

size_t AuMedicareCheck(std::string_view match) {
  const std::string digits = Digits(match);
  // Eight digits, their check, the issue of the card, and perhaps the place of a person on it.
  if (digits.size() < 10 || digits.size() > 11 || digits[0] < '2' || digits[0] > '6') return 0;
  return All(match, WeightedSum<8>(digits, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == Digit(digits, 8));
}

}  // namespace flywheel::redaction
