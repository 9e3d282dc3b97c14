// What tells a secret from a name, a path, a date or a piece of code.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

// What stands where a secret would: advice, variables, other places to read it from.
constexpr std::string_view kPlaceholders[] = {
    "example",  "your",        "changeme",     "change_me", "change-me", "redacted", "dummy",
    "insert",   "replace",     "todo",         "sample",    "env.",      "environ",  "getenv",
    "secrets.", "placeholder", "_here",        "-here",     "op://",     "vault:",   "file:",
    "arn:aws",  "sha256:",     "sha256-",      "sha512-",   "sha1-",     "sha384-",  "sha1:",
    "md5:",     "aaaab3nz",    "_test_key_id", "process."};
constexpr std::string_view kEndings[] = {".pem", ".key", ".json", ".yaml", ".yml",  ".txt", ".js",
                                         ".ts",  ".py",  ".crt",  ".env",  ".html", ".md",  ".go"};

// Does it say that it stands for another value, or where that is?
bool HasPlaceholderWord(std::string_view value) {
  std::string lower(value.substr(0, 128));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(std::begin(kPlaceholders), std::end(kPlaceholders),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }
bool IsHex(char c) { return IsDigit(c) || static_cast<unsigned char>((c | 0x20) - 'a') < 6; }

// Changes between letter and digit, and capitals that begin no word: random text has one at every
// second or third byte, names and camelCase have few.
int Borders(std::string_view text) {
  int borders = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const char a = text[i - 1];
    const char b = text[i];
    if ((IsDigit(a) && IsLetter(b)) || (IsLetter(a) && IsDigit(b))) {
      ++borders;
    } else if (IsLower(a) && IsUpper(b)) {
      const bool word = i + 2 < text.size() && IsLower(text[i + 1]) && IsLower(text[i + 2]);
      borders += word ? 0 : 1;
    }
  }
  return borders;
}

std::string DecodeBase64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (value == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<uint32_t>(value)) & 0xFFFFFF;
    count += 6;
    if (count >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

}  // namespace

double EntropyBits(std::string_view text) {
  std::array<int, 256> counts{};
  for (const unsigned char c : text) ++counts[c];
  double entropy = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    entropy -= share * std::log2(share);
  }
  return entropy;
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

bool IsPlaceholderValue(std::string_view value) {
  if (value.empty()) return true;
  const char first = value[0];
  if (first == '<' || first == '{' || first == '[') return true;
  // $NAME, ${NAME}, $(command), %NAME%, {{ name }}: what says where the value is.
  if (first == '$' && value.size() > 1 &&
      (value[1] == '{' || value[1] == '(' ||
       value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", 1) ==
           std::string_view::npos)) {
    return true;
  }
  if (first == '%' && value.back() == '%') return true;
  for (const std::string_view mark : {"${", "{{", "$(", "#{", "<%"}) {
    if (value.find(mark) != std::string_view::npos) return true;
  }
  for (const std::string_view ending : kEndings) {
    if (value.size() > ending.size() && value.substr(value.size() - ending.size()) == ending) {
      return true;
    }
  }
  constexpr std::string_view kBlanks[] = {"xxxx", "XXXX", "****", "...."};
  const bool blank = std::any_of(
      std::begin(kBlanks), std::end(kBlanks),
      [&](std::string_view blanks) { return value.find(blanks) != std::string_view::npos; });
  return blank || HasPlaceholderWord(value);
}

bool IsCode(std::string_view value) {
  // A call; a way to a file; a name of words and dots, whose digits stand at the ends of words; and
  // the name of a variable for passwords.
  constexpr std::string_view kNameBytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.";
  const size_t name_end = value.find_first_not_of(kNameBytes);
  if (name_end != std::string_view::npos && name_end > 0 && value[name_end] == '(') return true;
  if (value[0] == '/' || value[0] == '~') return value.find('/', 1) != std::string_view::npos;
  if (value.substr(0, 8) == "PASSWORD" || value.substr(0, 2) == "0x") return true;
  return name_end == std::string_view::npos && value.find('.') != std::string_view::npos &&
         !IsDigit(value[0]) && Borders(value) <= 3;
}

