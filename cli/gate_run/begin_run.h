// Starts a run of a version on a suite, or goes on with one.
#ifndef FLYWHEEL_CLI_GATE_RUN_BEGIN_RUN_H_
#define FLYWHEEL_CLI_GATE_RUN_BEGIN_RUN_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"
#include "cli/labels.h"

namespace flywheel::cli {

struct RunWish {
  evalgate::v1::Suite suite;
  std::string model_version;
  // Empty: the one that is always the same for suite and version; where somebody took it for
  // another suite or version, or its run was aborted, the same with "-2", "-3" and so on.
  std::string run_id;
  // 0: as the run has it, or as few as the bar takes.
  int attempts = 0;
  int least_attempts = 1;
  LabelMap labels;
};

struct BegunRun {
  evalgate::v1::Run run;
  // It was there already.
  bool resumed = false;
};

// A run that is there goes on whatever its labels are: a job that is started again has others.
// Where the version finished another run on the suite, that is the answer, because no further one
// counts. Says on stderr where the run has another id than the first by default.
// FAILED_PRECONDITION where the run is of other attempts, or the wished id is that of a run of
// another suite or version, or of one that was aborted.
absl::StatusOr<BegunRun> BeginRun(const GateClient& client, const RunWish& wish);

// Which attempts at cases are still to be asked.
class OpenAttempts {
 public:
  // Those of a run that was just begun: all.
  explicit OpenAttempts(int attempts_per_case) : attempts_(attempts_per_case) {}

  // Those of a run that goes on: what has no answer, and what the infrastructure failed. The gate
  // lists the newest run that was not aborted; of an older one all are open, and whatever was
  // answered before stays.
  static absl::StatusOr<OpenAttempts> Of(const GateClient& client, const evalgate::v1::Run& run);

  bool IsOpen(const std::string& case_id, int attempt) const;

 private:
  int attempts_;
  bool all_ = true;
  // By case id, a bit an attempt; cases that are not in it are answered.
  std::unordered_map<std::string, uint32_t> open_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_BEGIN_RUN_H_
