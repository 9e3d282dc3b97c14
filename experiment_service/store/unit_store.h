// Store of randomisation units, the table experiment_units.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/unit_state.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A unit in an experiment.
struct UnitKey {
  int64_t experiment = 0;  // StoredExperiment::ordinal.
  std::string unit_hash;
  size_t arm = 0;
};

// A unit as it is kept.
struct StoredUnit {
  UnitKey key;
  UnitState state;
};

// Reads and writes the table `experiment_units`. Works in the caller's transaction.
class UnitStore {
 public:
  explicit UnitStore(sql::Connection& connection) : connection_(connection) {}

  // What is known of a unit; `columns` totals where it was exposed. `matured` is left to the
  // caller.
  absl::StatusOr<UnitState> Find(const UnitKey& key, size_t columns);

  // Writes what is different in `after`. REQUIRES: `before` is what is stored.
  absl::Status Put(const UnitKey& key, const UnitState& before, const UnitState& after);

  // Removes a unit; returns how many rows there were: one or none.
  absl::StatusOr<int64_t> Remove(const UnitKey& key);
  // Remembers that a unit was erased; keeps nothing of it but a hash of its hash.
  absl::Status PutErasure(const UnitKey& key, absl::Time time);
  // When that was; nothing where it was not.
  absl::StatusOr<std::optional<absl::Time>> FindErasure(const UnitKey& key);
  // Removes up to `limit` rows of an experiment, with its erasures; returns how many units there
  // were.
  absl::StatusOr<int64_t> RemoveSome(int64_t experiment, int64_t limit);

  // Whether a unit was exposed after `after` and at the latest at `before`.
  absl::StatusOr<bool> HasUnitsIn(int64_t experiment, absl::Time after, absl::Time before);
  // The time until which `limit` units, or those of one moment more, were exposed after `after`, at
  // the latest `before`.
  absl::StatusOr<absl::Time> EndOfRange(int64_t experiment, absl::Time after, absl::Time before,
                                        int64_t limit);
  // Hands the units that were exposed after `after` and until `through` to `on_unit`, one by one:
  // any number of them may have one time. `matured` is left to the caller.
  absl::Status ForEachIn(int64_t experiment, absl::Time after, absl::Time through, size_t columns,
                         absl::FunctionRef<absl::Status(const StoredUnit&)> on_unit);

  // Whether there is a unit at all, of any experiment.
  absl::StatusOr<bool> HasUnits();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNIT_STORE_H_
