// Idempotency result on an id that is stored already: replay or conflict.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_KNOWN_ID_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_KNOWN_ID_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest_service/domain/record.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {

// A replay where the hashes agree, else a conflict.
inline ItemResult ResultOnKnownId(std::string_view what, const std::string& id, int64_t sequence,
                                  bool same_content, std::string_view next_step) {
  if (same_content) return {id, ItemStatus::kReplayed, sequence, Reason::kUnspecified, ""};
  const absl::Status conflict = errors::AlreadyExistsWithOtherContent(what, id, next_step);
  return {id, ItemStatus::kConflict, 0, errors::ReasonOf(conflict), errors::MessageOf(conflict)};
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_KNOWN_ID_H_
