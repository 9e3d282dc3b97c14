// Suite writer: seals suites, whatever their cases come from.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_SUITE_WRITER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_SUITE_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// A suite as it is to be stored.
struct SuiteDraft {
  StoredSuite made;
  std::vector<SuiteCase> cases;
};

// Stores suites in pieces, one suite after the other, so that nobody waits long for the store's
// writer; nobody sees a suite before its last piece. Thread-safe; the pointers outlive this object.
class SuiteWriter {
 public:
  SuiteWriter(sql::Database* database, const Clock* clock) : database_(database), clock_(clock) {}

  // The suite that an equal request made, if any. ALREADY_EXISTS_WITH_OTHER_CONTENT.
  absl::StatusOr<std::optional<Suite>> FindMade(const std::string& project,
                                                const std::string& suite_id,
                                                const std::string& request_hash);

  // Nothing where people were erased since the draft was made of their dataset version. Nothing of
  // it is stored then, nor after an error. The errors of FindMade, RequireJudge and `deadline`.
  absl::StatusOr<std::optional<Created<Suite>>> Keep(const rpc::Actor& actor, SuiteDraft& draft,
                                                     const Deadline& deadline);

  // Removes what a crash left of suites that were being made, of all projects. Before the first
  // Keep.
  absl::Status RemoveUnfinished();

 private:
  using Piece = absl::FunctionRef<absl::Status(sql::Connection&)>;

  // False where people were erased since the draft was made, wherever it stopped.
  absl::StatusOr<bool> Store(const rpc::Actor& actor, SuiteDraft& draft, const Deadline& deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(storing_mutex_);
  absl::StatusOr<bool> WritePiece(const StoredSuite& made, int64_t size_bytes,
                                  const Deadline& deadline, Piece piece);
  absl::Status RemoveBegun() ABSL_EXCLUSIVE_LOCKS_REQUIRED(storing_mutex_);

  sql::Database* const database_;
  const Clock* const clock_;
  // Suites are stored one after the other, so that what is unfinished belongs to nobody else.
  absl::Mutex storing_mutex_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_SUITE_WRITER_H_
