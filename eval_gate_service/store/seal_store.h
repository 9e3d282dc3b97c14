// SQL store of seals.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_SEAL_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_SEAL_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/seals.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/store/output_store.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// Whose seals: those of a suite's cases (kSuite), or of a run's outputs (kRun).
struct SealedThing {
  std::string project;
  ReleaseKind kind = ReleaseKind::kSuite;
  std::string resource_id;
};

// A seal, and what it was made with.
struct StoredSeal {
  std::string salt;
  std::string seal;
};

// What seals came to when a suite was made or a run finished.
struct SealedContent {
  int64_t items = 0;
  std::string seals_hash;
};

// The SQL of seals, erased_seals and sealed_contents. In the caller's transaction.
class SealStore {
 public:
  explicit SealStore(sql::Connection& connection) : connection_(connection) {}

  absl::Status SealCase(const SealedThing& suite, const SuiteCase& one);
  // Takes the place of that of an output before it.
  absl::Status SealOutput(const SealedThing& run, const OutputFacts& output);

  // Nothing where it has none. `place.attempt` is 0 of a case.
  absl::StatusOr<std::optional<StoredSeal>> Find(const SealedThing& thing,
                                                 const OutputPlace& place);

  // Adds all seals to the set. The error of `deadline`.
  absl::Status AddAll(const SealedThing& thing, const Deadline& deadline, SealSet& set);
  // Adds all seals of what was erased. Returns how many there are.
  absl::StatusOr<int64_t> AddErased(const SealedThing& thing, SealSet& set);

  // Of a suite or a run that has none yet.
  absl::Status Close(const SealedThing& thing, const SealedContent& content);
  // Nothing of what is older than seals, and of runs that did not finish.
  absl::StatusOr<std::optional<SealedContent>> FindContent(const SealedThing& thing);

  // Erases up to `limit` seals, and keeps none of them. Returns how many there were.
  absl::StatusOr<int64_t> RemoveSome(const SealedThing& thing, int64_t limit);
  // The salt goes. The seal is kept where `keep`: what is left is verified with it.
  absl::Status Erase(const SealedThing& thing, const OutputPlace& place, bool keep);

 private:
  absl::Status Put(const SealedThing& thing, const OutputPlace& place, const StoredSeal& made);
  absl::StatusOr<std::string> NewSalt();

  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_SEAL_STORE_H_
