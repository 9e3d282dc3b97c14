#include "shared/text/printable.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "shared/text/characters.h"

namespace flywheel {
namespace {

bool IsPlain(char c) { return c >= 0x20 && c < 0x7F; }

// Marks of direction: of Cf the only ones that move other characters.
bool IsBidi(int32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool IsControl(int32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

bool IsSeparator(int32_t code) { return code == 0x2028 || code == 0x2029; }

// All of Cf, invisible characters too: by those, names that look the same would differ.
bool IsNoCharacterOfNames(int32_t code) {
  if (code < 0xA0) return code >= 0 && IsControl(code);
  return IsSeparator(code) || utf8proc_category(code) == UTF8PROC_CATEGORY_CF;
}

std::string Escape(int32_t code, std::string_view bytes) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      // A byte that is no UTF-8, as itself.
      if (code < 0) return fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
      return code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (size_t place = 0; place < text.size();) {
    const Character character = CharacterAt(text, place);
    const std::string_view bytes = text.substr(place, character.size_bytes);
    const int32_t code = character.code;
    if (code < 0 || IsControl(code) || IsBidi(code) || IsSeparator(code)) {
      shown += Escape(code, bytes);
    } else {
      shown += bytes;
    }
    place += character.size_bytes;
  }
  return shown;
}

bool HasControls(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), IsPlain)) return false;
  for (size_t place = 0; place < text.size();) {
    const Character character = CharacterAt(text, place);
    if (IsNoCharacterOfNames(character.code)) return true;
    place += character.size_bytes;
  }
  return false;
}

std::string WithoutControls(std::string_view text) {
  std::string kept;
  for (size_t place = 0; place < text.size();) {
    const Character character = CharacterAt(text, place);
    if (IsNoCharacterOfNames(character.code)) {
      kept += '_';
    } else {
      kept += text.substr(place, character.size_bytes);
    }
    place += character.size_bytes;
  }
  return kept;
}

}  // namespace flywheel
