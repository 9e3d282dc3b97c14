// The schema of the experiment service's store, step by step.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATIONS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATIONS_H_

#include "absl/types/span.h"
#include "shared/sql/migration.h"

namespace flywheel::experiment {

// Append-only; the newest version is the length.
absl::Span<const sql::Migration> Migrations();

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_MIGRATIONS_H_
