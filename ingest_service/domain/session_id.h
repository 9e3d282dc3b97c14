// Session ids: which of them are kept as they are.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_ID_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_ID_H_

#include <cstddef>
#include <string_view>

namespace flywheel::ingest {

// Whether the id is one to 128 printable characters of ASCII without "@", such as a UUID, a URN,
// "user:7/chat-3" or "thread 7". Whatever else somebody calls a session may be an address or a name
// (privacy/session_names.h).
constexpr bool IsPlainSessionId(std::string_view id) {
  constexpr size_t kMaxPlainBytes = 128;
  if (id.empty() || id.size() > kMaxPlainBytes) return false;
  for (const char c : id) {
    if (c < ' ' || c > '~' || c == '@') return false;
  }
  return true;
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_SESSION_ID_H_
