// Integrity checks of a database file at start.
#ifndef FLYWHEEL_SHARED_SQL_INTEGRITY_H_
#define FLYWHEEL_SHARED_SQL_INTEGRITY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// Up to here a store is read from end to end at every start: a fraction of a second.
inline constexpr int64_t kAlwaysCheckedBytes = 32 << 20;
// Up to here it is where its last process did not close it: some seconds. Larger ones are for
// `flywheel check`.
inline constexpr int64_t kCheckedAfterCrashBytes = 1 << 30;

// Whether the last process that had the store open ended without closing it, or has it open still:
// its write-ahead log is there. Ask before opening it.
bool WasLeftOpen(const std::string& path);

// STORE_CORRUPT where the file is shorter than it says, or its pages are not as they should be.
// The pages are looked at below the sizes above; `left_open` as WasLeftOpen said.
absl::Status CheckIntegrity(Connection& connection, const std::string& path, bool left_open);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_INTEGRITY_H_
