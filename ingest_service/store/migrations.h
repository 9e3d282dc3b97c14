// The schema of ingest's store, step by step.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_MIGRATIONS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_MIGRATIONS_H_

#include "absl/types/span.h"
#include "shared/sql/migration.h"

namespace flywheel::ingest {

// Append-only; the newest version is the length.
absl::Span<const sql::Migration> Migrations();

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_MIGRATIONS_H_
