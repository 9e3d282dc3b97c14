// Schema migrations of the store, append-only: a new one goes to the end of migrations.cc.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_

#include "absl/types/span.h"
#include "shared/sql/migration.h"

namespace flywheel::curation {

// The oldest first; the newest version is their number. One that was released never changes. SQL
// that is longer than a screen stands in a migration_<number>_<what>.h of its own.
absl::Span<const sql::Migration> Migrations();

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_
