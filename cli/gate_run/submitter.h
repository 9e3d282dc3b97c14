// Sends outputs of a run to the gate.
#ifndef FLYWHEEL_CLI_GATE_RUN_SUBMITTER_H_
#define FLYWHEEL_CLI_GATE_RUN_SUBMITTER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/gate_run/gate_client.h"

namespace flywheel::cli {

// What became of all that was sent.
struct Submitted {
  int64_t stored = 0;
  // Was there already, with the same words.
  int64_t replayed = 0;
  // Was there already with other words, which stay.
  int64_t conflicts = 0;
  // Refused, but those of cases that were erased meanwhile.
  int64_t rejected = 0;
  // Of these, errors of the infrastructure at attempts that have had as many as the bar allows.
  int64_t over_limit = 0;
  // Of the run now.
  int64_t missing = 0;
  int64_t unavailable = 0;
  // The first few of what was rejected or in conflict, a line each.
  std::vector<std::string> first;
};

// Sends outputs in calls of a size that the gate takes. Sending again is no harm. For one thread.
class Submitter {
 public:
  Submitter(const GateClient& client, std::string run_id)
      : client_(&client), run_id_(std::move(run_id)) {}

  // An answer that the gate refuses for its form, such as one that is too large, is what the
  // version said all the same: it is sent again as the version's error, so that the run can end.
  void CountRefusedAnswersAsErrors() { refused_are_errors_ = true; }

  absl::Status Send(std::vector<evalgate::v1::CaseOutput> outputs);

  const Submitted& submitted() const { return submitted_; }

 private:
  absl::Status SendCall(evalgate::v1::SubmitOutputsRequest request);
  void Count(const evalgate::v1::CaseOutput& output, const common::v1::ItemResult& result,
             evalgate::v1::SubmitOutputsRequest& again);

  const GateClient* client_;
  std::string run_id_;
  bool refused_are_errors_ = false;
  Submitted submitted_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_SUBMITTER_H_
