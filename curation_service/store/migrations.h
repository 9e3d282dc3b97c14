// The schema of curation's store.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_

#include "absl/types/span.h"
#include "shared/sql/migration.h"

namespace flywheel::curation {

// Every step of the schema, the oldest first. Append-only: a step that was released never changes.
absl::Span<const sql::Migration> Migrations();

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_MIGRATIONS_H_
