#include "shared/text/normalise.h"

namespace flywheel {

std::string NormaliseText(std::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      if (!normal.empty() && normal.back() != ' ') normal += ' ';
    } else {
      normal += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (!normal.empty() && normal.back() == ' ') normal.pop_back();
  return normal;
}

}  // namespace flywheel
