// The form of an assignment token of the experiment service.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_ASSIGNMENT_TOKEN_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_ASSIGNMENT_TOKEN_H_

#include <algorithm>
#include <string_view>

#include "ingest_service/domain/record_limits.h"

namespace flywheel::ingest {

// Whether `token` may be one, or is empty. Only the experiment service can tell whether it is.
inline bool IsAssignmentToken(std::string_view token) {
  return token.size() <= kMaxAssignmentTokenBytes &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_ASSIGNMENT_TOKEN_H_
