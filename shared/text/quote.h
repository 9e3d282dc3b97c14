// Quotes a value for a log line.
#ifndef FLYWHEEL_SHARED_TEXT_QUOTE_H_
#define FLYWHEEL_SHARED_TEXT_QUOTE_H_

#include <string>
#include <string_view>

#include "shared/text/printable.h"

namespace flywheel {

// `text` in quotes: what a client or a file said cannot end the value, begin another line or act on
// the terminal that shows it.
inline std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return Printable(quoted + '"');
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_QUOTE_H_
