#include "cli/gate_run/fault_guard.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace flywheel::cli {
namespace {

void MoveTo(std::vector<evalgate::v1::CaseOutput>& outputs,
            std::vector<evalgate::v1::CaseOutput>& held) {
  outputs.insert(outputs.end(), std::make_move_iterator(held.begin()),
                 std::make_move_iterator(held.end()));
  held.clear();
}

}  // namespace

absl::Status FaultGuard::Take(Answer answer, std::vector<evalgate::v1::CaseOutput>& outputs) {
  evalgate::v1::CaseOutput& output = answer.output;
  if (answer.fault == Fault::kNone) {
    answered_ = true;
    in_a_row_ = of_agent_ = 0;
    MoveTo(outputs, held_);
    outputs.push_back(std::move(output));
    return absl::OkStatus();
  }
  ++in_a_row_;
  const std::string outage = output.infrastructure_error();
  if (answer.fault != Fault::kOfInfrastructure) {
    ++of_agent_;
    last_ =
        fmt::format("of case '{}': {}", output.case_id(), outage.empty() ? output.error() : outage);
  }
  (answer.fault == Fault::kOfAgent ? held_ : outputs).push_back(std::move(output));
  if (in_a_row_ < kMostInARow) return absl::OkStatus();
  return of_agent_ == 0 ? absl::UnavailableError(outage) : Stopped();
}

absl::Status FaultGuard::Finish(std::vector<evalgate::v1::CaseOutput>& outputs) {
  if (of_agent_ > 0 && !answered_) return Stopped();
  MoveTo(outputs, held_);
  return absl::OkStatus();
}

absl::Status FaultGuard::Stopped() const {
  return absl::FailedPreconditionError(fmt::format(
      "the agent does not answer: {} in a row failed, the last {}. None of these counts, because "
      "what does not run says nothing about the version. Where the agent itself has no answer, "
      "let it say {{\"error\": TEXT}}.",
      in_a_row_, last_));
}

}  // namespace flywheel::cli
