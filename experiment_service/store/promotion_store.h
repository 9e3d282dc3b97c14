// Store of promotions, the tables promotions and active_versions.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_PROMOTION_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_PROMOTION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/experiment.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// A promotion with what only the store knows of it.
struct StoredPromotion {
  std::string project;
  std::string request_hash;
  ActiveVersion active_version;
  // Its place among the project's, from 1; not looked at where it is stored.
  int64_t ordinal = 0;
};

// Reads and writes the tables `promotions` and `active_versions`. Works in the caller's
// transaction.
class PromotionStore {
 public:
  explicit PromotionStore(sql::Connection& connection) : connection_(connection) {}

  // Adds a promotion to the history and makes its version the agent's active one. REQUIRES: its id
  // is new.
  absl::Status Promote(const StoredPromotion& promotion);

  // Any promotion that ever was; nothing where the project has none of this id.
  absl::StatusOr<std::optional<StoredPromotion>> Find(const std::string& project,
                                                      const std::string& promotion_id);
  // The one that counts now.
  absl::StatusOr<std::optional<StoredPromotion>> FindActive(const std::string& project,
                                                            const std::string& agent);
  // The id of a promotion of this version by this experiment, where there was one.
  absl::StatusOr<std::optional<std::string>> FindByExperiment(const std::string& project,
                                                              const std::string& model_version,
                                                              const std::string& experiment_id);
  // The newest of the agent before `promotion` that made another version active.
  absl::StatusOr<std::optional<StoredPromotion>> FindBefore(const StoredPromotion& promotion);
  // Up to `limit` promotions beyond an ordinal, in the order of the filter: those of its version
  // where it names one, else those of its agent. The rest of the filter is not looked at.
  absl::StatusOr<std::vector<StoredPromotion>> List(const std::string& project,
                                                    const PromotionFilter& filter, int64_t beyond,
                                                    int64_t limit);
  // Up to `limit` of a project that count now, by agent, beyond one; empty: from the first.
  absl::StatusOr<std::vector<StoredPromotion>> ListActive(const std::string& project,
                                                          const std::string& beyond_agent,
                                                          int64_t limit);
  // How many promotions an agent ever had.
  absl::StatusOr<int64_t> Count(const std::string& project, const std::string& agent);
  // Hands those that count now, of all projects and agents, to `on_promotion`, one by one.
  absl::Status ForEachActive(absl::FunctionRef<void(const StoredPromotion&)> on_promotion);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_PROMOTION_STORE_H_
