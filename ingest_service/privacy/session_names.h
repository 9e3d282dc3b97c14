// Names of sessions: an id that may name a person becomes a keyed hash.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_SESSION_NAMES_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_SESSION_NAMES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "shared/privacy/pseudonymiser.h"

namespace flywheel::ingest {

// What a session is called in the store and in every answer: its id where that is plain
// (IsPlainSessionId) or empty, else "s_" and 32 hexadecimal digits of a MAC of project and id under
// the key of that generation. Such a name is plain, so what was read can be sent again.
std::string SessionName(const Pseudonymiser& pseudonymiser, const std::string& project,
                        const std::string& session_id, size_t generation = 0);

// All names that it has had, the newest first: one a key, or the id alone where it is plain.
std::vector<std::string> SessionNames(const Pseudonymiser& pseudonymiser,
                                      const std::string& project, const std::string& session_id);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_SESSION_NAMES_H_
