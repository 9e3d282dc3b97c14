#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

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
  if (match[at - 1] == '.') return 0;
  // What is written without spaces goes on behind it: "ann@example.cn谢谢".
  const size_t cut =
      ending.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const bool foreign = cut != std::string_view::npos && cut >= 2 && (ending[cut] & 0x80) != 0;
  return foreign ? match.size() - ending.size() + cut : match.size();
}

size_t SpelledEmailCheck(std::string_view match) {
  // "have a look at example dot com" has no address in it.
  constexpr std::string_view kNoMailbox[] = {
      "am",    "are",     "available", "bought", "buy",     "found",   "her",  "here",  "him",
      "in",    "is",      "it",        "look",   "looked",  "looking", "me",   "more",  "online",
      "order", "ordered", "out",       "page",   "put",     "see",     "site", "store", "them",
      "there", "up",      "us",        "was",    "website", "were",    "work", "works", "you"};
  std::string local(match.substr(0, match.find(' ')));
  for (char& c : local) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool none =
      std::find(std::begin(kNoMailbox), std::end(kNoMailbox), local) != std::end(kNoMailbox);
  return none ? 0 : match.size();
}

namespace {

// Are its four numbers so small that it is a version as likely, "2.7.2.3"? Of a network inside of
// 10.0.0.0 nobody numbers programs.
bool MayBeVersion(uint32_t host) {
  constexpr uint32_t kLarge = 0xE0E0E0E0;  // A byte of 32 or more.
  const bool known = host == 0x01010101 || host == 0x08080808 || host == 0x08080404;
  return (host & kLarge) == 0 && host >> 24 != 10 && !known;
}

size_t AnyIpv4Check(std::string_view match, bool may_be_version) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(match).c_str(), &address) != 1) return 0;
  const uint32_t host = ntohl(address.s_addr);
  const uint32_t first = host >> 24;
  // "120.0.0.0" is a network, and more often the version of a browser.
  const bool network = (host & 0xFFFF) == 0;
  if (network || first == 0 || first == 127 || first == 255) return 0;
  return MayBeVersion(host) == may_be_version ? match.size() : 0;
}

}  // namespace

size_t Ipv4Check(std::string_view match) { return AnyIpv4Check(match, false); }
size_t SmallIpv4Check(std::string_view match) { return AnyIpv4Check(match, true); }

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
  // Six bytes; 16, 20 or 32 are the fingerprint of a key.
  if (match.size() != 17) return 0;
  // 00:00:00:00:00:00 and ff:ff:ff:ff:ff:ff are nobody's.
  const char first = match.front();
  const bool varies = std::any_of(match.begin(), match.end(),
                                  [&](char c) { return c != first && c != ':' && c != '-'; });
  return varies ? match.size() : 0;
}

}  // namespace flywheel::redaction
