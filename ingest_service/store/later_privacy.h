// Merge of newer erasures, consents and holds into a restored backup. For tools that work on a
// file.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_LATER_PRIVACY_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_LATER_PRIVACY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Takes over from `later`, a newer state of the same store, what people asked for since: who was
// forgotten is forgotten here too (their records leave, their tombstones come into the feed, late
// resends are refused), and so come refusals and holds. An erasure that was under way there goes on
// here. The head of the feed becomes the later one. One transaction; returns how many interactions
// and signals left.
absl::StatusOr<int64_t> TakeOverPrivacy(sql::Connection& connection, sql::Connection& later);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_LATER_PRIVACY_H_
