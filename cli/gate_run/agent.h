// Who answers the cases of a run: a process, or an endpoint of a model.
#ifndef FLYWHEEL_CLI_GATE_RUN_AGENT_H_
#define FLYWHEEL_CLI_GATE_RUN_AGENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "flywheel/evalgate/v1/verdict.pb.h"

namespace flywheel::cli {

// An attempt at a case.
struct Question {
  std::shared_ptr<const evalgate::v1::SuiteCase> one;
  // From 1.
  int attempt = 1;
};

// Why nobody answered. Many in a row say nothing about the version.
enum class Fault {
  // Somebody did.
  kNone,
  // It ended without an answer, or said what is none: its own error, unless it does not run at all.
  kOfAgent,
  // It ended before it read the question: it does not run.
  kOfStart,
  // What it runs on failed.
  kOfInfrastructure,
};

// What became of it.
struct Answer {
  // An answer, an error of the version's own, or, for the last two faults, one of the
  // infrastructure.
  evalgate::v1::CaseOutput output;
  Fault fault = Fault::kNone;
};

// Answers one question at a time. For one thread.
class Agent {
 public:
  virtual ~Agent() = default;

  // CANCELLED where the user wants to stop; any other error is one of the whole run, such as a key
  // that is refused.
  virtual absl::StatusOr<Answer> Ask(const Question& question) = 0;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_AGENT_H_
