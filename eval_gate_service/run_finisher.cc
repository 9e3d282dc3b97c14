#include "eval_gate_service/run_finisher.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/seals.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each further one means that outputs had to be sealed, or that people were erased, during the one
// before.
constexpr int kMostRounds = 10;
constexpr int64_t kSealsPerWrite = 500;

// Where nothing but errors came, nobody knows whose they were: a pipeline that cannot reach its
// model reports the same as a model that is broken.
absl::Status CheckWhole(sql::Connection& connection, const std::string& project, const Run& run) {
  if (run.attempts > 0 && run.progress.answered >= run.attempts) {
    ASSIGN_OR_RETURN(const bool has_answer,
                     OutputStore(connection).HasAnswer({project, run.run_id}));
    if (has_answer) return absl::OkStatus();
    return errors::NotEnoughData(
        fmt::format("answers of run '{}'", run.run_id),
        fmt::format("an error for each of {} attempts", run.attempts),
        "at least 1 answer: give the run up (AbortRun) and start another one; what the model runs "
        "on is no error of the model, but an infrastructure_error");
  }
  return errors::NotEnoughData(
      fmt::format("answers of run '{}'", run.run_id),
      fmt::format("{}, {} errors of the infrastructure and {} attempts without an output",
                  run.progress.answered, run.progress.unavailable, run.missing()),
      run.attempts > 0
          ? fmt::format("all {}: send the others by SubmitOutputs", run.attempts)
          : std::string(
                "at least 1: every case was erased, make a suite of a newer dataset version"));
}

// A run that is to be finished, with its suite.
struct Ending {
  Run run;
  Suite suite;
  // It is already.
  bool finished = false;
};

// The error where it may not.
absl::StatusOr<Ending> FindEnding(sql::Connection& connection, const rpc::Actor& actor,
                                  const std::string& run_id) {
  const std::string& project = actor.project;
  Ending ending;
  Run& run = ending.run;
  ASSIGN_OR_RETURN(run, RunStore(connection).Get(project, run_id));
  ending.finished = run.state == RunState::kFinished;
  if (ending.finished) return ending;
  ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
  ending.suite = std::move(stored.suite);
  RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(ending.suite)));
  if (run.state == RunState::kAborted) {
    return errors::FailedPrecondition(Reason::kAlreadyEnded, "run", run_id,
                                      fmt::format("aborted: {}", run.abort_reason),
                                      "a run that goes on: start another one");
  }
  ASSIGN_OR_RETURN(const std::optional<Run> other,
                   RunStore(connection).FindFinished({project, run.suite_id, run.model_version}));
  if (other) return AlreadyFinished(*other);
  // Until they have left, outputs of erased cases would count for cases that have none.
  ASSIGN_OR_RETURN(const bool erasing, ErasureStore(connection).IsErasing(project, run.suite_id));
  if (erasing) {
    return errors::ChangedMeanwhile("run", run_id, "people are erased whose cases it answers");
  }
  RETURN_IF_ERROR(CheckWhole(connection, project, run));
  return ending;
}

}  // namespace

absl::Status AlreadyFinished(const Run& finished) {
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, "model version", finished.model_version,
      fmt::format("run '{}' on suite '{}', which is finished", finished.run_id, finished.suite_id),
      "one finished run of a version on a suite: what it answered stays. Ask for a verdict on it "
      "(JudgeVersion), or give a changed version another name");
}

absl::StatusOr<Created<Run>> RunFinisher::Finish(const rpc::Actor& actor, const std::string& run_id,
                                                 const Deadline& deadline) {
  const std::string& project = actor.project;
  const SealedThing sealed{project, ReleaseKind::kRun, run_id};
  for (int round = 0; round < kMostRounds; ++round) {
    // Step 1: whether it may, and what its outputs come to. Of a run that is whole they change no
    // more, but for people who are erased.
    SealSet seals;
    ASSIGN_OR_RETURN(Ending ending,
                     database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Ending> {
                       seals = {};
                       ASSIGN_OR_RETURN(Ending found, FindEnding(connection, actor, run_id));
                       if (found.finished) return found;
                       RETURN_IF_ERROR(SealStore(connection).AddAll(sealed, deadline, seals));
                       return found;
                     }));
    if (ending.finished) return Created<Run>{std::move(ending.run), /*replayed=*/true};
    const SealedContent content{static_cast<int64_t>(seals.size()), seals.Hash()};
    if (content.items < ending.run.progress.answered) {
      RETURN_IF_ERROR(SealOutputs(sealed, deadline));
      continue;
    }
    // Step 2: what curation knows of it, outside of any transaction.
    ASSIGN_OR_RETURN(const Contamination contamination,
                     contamination_->Find(project, ending.suite, ending.run, deadline));
    // Step 3: it ends, where it still may and has what it had.
    const RunProgress seen = ending.run.progress;
    bool changed = false;
    RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(deadline.Check());
      ASSIGN_OR_RETURN(ending, FindEnding(connection, actor, run_id));
      if (ending.finished) return absl::OkStatus();
      Run& run = ending.run;
      changed = run.progress != seen;
      if (changed) return absl::OkStatus();
      run.state = RunState::kFinished;
      run.end_time = clock_->Now();
      run.contamination = contamination;
      RETURN_IF_ERROR(RunStore(connection).End(project, run));
      RETURN_IF_ERROR(SealStore(connection).Close(sealed, content));
      RETURN_IF_ERROR(ReleaseLogStore(connection)
                          .Append(project, {ReleaseKind::kRun, run.agent, run_id}, actor.key_id,
                                  *run.end_time));
      return audit::Record(connection, actor,
                           {"run", run_id,
                            fmt::format("suite '{}', version '{}': {} answers", run.suite_id,
                                        run.model_version, run.progress.answered)},
                           *run.end_time);
    }));
    if (changed) continue;
    HoldOutcomes(project, ending.run, deadline);
    return Created<Run>{std::move(ending.run), /*replayed=*/ending.finished};
  }
  return errors::ChangedMeanwhile("run", run_id, "people are erased whose cases it answers");
}

absl::Status RunFinisher::SealOutputs(const SealedThing& run, const Deadline& deadline) {
  return sql::WriteUntilDone(*database_, [&](sql::Connection& connection) -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(
        const std::vector<OutputFacts> unsealed,
        OutputStore(connection).Unsealed({run.project, run.resource_id}, kSealsPerWrite));
    for (const OutputFacts& output : unsealed) {
      RETURN_IF_ERROR(SealStore(connection).SealOutput(run, output));
    }
    return unsealed.empty();
  });
}

void RunFinisher::HoldOutcomes(const std::string& project, const Run& finished,
                               const Deadline& deadline) {
  const int64_t erasures = outcomes_->erasures();
  // Where it cannot be read now, the verdict reads it.
  (void)database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const StoredSuite stored,
                     SuiteStore(connection).Get(project, finished.suite_id));
    return outcomes_->Find(connection, project, stored.suite, finished, erasures, deadline)
        .status();
  });
}

}  // namespace flywheel::evalgate
