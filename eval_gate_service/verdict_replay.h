// Replay of a verdict: what its evidence says today, in one snapshot of the store.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAY_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_difference.h"
#include "eval_gate_service/domain/verdict_figures.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// What a replay comes to. The numbers are those of the wire.
enum class ReplayResult {
  kMatches = 1,
  kDiffers = 2,
  kEvidenceErased = 3,
  kNotPossible = 4,
  kEvidenceChanged = 5,
};

// A verdict, and what its evidence says today.
struct VerdictReplay {
  // As it is stored.
  Verdict verdict;
  ReplayResult result = ReplayResult::kNotPossible;
  // For people: what it is, and why.
  std::string message = {};
  // Where it differs.
  std::optional<VerdictDifference> difference = {};
  // The code that decided it now.
  std::string replayed_by = {};
  // Of the suite, since it was given.
  int64_t erased_since = 0;
  // Where there is no evidence: the rules find in the verdict's own counts what it says.
  bool counts_agree = false;
  // What was changed in the store afterwards, of suite and runs; empty where nothing was.
  std::string changed_suite_id = {};
  std::string changed_run_id = {};
  // Of the evidence, where it was asked for and matches.
  std::optional<VerdictFigures> figures = {};
};

// Decides `replay.verdict` again, as VerdictReplayer::Replay says; `replay.replayed_by` is set.
// Where `with_figures`, and it matches, with those of the evidence.
absl::Status ReplayIn(sql::Connection& connection, const std::string& project,
                      const Deadline& deadline, bool with_figures, VerdictReplay& replay);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_VERDICT_REPLAY_H_
