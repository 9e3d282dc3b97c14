// Truncates UTF-8 text at a character boundary.
#ifndef FLYWHEEL_SHARED_TEXT_SHORTEN_H_
#define FLYWHEEL_SHARED_TEXT_SHORTEN_H_

#include <cstddef>
#include <string_view>

namespace flywheel {

// The longest beginning of `text` of at most `max_bytes` bytes that does not end inside a UTF-8
// character: half a character would make a message that holds it unreadable.
constexpr std::string_view Shorten(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_SHORTEN_H_
