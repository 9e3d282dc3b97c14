// SQL store of verdicts and their findings.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_VERDICT_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_VERDICT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// A verdict, its place among the project's (from 1), and the hash of the request that asked for it.
struct StoredVerdict {
  Verdict verdict;
  int64_t ordinal = 0;
  std::string request_hash;
  // Of its bar; not looked at where it is stored.
  std::string bar_key = {};
};

// The SQL of verdicts and findings, which are never changed. In the caller's transaction.
class VerdictStore {
 public:
  explicit VerdictStore(sql::Connection& connection) : connection_(connection) {}

  // Appends it as the newest of the project; `stored.ordinal` is not looked at.
  absl::Status Insert(const std::string& project, const StoredVerdict& stored);

  // Nothing where the project has no such verdict.
  absl::StatusOr<std::optional<StoredVerdict>> Find(const std::string& project,
                                                    const std::string& verdict_id);

  // NOT_FOUND.
  absl::StatusOr<Verdict> Get(const std::string& project, const std::string& verdict_id);

  // Up to `limit` verdicts beyond an ordinal, in the order of the filter: those on its version
  // where it names one, else those on its suite, else those of its agent. The rest of the filter is
  // not looked at. They come without bar and findings.
  absl::StatusOr<std::vector<StoredVerdict>> List(const std::string& project,
                                                  const VerdictFilter& filter, int64_t beyond,
                                                  int64_t limit);
  // Adds bar and findings. Returns the bytes of what it read.
  absl::StatusOr<size_t> ReadRest(const std::string& project, StoredVerdict& stored);

  // Every verdict on the version that a policy of the agent asked for, the newest first, without
  // findings. There are kMostLooks for each
  // bar and each pair of versions compared with.
  absl::StatusOr<std::vector<Verdict>> OfPolicies(const std::string& project,
                                                  const std::string& agent,
                                                  const std::string& model_version);

  // Whether any verdict on the suite compared with the version.
  absl::StatusOr<bool> WasComparedWith(const std::string& project, const std::string& suite_id,
                                       const std::string& model_version);

  // Whether any verdict on the version was given on the suite; with `of_policies` explorations do
  // not count.
  absl::StatusOr<bool> WasJudged(const std::string& project, const std::string& suite_id,
                                 const std::string& model_version, bool of_policies = false);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_VERDICT_STORE_H_
