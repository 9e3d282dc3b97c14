// How the gate's schema came to be what it is.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATIONS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATIONS_H_

#include "absl/types/span.h"
#include "shared/sql/migration.h"

namespace flywheel::evalgate {

// Append-only.
absl::Span<const sql::Migration> Migrations();

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_MIGRATIONS_H_
