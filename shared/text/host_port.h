// Parses HOST:PORT.
#ifndef FLYWHEEL_SHARED_TEXT_HOST_PORT_H_
#define FLYWHEEL_SHARED_TEXT_HOST_PORT_H_

#include <optional>
#include <string>
#include <string_view>

namespace flywheel {

struct HostPort {
  // A name or an address, in brackets where it is one of IPv6; may be empty.
  std::string host;
  // 0 to 65535.
  int port = 0;
};

// Takes HOST:PORT apart at its last colon. Nothing where there is none, or no port after it.
std::optional<HostPort> ParseHostPort(std::string_view text);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_HOST_PORT_H_
