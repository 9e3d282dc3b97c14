// An agent that is a shell command: a line of JSON in, a line of JSON out.
#ifndef FLYWHEEL_CLI_GATE_RUN_AGENT_PROCESS_H_
#define FLYWHEEL_CLI_GATE_RUN_AGENT_PROCESS_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "cli/gate_run/agent.h"
#include "cli/gate_run/line_process.h"

namespace flywheel::cli {

// Keeps the command running from question to question, and starts it again where it ended. What it
// left unanswered by ending is its own error: an agent that falls over has not answered. It is one
// of the infrastructure where somebody else ended it (SIGKILL, SIGTERM, SIGHUP, SIGINT, so also
// where memory ran out), where it took too long, and where it ended before it read the question.
class AgentProcess : public Agent {
 public:
  AgentProcess(std::string command, absl::Duration timeout)
      : command_(std::move(command)), timeout_(timeout) {}

  ~AgentProcess() override {
    if (process_) process_->Close();
  }
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;

  absl::StatusOr<Answer> Ask(const Question& question) override;

 private:
  // A process that is ready to be asked.
  absl::Status Ready();
  Answer Ended();
  Answer Read(const std::string& line, const Question& question, absl::Duration took);

  const std::string command_;
  const absl::Duration timeout_;
  std::optional<LineProcess> process_;
  // Questions that this process answered.
  int answered_ = 0;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_AGENT_PROCESS_H_
