// SQL store of waivers: words of people in place of verdicts.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_WAIVER_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_WAIVER_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_policy.h"
#include "shared/sql/connection.h"
#include "shared/sql/list_range.h"

namespace flywheel::evalgate {

// A waiver with the hash of the request that gave it, and its place among the project's.
struct StoredWaiver {
  VerdictWaiver waiver;
  std::string request_hash;
  int64_t ordinal = 0;
};

// The SQL of verdict_waivers, which are never changed. In the caller's transaction.
class WaiverStore {
 public:
  explicit WaiverStore(sql::Connection& connection) : connection_(connection) {}

  // Appends one whose id is new; `stored.ordinal` is not looked at.
  absl::Status Insert(const std::string& project, const StoredWaiver& stored);

  // Nothing where the project has no such waiver.
  absl::StatusOr<std::optional<StoredWaiver>> Find(const std::string& project,
                                                   const std::string& waiver_id);
  // The newest `kMostWaivers` for the version, by its VersionKey; ended ones are among them.
  absl::StatusOr<std::vector<VerdictWaiver>> ForVersion(const std::string& project,
                                                        const std::string& agent,
                                                        const std::string& model_version);

  // Up to `limit` of the range.
  absl::StatusOr<std::vector<StoredWaiver>> List(const std::string& project,
                                                 const sql::ListRange& range, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_WAIVER_STORE_H_
