// One value of a log line.
#ifndef FLYWHEEL_SHARED_TEXT_QUOTE_H_
#define FLYWHEEL_SHARED_TEXT_QUOTE_H_

#include <string>
#include <string_view>

namespace flywheel {

// `text` in quotes: what a client or a file said cannot end the value or begin another line.
inline std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return quoted + '"';
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_QUOTE_H_
