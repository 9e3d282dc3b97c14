// Asks the gate for the verdict on a version, or finds the one that it gave.
#ifndef FLYWHEEL_CLI_GATE_RUN_JUDGE_H_
#define FLYWHEEL_CLI_GATE_RUN_JUDGE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"
#include "cli/labels.h"

namespace flywheel::cli {

struct JudgeWish {
  evalgate::v1::Suite suite;
  std::string model_version;
  // Empty: one that is always the same for the same question.
  std::string verdict_id;
  // In explorations; empty: floors alone.
  std::string baseline;
  // In explorations, where the user says anything of it.
  std::optional<evalgate::v1::Bar> bar;
  LabelMap labels;
};

// INVALID_ARGUMENT where the agent's policy says what the wish says otherwise: better heard before
// every case is asked.
absl::Status CheckWish(const GateClient& client, const JudgeWish& wish);

// Why the gate could give no verdict though every case were answered: a version that it compares
// with has no finished run on the suite. Better heard before the agent is paid for. Empty where
// nothing stands against it.
absl::StatusOr<std::string> WhyNotJudged(const GateClient& client, const JudgeWish& wish);

// How often each case has to be tried at least: by the agent's policy where that names the suite,
// else by the wish. A run that tried less often can never be judged, and the version has no other.
absl::StatusOr<int> LeastAttempts(const GateClient& client, const JudgeWish& wish);

// The verdict that counts now, else the one that was given to the same question before, else a new
// one: a job that is started again gets the answer that it got. Whatever the gate refuses.
absl::StatusOr<evalgate::v1::Verdict> Judge(const GateClient& client, const JudgeWish& wish);

// Whether the gate says of a version that it cannot be judged, not that the call is wrong: a
// baseline without a run, too few cases, a suite that has a newer version.
bool SaysNotJudged(const absl::Status& status);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_JUDGE_H_
