#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "shared/privacy/redaction/checks.h"

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

}  // namespace

std::string Digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (IsDigit(c) && digits.size() < 64) digits += c;
  }
  return digits;
}

bool IsDate(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day >= 1 && day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

size_t EmailCheck(std::string_view match) {
  const size_t at = match.rfind('@');
  // A version or a retina image is no host: "package@1.2.3", "logo@2x.png".
  if (at == std::string_view::npos || at == 0 || match.find("..") != std::string_view::npos)
    return 0;
  const std::string_view domain = match.substr(at + 1);
  const std::string_view ending = domain.substr(domain.rfind('.') + 1);
  constexpr std::string_view kFiles[] = {"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css"};
  if (std::find(std::begin(kFiles), std::end(kFiles), ending) != std::end(kFiles)) return 0;
  return match[at - 1] == '.' ? 0 : match.size();
}

size_t InternationalPhoneCheck(std::string_view match) {
  const std::string digits = Digits(match);
  std::string_view number = digits;
  // 00 is how most countries dial the plus.
  if (match.find('+') == std::string_view::npos && number.substr(0, 2) == "00") {
    number.remove_prefix(2);
  }
  if (number.empty()) return 0;
  if (!HasCallingCode(number)) return 0;
  // North America has ten digits after the 1, all others at most twelve after their code.
  const size_t most = number[0] == '1' ? 11 : 15;
  size_t size = match.size();
  size_t count = number.size();
  while (count > most) {
    // Cuts the last group: it belongs to what follows.
    while (size > 0 && IsDigit(match[size - 1])) --size, --count;
    while (size > 0 && !IsDigit(match[size - 1])) --size;
  }
  return count >= 8 ? size : 0;
}

size_t NationalPhoneCheck(std::string_view match) {
  const std::string digits = Digits(match);
  if (digits.size() < 7 || digits.size() > 13) return 0;
  return digits.find_first_not_of('0', digits.size() - 6) == std::string::npos ? 0 : match.size();
}

size_t Ipv4Check(std::string_view match) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(match).c_str(), &address) != 1) return 0;
  const uint32_t host = ntohl(address.s_addr);
  const uint32_t first = host >> 24;
  return first == 0 || first == 127 || first == 255 ? 0 : match.size();
}

size_t Ipv6Check(std::string_view match) {
  // A full stop or a colon of the sentence may follow.
  while (!match.empty() && (match.back() == '.' || (match.back() == ':' && match.size() > 2 &&
                                                    match[match.size() - 2] != ':'))) {
    match.remove_suffix(1);
  }
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(match).c_str(), &address) != 1) return 0;
  if (IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address)) return 0;
  // "a::b" is rather a scope of C++ than a host.
  const auto digits = std::count_if(match.begin(), match.end(),
                                    [](unsigned char c) { return std::isxdigit(c) != 0; });
  const bool number = std::any_of(match.begin(), match.end(), IsDigit);
  return digits >= 5 && number ? match.size() : 0;
}

size_t MacCheck(std::string_view match) {
  // 00:00:00:00:00:00 and ff:ff:ff:ff:ff:ff are nobody's.
  const char first = match.front();
  const bool varies = std::any_of(match.begin(), match.end(),
                                  [&](char c) { return c != first && c != ':' && c != '-'; });
  return varies ? match.size() : 0;
}

size_t LatitudeLongitudeCheck(std::string_view match) {
  const std::string text(match);
  char* end = nullptr;
  const double latitude = std::strtod(text.c_str(), &end);
  const std::string rest = end;
  const size_t next = rest.find_first_of("-0123456789");
  if (next == std::string::npos) return 0;
  const double longitude = std::strtod(rest.c_str() + next, nullptr);
  return std::abs(latitude) <= 90 && std::abs(longitude) <= 180 ? match.size() : 0;
}

}  // namespace flywheel::redaction
