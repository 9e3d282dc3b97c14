// Store of the promotions that the gate is still to be told of, the table untold_promotions.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNTOLD_PROMOTION_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNTOLD_PROMOTION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/store/promotion_store.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// Reads and writes the table `untold_promotions`. Works in the caller's transaction.
class UntoldPromotionStore {
 public:
  explicit UntoldPromotionStore(sql::Connection& connection) : connection_(connection) {}

  // The gate is to be told. REQUIRES: the promotion is stored.
  absl::Status Insert(const std::string& project, const std::string& promotion_id);

  // The oldest untold one of the first project whose name comes after `project`; nothing after the
  // last. With an empty name: of the first.
  absl::StatusOr<std::optional<StoredPromotion>> NextAfter(const std::string& project);

  // The gate was told.
  absl::Status Remove(const StoredPromotion& promotion);

  // How many there are, of all projects.
  absl::StatusOr<int64_t> Count();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_UNTOLD_PROMOTION_STORE_H_