bool LooksRandom(std::string_view value, size_t least_size, int least_borders) {
  if (value.size() < least_size) return false;
  // The beginning says it, however long it is.
  value = value.substr(0, 128);
  if (value.find("://") != std::string_view::npos) return false;
  // A day ("2024-05-12T10:30:00Z"), a path.
  const bool day = value.size() >= 10 && value[4] == '-' && value[7] == '-' && IsDigit(value[0]) &&
                   IsDigit(value[3]) && IsDigit(value[5]) && IsDigit(value[9]);
  if (day) return false;
  size_t digits = 0, letters = 0, others = 0;
  for (const char c : value) {
    digits += IsDigit(c) ? 1 : 0;
    letters += IsLetter(c) ? 1 : 0;
    others += IsDigit(c) || IsLetter(c) ? 0 : 1;
  }
  if (letters == 0 || others * 3 > value.size()) return false;
  const double entropy = EntropyBits(value);
  // "theme2_dark1_mode3": a number behind each word makes no random text.
  const int borders = Borders(value);
  const auto marks = std::count_if(value.begin(), value.end(), [](char c) {
    return c == '_' || c == '-' || c == '.' || c == ':' || c == '/';
  });
  if (borders < marks + 2) return false;
  // Without a digit only what mixes capitals at random.
  const bool random = digits == 0
                          ? value.size() >= 12 && borders >= least_borders + 2 &&
                                static_cast<size_t>(borders) * 8 >= value.size() && entropy >= 3.2
                          : borders >= least_borders && entropy >= (value.size() < 16 ? 2.5 : 2.9);
  return random && !IsPlaceholderValue(value);
}

bool LooksLikePassword(std::string_view value, size_t least_size) {
  if (value.size() < least_size || value.size() > 128) return false;
  bool digit = false, letter = false, symbol = false;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    digit = digit || IsDigit(c);
    letter = letter || IsLetter(c);
    // A mark before a word makes a selector or a variable of it, not a password.
    symbol =
        symbol || (i > 0 && std::string_view("!@#$%^&*+=?~").find(c) != std::string_view::npos);
  }
  if (!letter || (!digit && !symbol)) return false;
  return !IsCode(value) && !IsPlaceholderValue(value);
}

size_t PrefixedKeyCheck(std::string_view match) {
  // What an issuer marks is a key even where it repeats itself, but no words with '-' between, and
  // no form that somebody is to fill in ("sk-xxxxxxxx").
  const size_t size = std::min(match.size(), std::max<size_t>(16, match.size() / 2));
  const std::string_view body = match.substr(match.size() - size);
  const bool words = Borders(match) < 2 && body.find_first_of("-_") != std::string_view::npos;
  const auto blanks = std::count_if(body.begin(), body.end(), [](char c) {
    return std::string_view("xX*.0").find(c) != std::string_view::npos;
  });
  const bool form = static_cast<size_t>(blanks) * 2 > body.size();
  return !words && !form && !HasPlaceholderWord(match) ? match.size() : 0;
}

size_t BasicCredentialsCheck(std::string_view match) {
  const std::string decoded = DecodeBase64(match);
  const bool text = std::all_of(decoded.begin(), decoded.end(),
                                [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
  return text && decoded.find(':') != std::string::npos ? match.size() : 0;
}

size_t EncodedJwtCheck(std::string_view match) {
  const std::string decoded = DecodeBase64(match);
  // What was cut off, or broken into lines, is one by its header.
  const size_t end = decoded.find('.');
  return end != std::string::npos && JwtCheck(std::string_view(decoded).substr(0, end)) > 0
             ? match.size()
             : 0;
}

size_t PrivateKeyCheck(std::string_view match) {
  // The marks alone stand in code and documents about keys.
  size_t begin = match.find("-----", 10);
  if (begin == std::string_view::npos) return 0;
  begin += 5;
  size_t run = 0;
  for (size_t i = begin; i < match.size(); ++i) {
    const char c = match[i];
    if (c == '-') break;
    run = IsLetter(c) || IsDigit(c) || c == '+' || c == '/' ? run + 1 : 0;
    if (run >= 16) return match.size();
  }
  return 0;
}

size_t UrlCredentialsCheck(std::string_view match) {
  const size_t colon = match.find(':');
  const std::string_view password = match.substr(std::min(match.size(), colon + 1));
  const bool marks = password[0] == '$' || password[0] == '{' || password[0] == '[' ||
                     password.find_first_not_of('*') == std::string_view::npos ||
                     (password[0] == '%' && (password.size() == 2 || password.back() == '%'));
  return marks ? 0 : match.size();
}

}  // namespace flywheel::redaction
