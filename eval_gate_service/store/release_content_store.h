// SQL store of what the release log vouches for: hashes of things as they are stored.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_CONTENT_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_CONTENT_STORE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// Reads policies, approvals, suites, runs, verdicts and waivers as rows: what the log vouches for
// is what stands in the store, also what no value of the domain has. In the caller's transaction.
class ReleaseContentStore {
 public:
  explicit ReleaseContentStore(sql::Connection& connection) : connection_(connection) {}

  // SHA-256 in 32 bytes over every column of the thing's rows, those of its suites, bars, findings
  // and labels included, in a fixed order; nothing where there is no such thing. Of a suite its
  // content_hash and the hash of its seals stand for its cases, of a run the latter for its
  // outputs, and what erasure counts is left out. What goes in never changes: a column that comes
  // later is added at the end of its row, by name, where it is not empty, so that older things keep
  // their hashes.
  absl::StatusOr<std::optional<std::string>> Hash(const std::string& project,
                                                  const ReleaseThing& thing);

  // The first thing of the project that has no entry in the log, of policies, approvals, suites,
  // verdicts, waivers and finished runs in this order; nothing where all have one. Looks at all of
  // them.
  absl::StatusOr<std::optional<ReleaseThing>> WithoutEntry(const std::string& project);

 private:
  absl::StatusOr<std::optional<std::string>> HashPolicy(const std::string& project,
                                                        const ReleaseThing& policy);
  absl::StatusOr<std::optional<std::string>> HashApproval(const std::string& project,
                                                          const ReleaseThing& approval);
  absl::StatusOr<std::optional<std::string>> HashSuite(const std::string& project,
                                                       const ReleaseThing& suite);
  absl::StatusOr<std::optional<std::string>> HashVerdict(const std::string& project,
                                                         const ReleaseThing& verdict);
  absl::StatusOr<std::optional<std::string>> HashWaiver(const std::string& project,
                                                        const ReleaseThing& waiver);
  absl::StatusOr<std::optional<std::string>> HashRun(const std::string& project,
                                                     const ReleaseThing& run);
  absl::Status AddSealedContent(const SealedThing& thing, ContentHash& hash);

  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_RELEASE_CONTENT_STORE_H_
