// Schema migrations: an append-only list of steps, one transaction each.
#ifndef FLYWHEEL_SHARED_SQL_MIGRATION_H_
#define FLYWHEEL_SHARED_SQL_MIGRATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "shared/sql/connection.h"

namespace flywheel::sql {

// One step from version N-1 to version N, where N is its place in the store's list, from 1. The
// list is append-only: a step that was released never changes.
struct Migration {
  // What it is for, in a few words.
  const char* purpose;
  // Plain SQL statements; unhex(text) makes bytes of a text of hexadecimal digits. Enum values are
  // numbers here, not names: what a step did never changes, whatever a name means later.
  const char* sql;
};

// Brings the database to the newest version, one transaction a step, so that a crash leaves a whole
// version behind. STORE_TOO_NEW where the file is newer than the list; then nothing is changed.
absl::Status Migrate(Connection& connection, const std::string& path,
                     absl::Span<const Migration> migrations);

// For who reads a store beside its service: OK where it has the newest version. STORE_TOO_NEW, or
// INVALID_CONFIGURATION where it is older: its service has to be started once.
absl::Status RequireNewest(Connection& connection, const std::string& path,
                           absl::Span<const Migration> migrations);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_MIGRATION_H_
