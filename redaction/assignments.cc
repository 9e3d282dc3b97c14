#include "redaction/assignments.h"

#include <algorithm>
#include <iterator>

#include "redaction/assigned_value.h"
#include "redaction/checks.h"
#include "redaction/secret_names.h"

namespace flywheel::redaction {
namespace {

bool IsHexOnly(std::string_view value) {
  return value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool IsBase64(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26 || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

// Ways to a file, and addresses, which no key is; a host and its port.
bool IsAddress(std::string_view value) {
  return value[0] == '/' || value[0] == '~' || value.find('@') != std::string_view::npos ||
         value.substr(0, 2) == "./" || value.substr(0, 3) == "../";
}

// Letters, digits and the marks between the parts of a path or of a version.
bool IsPathLike(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return IsBase64(c) || std::string_view("-_.:").find(c) != std::string_view::npos;
  });
}

// "--token VALUE", "ENV TOKEN VALUE", "#define TOKEN VALUE": a space assigns.
bool IsDeclared(std::string_view text, size_t name) {
  if (name == 0) return false;
  if (text[name - 1] == '-') return true;
  constexpr std::string_view kCommands[] = {"ENV ", "ARG ", "setx ", "set ", "setenv ", "define "};
  return std::any_of(std::begin(kCommands), std::end(kCommands), [&](std::string_view command) {
    return name >= command.size() && text.substr(name - command.size(), command.size()) == command;
  });
}

bool IsKeyValue(const SecretName& name, std::string_view value, const AssignedValue& how) {
  if (IsAddress(value) || IsCode(value)) return false;
  if (IsUuid(value)) return how.assigned && (name.kind == NameKind::kKey || name.of_issuer);
  // Where nothing but a space stands between the two, the value says it alone.
  if (!how.assigned) return name.kind == NameKind::kKey && LooksRandom(value, 16, 4);
  if (name.of_issuer) return LooksRandom(value, name.kind == NameKind::kKey ? 10 : 14, 2);
  // A "key" by itself is what a map or a table has too; its values are often checksums.
  if (name.kind == NameKind::kBareKey) return LooksRandom(value, 20, 5) && !IsHexOnly(value);
  return LooksRandom(value, 16, 3);
}

ValueSpan Find(std::string_view text, size_t place, NameKind wanted) {
  // Most words have no value behind them: that is cheap to see.
  SecretName name = NameAround(text, place);
  if (name.begin == name.end) return {};
  AssignedValue found = ValueOf(text, name.end);
  if (found.end - found.begin < 8 || found.begin >= found.end) return {};
  const std::string_view value = text.substr(found.begin, found.end - found.begin);
  if (wanted == NameKind::kPassword ? !LooksLikePassword(value, 8) : !LooksRandom(value, 10, 2)) {
    return {};
  }
  found.assigned = found.assigned || IsDeclared(text, name.begin);
  Classify(text, name);
  if (name.kind == NameKind::kNone) return {};
  if ((wanted == NameKind::kPassword) != (name.kind == NameKind::kPassword)) return {};
  if (wanted == NameKind::kPassword) {
    // "the password hunter2" is another row's.
    if (!found.assigned || value[0] == '/' || value[0] == '~') return {};
    // "PASS: gas/all/err-1.s" is what a test says, "default=" the next name of a call.
    const bool passed = text.substr(name.begin, name.end - name.begin) == "PASS" &&
                        text.substr(name.end, 2) == ": " && IsPathLike(value);
    const bool sets = value.back() == '=' && text.substr(found.end, 1).find_first_of("\"'") == 0 &&
                      text[found.begin - 1] != text[found.end];
    if (passed || sets) return {};
  } else if (!IsKeyValue(name, value, found)) {
    return {};
  }
  return {found.begin, found.end};
}

}  // namespace

ValueSpan FindAssignedKey(std::string_view text, size_t place) {
  return Find(text, place, NameKind::kKey);
}

ValueSpan FindAssignedPassword(std::string_view text, size_t place) {
  return Find(text, place, NameKind::kPassword);
}

ValueSpan FindIssuerKey(std::string_view text, size_t place) {
  return Find(text, place, NameKind::kIssuer);
}

ValueSpan FindKubernetesValue(std::string_view text, size_t place) {
  const std::string_view manifest = text.substr(place, 2048);
  const size_t data = manifest.substr(0, 512).find("\ndata:");
  if (data == std::string_view::npos) return {};
  // "  name: VALUE" a line, until one that is not set in.
  size_t line = manifest.find('\n', data + 1);
  while (line != std::string_view::npos && line + 2 < manifest.size()) {
    const size_t end = std::min(manifest.find('\n', line + 1), manifest.size());
    const std::string_view entry = manifest.substr(line + 1, end - line - 1);
    if (entry.empty() || entry[0] != ' ') return {};
    const size_t colon = entry.find(": ");
    if (colon != std::string_view::npos) {
      size_t first = colon + 2;
      while (first < entry.size() && (entry[first] == ' ' || entry[first] == '"')) ++first;
      size_t last = first;
      while (last < entry.size() && IsBase64(entry[last])) ++last;
      const size_t begin = place + line + 1 + first;
      if (last - first >= 8) return {begin, begin + last - first};
    }
    line = end < manifest.size() ? end : std::string_view::npos;
  }
  return {};
}

}  // namespace flywheel::redaction
