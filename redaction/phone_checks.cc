#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// ITU-T E.164: the calling codes in use, as ranges.
constexpr std::pair<int, int> kCallingCodes[] = {
    {1, 1},     {7, 7},     {20, 20},   {27, 27},   {30, 34},   {36, 36},   {39, 41},
    {43, 49},   {51, 58},   {60, 66},   {81, 82},   {84, 84},   {86, 86},   {90, 95},
    {98, 98},   {211, 213}, {216, 216}, {218, 218}, {220, 269}, {290, 291}, {297, 299},
    {350, 359}, {370, 389}, {420, 421}, {423, 423}, {500, 509}, {590, 599}, {670, 692},
    {800, 800}, {808, 808}, {850, 856}, {870, 888}, {960, 968}, {970, 977}, {992, 998}};

bool HasCallingCode(std::string_view digits) {
  int code = 0;
  for (size_t i = 0; i < 3 && i < digits.size(); ++i) {
    code = code * 10 + (digits[i] - '0');
    const auto holds = [&](const auto& range) {
      return code >= range.first && code <= range.second;
    };
    if (std::any_of(std::begin(kCallingCodes), std::end(kCallingCodes), holds)) return true;
  }
  return false;
}

// Where an extension ("x565", ", ext. 12") begins, or the match ends.
size_t ExtensionOf(std::string_view match) {
  const auto* letter = std::find_if(match.begin(), match.end(), [](unsigned char c) {
    return c >= 0x80 || c == '#' || std::isalpha(c) != 0;
  });
  const size_t size =
      match.substr(0, static_cast<size_t>(letter - match.begin())).find_last_of("0123456789");
  return letter == match.end() ? match.size() : size + 1;
}

// Where a number with a minus of its own begins (" -5"), or the match ends.
size_t SignedNumber(std::string_view match) {
  size_t minus = match.find(" -");
  while (minus != std::string_view::npos &&
         (minus + 2 == match.size() || !IsDigit(match[minus + 2]))) {
    minus = match.find(" -", minus + 1);
  }
  return std::min(minus, match.size());
}

// The groups of digits of a match: "030", "901820".
std::vector<std::string_view> Groups(std::string_view match) {
  std::vector<std::string_view> groups;
  for (size_t i = 0; i < match.size();) {
    size_t end = i;
    while (end < match.size() && IsDigit(match[end])) ++end;
    if (end > i) groups.push_back(match.substr(i, end - i));
    i = end + 1;
  }
  return groups;
}

int Number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// "2024-05-12", "12.05.2024", and what stands behind it.
bool BeginsWithDate(std::string_view match, const std::vector<std::string_view>& groups) {
  if (groups.size() < 3 || !IsDigit(match.front())) return false;
  const char separator = match[groups[0].size()];
  const auto* next = groups[1].data() + groups[1].size();
  if (separator == ' ' || *next != separator) return false;
  const bool iso = groups[0].size() == 4 && groups[1].size() <= 2 && groups[2].size() <= 2;
  const bool year_last = groups[0].size() <= 2 && groups[1].size() <= 2 && groups[2].size() == 4;
  if (iso) return IsDate(Number(groups[0]), Number(groups[1]), Number(groups[2]));
  if (!year_last) return false;
  const int year = Number(groups[2]), first = Number(groups[0]), second = Number(groups[1]);
  return IsDate(year, first, second) || IsDate(year, second, first);
}

// "11 2019-2024": from one year to another.
bool EndsWithYears(std::string_view match) {
  if (match.size() < 9 || match[match.size() - 5] != '-') return false;
  const int first = Number(match.substr(match.size() - 9, 4)),
            last = Number(match.substr(match.size() - 4));
  return first >= 1900 && first < 2100 && last >= 1900 && last < 2100;
}

// "3.14159265", "0.912 0.887", "34.5678-12.3456 7": the first separator is a point alone, so is the
// third, and the second is none. A number of three digits with a zero in front is an area code:
// "030.901820".
bool IsDecimal(const std::vector<std::string_view>& groups) {
  const bool area_code = groups[0].size() > 3 || (groups[0].size() == 3 && groups[0][0] == '0');
  if (groups.size() < 2 || groups.size() == 3 || area_code) return false;
  for (size_t i = 0; i < std::min<size_t>(groups.size() - 1, 3); ++i) {
    const char* end = groups[i].data() + groups[i].size();
    const bool point = *end == '.' && groups[i + 1].data() == end + 1;
    if (point != (i % 2 == 0)) return false;
  }
  return true;
}

