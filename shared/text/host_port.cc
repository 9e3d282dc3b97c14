#include "shared/text/host_port.h"

#include <charconv>
#include <system_error>

namespace flywheel {

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const char* const end = text.data() + text.size();
  int port = 0;
  const auto [parsed, error] = std::from_chars(text.data() + colon + 1, end, port);
  const bool whole = error == std::errc() && parsed == end;
  if (!whole || port < 0 || port > 65'535) return std::nullopt;
  return HostPort{std::string(text.substr(0, colon)), port};
}

}  // namespace flywheel
