// Store of what builds took out, the table removed_rows.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_REMOVED_ROW_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_REMOVED_ROW_STORE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "curation_service/domain/removals.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

struct StoredRemovedRow {
  int64_t place = 0;
  RemovedRow row;
};

// All SQL over this table, inside the caller's transaction.
class RemovedRowStore {
 public:
  explicit RemovedRowStore(sql::Connection& connection) : connection_(connection) {}

  // The first of `rows` stands at `first_place`.
  absl::Status Add(const std::string& project, const std::string& dataset_version_id,
                   int64_t first_place, std::span<const RemovedRow> rows);

  // Up to `limit` from `first_place` on, for this reason alone where there is one.
  absl::StatusOr<std::vector<StoredRemovedRow>> List(const std::string& project,
                                                     const std::string& dataset_version_id,
                                                     std::optional<RemovalReason> reason,
                                                     int64_t first_place, int64_t limit);

  // Takes out what is about the interaction, and its name where it stands beside another one.
  absl::Status Forget(const std::string& project, const std::string& interaction_id);

  // Takes out up to `limit` entries of a version; true where there was none.
  absl::StatusOr<bool> RemoveSome(const std::string& project, const std::string& dataset_version_id,
                                  int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_REMOVED_ROW_STORE_H_
