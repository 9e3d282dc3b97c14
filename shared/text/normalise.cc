#include "shared/text/normalise.h"

#include <utf8proc.h>

#include "shared/text/characters.h"

namespace flywheel {
namespace {

void AppendSpace(std::string& normal) {
  if (!normal.empty() && normal.back() != ' ') normal += ' ';
}

bool IsSpace(int32_t code) {
  // NEXT LINE, and the categories Zs, Zl and Zp.
  if (code == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
}

void AppendLowerCase(int32_t code, std::string& normal) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(utf8proc_tolower(code), bytes);
  normal.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

}  // namespace

std::string NormaliseText(std::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      AppendSpace(normal);
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      normal += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      ++i;
    } else {
      const Character character = CharacterAt(text, i);
      if (character.code < 0) {
        normal += c;
      } else if (IsSpace(character.code)) {
        AppendSpace(normal);
      } else {
        AppendLowerCase(character.code, normal);
      }
      i += character.size_bytes;
    }
  }
  if (!normal.empty() && normal.back() == ' ') normal.pop_back();
  return normal;
}

}  // namespace flywheel
