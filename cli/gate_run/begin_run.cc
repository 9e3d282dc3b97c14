#include "cli/gate_run/begin_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/gate_run/run_ids.h"
#include "cli/gate_run/run_lookup.h"
#include "shared/status/errors.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::Run;
using Runs = GateClient::Runs;

constexpr int kMostCaseResultsPerPage = 1'000;
// Somebody who takes more of them is up to no good.
constexpr int kMostDefaultIds = 50;

// Why the run is none of the wished suite and version that goes on; empty where it is.
std::string WhyNotIt(const Run& run, const RunWish& wish) {
  if (run.suite_id() != wish.suite.suite_id()) {
    return fmt::format("is of suite '{}', want '{}'", run.suite_id(), wish.suite.suite_id());
  }
  if (run.model_version() != wish.model_version) {
    return fmt::format("is of version '{}', want '{}'", run.model_version(), wish.model_version);
  }
  if (run.state() == evalgate::v1::RUN_STATE_ABORTED) {
    return fmt::format("was aborted ({})", run.abort_reason());
  }
  return std::string();
}

absl::Status CheckRun(const Run& run, const RunWish& wish) {
  std::string why_not = WhyNotIt(run, wish);
  if (why_not.empty() && wish.attempts > 0 && run.attempts_per_case() != wish.attempts) {
    why_not =
        fmt::format("makes {} attempts at a case, want {}", run.attempts_per_case(), wish.attempts);
  }
  if (why_not.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("run '{}' {}: give another --run.", run.run_id(), why_not));
}

absl::StatusOr<BegunRun> StartRun(const GateClient& client, const RunWish& wish,
                                  const std::string& run_id) {
  evalgate::v1::StartRunRequest request;
  request.set_run_id(run_id);
  request.set_suite_id(wish.suite.suite_id());
  request.set_model_version(wish.model_version);
  request.set_attempts_per_case(std::max(wish.attempts, wish.least_attempts));
  *request.mutable_labels() = wish.labels;
  auto started = client.Call(&Runs::StartRun, request);
  if (started.ok()) return BegunRun{std::move(*started->mutable_run()), started->replayed()};
  if (errors::ReasonOf(started.status()) != Reason::kAlreadyEnded) return started.status();
  ASSIGN_OR_RETURN(Run finished, NewestRun(client, wish.suite.suite_id(), wish.model_version,
                                           evalgate::v1::RUN_STATE_FINISHED));
  if (finished.run_id().empty()) return started.status();
  return BegunRun{std::move(finished), true};
}

absl::StatusOr<BegunRun> FindOrStart(const GateClient& client, const RunWish& wish,
                                     const std::string& run_id) {
  evalgate::v1::GetRunRequest request;
  request.set_run_id(run_id);
  auto found = client.Call(&Runs::GetRun, request);
  if (found.ok()) return BegunRun{std::move(*found->mutable_run()), true};
  if (errors::ReasonOf(found.status()) != Reason::kNotFound) return found.status();
  return StartRun(client, wish, run_id);
}

// Under the id that suite and version have, or the next one that nobody else took.
absl::StatusOr<BegunRun> BeginDefaultRun(const GateClient& client, const RunWish& wish) {
  const std::string first =
      StableId("run", wish.model_version, {wish.suite.suite_id(), wish.model_version});
  ASSIGN_OR_RETURN(BegunRun begun, FindOrStart(client, wish, first));
  const std::string why_not = WhyNotIt(begun.run, wish);
  std::string run_id = first;
  for (int i = 2; i <= kMostDefaultIds; ++i) {
    // The finished run that the gate gave in place of a new one is what there is.
    if (begun.run.run_id() != run_id || WhyNotIt(begun.run, wish).empty()) break;
    run_id = fmt::format("{}-{}", first, i);
    ASSIGN_OR_RETURN(begun, FindOrStart(client, wish, run_id));
  }
  if (run_id != first && WhyNotIt(begun.run, wish).empty()) {
    fmt::print(stderr, "run '{}' {}: '{}' is the run in its place\n", Printable(first),
               Printable(why_not), Printable(begun.run.run_id()));
  }
  return begun;
}

}  // namespace

absl::StatusOr<BegunRun> BeginRun(const GateClient& client, const RunWish& wish) {
  ASSIGN_OR_RETURN(BegunRun begun, wish.run_id.empty() ? BeginDefaultRun(client, wish)
                                                       : FindOrStart(client, wish, wish.run_id));
  RETURN_IF_ERROR(CheckRun(begun.run, wish));
  return begun;
}

absl::StatusOr<OpenAttempts> OpenAttempts::Of(const GateClient& client, const Run& run) {
  OpenAttempts open(run.attempts_per_case());
  ASSIGN_OR_RETURN(const Run newest, NewestRun(client, run.suite_id(), run.model_version(),
                                               evalgate::v1::RUN_STATE_RUNNING));
  if (newest.run_id() != run.run_id()) return open;
  open.all_ = false;
  evalgate::v1::ListCaseResultsRequest request;
  request.set_suite_id(run.suite_id());
  request.set_model_version(run.model_version());
  request.set_filter(evalgate::v1::CASE_FILTER_UNANSWERED);
  request.set_page_size(kMostCaseResultsPerPage);
  RETURN_IF_ERROR(client.ListCases(request, [&](const evalgate::v1::CaseResult& one) {
    uint32_t& bits = open.open_[one.case_id()];
    bits = UINT32_MAX;
    for (const evalgate::v1::AttemptResult& attempt : one.attempts()) {
      const bool answered = attempt.outcome() != evalgate::v1::CASE_OUTCOME_MISSING &&
                            attempt.outcome() != evalgate::v1::CASE_OUTCOME_UNAVAILABLE;
      if (answered) bits &= ~(uint32_t{1} << (attempt.attempt() - 1));
    }
    return true;
  }));
  return open;
}

bool OpenAttempts::IsOpen(const std::string& case_id, int attempt) const {
  if (attempt < 1 || attempt > attempts_) return false;
  if (all_) return true;
  const auto found = open_.find(case_id);
  return found != open_.end() && (found->second >> (attempt - 1) & 1) != 0;
}

}  // namespace flywheel::cli
