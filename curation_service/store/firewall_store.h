// Store of the firewall's keys, the table firewall_keys.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_FIREWALL_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_FIREWALL_STORE_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/firewall.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::curation {

// Agents whose train sides are meant, each up to a dataset version, by its ordinal.
using TrainSides = std::map<std::string, int64_t>;

// All SQL over this table, inside the caller's transaction.
class FirewallStore {
 public:
  explicit FirewallStore(sql::Connection& connection) : connection_(connection) {}

  // What any agent of the project was ever trained on or evaluated with: under another agent's name
  // the eval side of one could else be logged again and trained on. Errors: also those of
  // `deadline`.
  absl::StatusOr<FirewallKeys> Keys(const std::string& project, const Deadline& deadline);

  // Those of all agents of the project, whole.
  absl::StatusOr<TrainSides> AllTrainSides(const std::string& project);

  // Of the keys, in their order, whether it stands on one of the train sides, whatever stands
  // beside it: who was trained under one name was trained.
  absl::StatusOr<std::vector<bool>> OnTrainSides(const std::string& project,
                                                 const TrainSides& sides,
                                                 std::span<const std::string> keys);

  // Remembers what a version put on which side; a key that is known stays on its side.
  absl::Status AddKeys(const std::string& project, const DatasetVersion& version,
                       std::span<const std::pair<std::string, Split>> keys);

  // Replaces up to `limit` keys that name a session in clear, as earlier programs stored them, by
  // SessionKey; true where there was none.
  absl::StatusOr<bool> HashSomeSessions(int64_t limit);

  // Forgets up to `limit` of the keys that stood on a side first with this version; true where
  // there was none.
  absl::StatusOr<bool> RemoveSome(const std::string& project, const std::string& dataset_version_id,
                                  int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_FIREWALL_STORE_H_