// "02 04 06 08 10", "0100 0200 0300", "05 17 23 38 44": steps of one size, zeros in front of each,
// or numbers of a lottery.
bool IsSeries(const std::vector<std::string_view>& groups) {
  if (groups.size() < 3) return false;
  bool padded = true, even = true, rising = groups.size() >= 5;
  const int step = Number(groups[1].substr(0, 6)) - Number(groups[0].substr(0, 6));
  for (size_t i = 0; i < groups.size(); ++i) {
    // Numbers that were drawn stand in order, and below 60: "05 17 23 38 44".
    rising = rising && groups[i].size() == 2 && groups[i] < "60" &&
             (i == 0 || groups[i - 1] < groups[i]);
    const bool like_first = groups[i].size() == groups[0].size();
    padded = padded && like_first && groups[i][0] == '0';
    even = even && like_first &&
           (i == 0 || Number(groups[i].substr(0, 6)) - Number(groups[i - 1].substr(0, 6)) == step);
  }
  return padded || even || rising;
}

// GS1: the check digit of an EAN, the number of an article; ISBN-13 is one.
bool IsArticleNumber(std::string_view digits) {
  if (digits.size() != 13) return false;
  int sum = 0;
  for (size_t i = 0; i < 13; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return sum % 10 == 0;
}

// Seconds or milliseconds since 1970, from 2017 to 2033.
bool IsEpochTime(std::string_view digits) {
  return (digits.size() == 10 || digits.size() == 13) && digits[0] == '1' && digits[1] >= '5';
}

}  // namespace

size_t InternationalPhoneCheck(std::string_view whole) {
  const std::string_view unextended = whole.substr(0, ExtensionOf(whole));
  // "+345678 -123456" are two numbers with signs.
  const std::string_view match = unextended.substr(0, SignedNumber(unextended));
  const auto groups = Groups(match);
  const std::string digits = Digits(match);
  std::string_view number = digits;
  // 00 is how most countries dial the plus.
  const bool plus = match.find('+') != std::string_view::npos;
  if (!plus && number.substr(0, 3) == "011") number.remove_prefix(3);
  if (!plus && number.substr(0, 2) == "00") number.remove_prefix(2);
  if (number.empty() || !HasCallingCode(number)) return 0;
  // "+3.14159265" is signed; rows of a dump have groups of one size.
  const bool padded = !plus && std::all_of(groups.begin(), groups.end(), [&](auto group) {
    return group.size() == groups[0].size();
  });
  if (padded || IsDecimal(groups)) return 0;
  // North America has ten digits after the 1, all others at most twelve after their code.
  const bool north_america = number[0] == '1';
  const size_t most = north_america ? 11 : 15;
  size_t size = match.size();
  size_t count = number.size();
  while (count > most) {
    // Cuts the last group: it belongs to what follows.
    while (size > 0 && IsDigit(match[size - 1])) --size, --count;
    while (size > 0 && !IsDigit(match[size - 1])) --size;
  }
  if (north_america && (count != 11 || number[1] < '2')) return 0;
  if (count < 9) return 0;
  return size == unextended.size() ? whole.size() : size;
}

size_t NationalPhoneCheck(std::string_view whole) {
  const std::string_view match = whole.substr(0, ExtensionOf(whole));
  const std::string digits = Digits(match);
  if (digits.size() < 7 || digits.size() > 13) return 0;
  const auto groups = Groups(match);
  const bool round = digits.find_first_not_of('0', digits.size() - 6) == std::string::npos;
  const bool alone = groups.size() == 1 && match[0] != '+';
  if (round || BeginsWithDate(match, groups) || IsSeries(groups)) return 0;
  if (EndsWithYears(match)) return 0;
  if (match[0] != '+' && IsDecimal(groups)) return 0;
  if (alone && (IsArticleNumber(digits) || IsEpochTime(digits))) return 0;
  return whole.size();
}

}  // namespace flywheel::redaction
