// Inspection of what stands behind an entry of the release log: a suite's cases, a run's outputs.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CONTENT_INSPECTION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CONTENT_INSPECTION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/release_chain.h"
#include "eval_gate_service/domain/seals.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// What is not as it was sealed.
struct ContentFault {
  LogBreakKind kind = LogBreakKind::kCasesChanged;
  // For people: whose it is, and what differs.
  std::string message;
};

// Computes the seals of a suite's cases, or of a finished run's outputs, anew from what is stored,
// in pieces that may each have a snapshot of their own: who is erased in between raises no alarm.
//
//   ContentInspection inspection(project, {ReleaseKind::kRun, agent, run_id});
//   for (bool done = false; !done;) {
//     ASSIGN_OR_RETURN(done, database.Read([&](sql::Connection& db) { return inspection.Step(db);
//     }));
//   }
//
// A suite that is older than seals is held against its content_hash, which takes all of its cases
// into memory at once, unless people left it since. Not thread-safe.
class ContentInspection {
 public:
  // `of_before`: the thing is older than the log, so that its hash may be of another kind.
  ContentInspection(const std::string& project, const ReleaseThing& thing, bool of_before = false)
      : thing_{project, thing.kind, thing.resource_id}, of_before_(of_before) {}

  // Takes the next piece. True after the last one, and at the first fault.
  absl::StatusOr<bool> Step(sql::Connection& connection);

  const ItemCounts& counts() const { return counts_; }
  const std::optional<ContentFault>& fault() const { return fault_; }

 private:
  // True where there is nothing to look at.
  absl::StatusOr<bool> Begin(sql::Connection& connection);
  absl::StatusOr<bool> TakeCases(sql::Connection& connection);
  absl::StatusOr<bool> TakeOutputs(sql::Connection& connection);
  // Compares a seal with the one that is stored, which must be there.
  absl::Status TakeSeal(sql::Connection& connection, const OutputPlace& place,
                        const std::function<std::string(const std::string& salt)>& seal);
  absl::Status EndSealed(sql::Connection& connection);
  // Whether as many rows are there as are left: one without an id stands before the first piece,
  // and one that was put in may stand behind the place where its piece ended.
  absl::Status CompareWithStored(sql::Connection& connection, int64_t left);
  // Whether as many were erased as are said to be.
  absl::Status CompareWithCases(sql::Connection& connection);
  absl::Status CompareWithSuite(sql::Connection& connection);
  absl::Status EndUnsealed(sql::Connection& connection);

  bool IsSuite() const { return thing_.kind == ReleaseKind::kSuite; }
  void Fail(std::string what);

  const SealedThing thing_;
  const bool of_before_;
  bool begun_ = false;
  // Of a suite alone.
  std::optional<Suite> suite_;
  // Nothing where it is older than seals.
  std::optional<SealedContent> sealed_;
  // Behind what was taken.
  OutputPlace last_;
  SealSet seals_;
  // Where there are no seals.
  std::vector<SuiteCase> cases_;
  ItemCounts counts_;
  std::optional<ContentFault> fault_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CONTENT_INSPECTION_H_
