// Use cases ReplayVerdict and ExplainVerdict: what a verdict comes to once more, and why.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAYER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAYER_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_explanation.h"
#include "eval_gate_service/verdict_replay.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// A verdict, and what it means.
struct ExplainedVerdict {
  Verdict verdict;
  VerdictExplanation explanation;
};

// Reads only. Thread-safe; the database outlives this object.
class VerdictReplayer {
 public:
  // `code_version` is that of this program.
  VerdictReplayer(sql::Database* database, std::string code_version)
      : database_(database), code_version_(std::move(code_version)) {}

  // Decides the verdict again, on the runs of the versions that it names, by the policy's bar of
  // then and the look's share of alpha, unless the cases of the suite or the outputs of a run are
  // not those that were sealed. What it says of unfinished runs beside it, which
  // decides nothing and goes on changing, is taken from the verdict. NOT_FOUND; the error of
  // `deadline`.
  absl::StatusOr<VerdictReplay> Replay(const std::string& project, const std::string& verdict_id,
                                       const Deadline& deadline);

  // From its own counts; where they do not say how cases share groups, from its evidence, while it
  // is there and of at most 20,000 cases. NOT_FOUND; the error of `deadline`.
  absl::StatusOr<ExplainedVerdict> Explain(const std::string& project,
                                           const std::string& verdict_id, const Deadline& deadline);

 private:
  sql::Database* const database_;
  const std::string code_version_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAYER_H_
