// Holds back what says more about the way an agent is run than about the agent.
#ifndef FLYWHEEL_CLI_GATE_RUN_FAULT_GUARD_H_
#define FLYWHEEL_CLI_GATE_RUN_FAULT_GUARD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/gate_run/agent.h"

namespace flywheel::cli {

// The first answer to a case stays for ever, so a missing module or a key that ran out must not
// become the answer to every case. The agent's own faults therefore wait for its next real answer,
// which shows that it runs: then they count. Ten faults in a row stop the run, and what waits
// counts for nothing. The other faults never wait: they are no answers. For one thread.
class FaultGuard {
 public:
  static constexpr int kMostInARow = 10;

  // What may be submitted now, appended to `outputs`. Where too many faults came in a row, with the
  // last one: UNAVAILABLE where all were of the infrastructure, else FAILED_PRECONDITION.
  absl::Status Take(Answer answer, std::vector<evalgate::v1::CaseOutput>& outputs);

  // No more will come: appends what is held where the agent ever answered. FAILED_PRECONDITION
  // where it never did.
  absl::Status Finish(std::vector<evalgate::v1::CaseOutput>& outputs);

 private:
  absl::Status Stopped() const;

  // The agent's own faults since its last answer.
  std::vector<evalgate::v1::CaseOutput> held_;
  int in_a_row_ = 0;
  // Of these, those that were none of the infrastructure, and the last of them in words.
  int of_agent_ = 0;
  std::string last_;
  bool answered_ = false;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_FAULT_GUARD_H_
