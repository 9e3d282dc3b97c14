#include "ingest_service/privacy/session_names.h"

#include <fmt/format.h>

#include "absl/strings/escaping.h"
#include "ingest_service/domain/session_id.h"

namespace flywheel::ingest {
namespace {

constexpr size_t kSessionDigits = 32;

}  // namespace

std::string SessionName(const Pseudonymiser& pseudonymiser, const std::string& project,
                        const std::string& session_id, size_t generation) {
  if (session_id.empty() || IsPlainSessionId(session_id)) return session_id;
  const std::string mac = pseudonymiser.ContentMac(
      fmt::format("session{}{}{}{}", '\0', project, '\0', session_id), generation);
  return "s_" + absl::BytesToHexString(mac).substr(0, kSessionDigits);
}

std::vector<std::string> SessionNames(const Pseudonymiser& pseudonymiser,
                                      const std::string& project, const std::string& session_id) {
  if (session_id.empty() || IsPlainSessionId(session_id)) return {session_id};
  std::vector<std::string> names;
  for (size_t i = 0; i < pseudonymiser.generations(); ++i) {
    names.push_back(SessionName(pseudonymiser, project, session_id, i));
  }
  return names;
}

}  // namespace flywheel::ingest
