// Asks an agent every question of a run, and submits what it answers as it comes.
#ifndef FLYWHEEL_CLI_GATE_RUN_RUN_LOOP_H_
#define FLYWHEEL_CLI_GATE_RUN_RUN_LOOP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cli/gate_run/agent.h"
#include "cli/gate_run/fault_guard.h"
#include "cli/gate_run/run_progress.h"
#include "cli/gate_run/submitter.h"
#include "cli/progress_line.h"

namespace flywheel::cli {

struct RunLoopOptions {
  // So many agents answer at once.
  int concurrency = 4;
  // No question is asked from the one on whose answer reached it.
  std::optional<double> most_usd;
  std::function<std::unique_ptr<Agent>()> make_agent;
};

enum class RunLoopEnd {
  kAllAsked,
  kStoppedByUser,
  kCostReached,
  // So many answers in a row failed by the infrastructure that the others would too.
  kOutage,
};

// What was asked in this call.
struct RunTally {
  RunLoopEnd end = RunLoopEnd::kAllAsked;
  int64_t answered = 0;
  // Of these, errors of the version's own.
  int64_t errors = 0;
  // Not among the answered.
  int64_t infrastructure_errors = 0;
  // The last of them, in words.
  std::string infrastructure_error;
  double cost_usd = 0;
};

// One use. Begins as many threads as there are agents, and ends them.
class RunLoop {
 public:
  RunLoop(RunLoopOptions options, std::vector<Question> questions, Submitter& submitter);

  // Blocks until all was asked, or the user stops it, the cost is reached, the agent does not
  // answer (FaultGuard), one says that it cannot go on, or the gate takes nothing. What was
  // answered until then was submitted, unless the gate did not take it.
  absl::StatusOr<RunTally> Run();

 private:
  void Work();
  // Nothing where the thread is to end.
  const Question* Next();
  void Take(const Question& question, absl::StatusOr<Answer> answer);
  void Close(RunLoopEnd end) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsWorthACall() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What may be submitted now, and whether anything more will come.
  std::pair<std::vector<evalgate::v1::CaseOutput>, bool> WaitForOutputs();
  void ShowProgress();
  std::optional<WaitingQuestion> LongestWaiting() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RunLoopOptions options_;
  const std::vector<Question> questions_;
  Submitter& submitter_;
  const absl::Time begin_;
  ProgressLine progress_;

  absl::Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  // What an agent thinks about now, since when.
  std::map<const Question*, absl::Time> asked_ ABSL_GUARDED_BY(mutex_);
  // No question is given out any more.
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int working_ ABSL_GUARDED_BY(mutex_) = 0;
  FaultGuard guard_ ABSL_GUARDED_BY(mutex_);
  std::vector<evalgate::v1::CaseOutput> outputs_ ABSL_GUARDED_BY(mutex_);
  RunTally tally_ ABSL_GUARDED_BY(mutex_);
  // Why it cannot go on.
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RUN_LOOP_H_
