#include "eval_gate_service/runs.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/domain/seals.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/seen_results.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/sql/replay.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"

namespace flywheel::evalgate {
namespace {

// Of the columns of a run but its labels.
constexpr size_t kBytesOfARun = 512;
constexpr absl::Duration kLookAgain = absl::Milliseconds(500);
// Each further one means that outputs had to be sealed, or that people were erased, during the one
// before.
constexpr int kMostRounds = 10;
constexpr int64_t kSealsPerWrite = 500;

absl::Status AlreadyFinished(const Run& finished) {
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, "model version", finished.model_version,
      fmt::format("run '{}' on suite '{}', which is finished", finished.run_id, finished.suite_id),
      "one finished run of a version on a suite: what it answered stays. Ask for a verdict on it "
      "(JudgeVersion), or give a changed version another name");
}

// A version may be tried again after a job broke off, but not until the answers please.
absl::Status CheckMayStart(sql::Connection& connection, const RunsOf& runs_of) {
  ASSIGN_OR_RETURN(const std::optional<Run> finished, RunStore(connection).FindFinished(runs_of));
  if (finished) return AlreadyFinished(*finished);
  ASSIGN_OR_RETURN(const UnfinishedRuns unfinished, RunStore(connection).CountUnfinished(runs_of));
  if (unfinished.runs < kMostUnfinishedRuns) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kLimitExceeded, "model version", runs_of.model_version,
      fmt::format("{} runs on suite '{}' that did not finish", unfinished.runs, runs_of.suite_id),
      fmt::format(
          "at most {}: go on with one of them (ListRuns), or make a new version of the suite",
          kMostUnfinishedRuns));
}

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

absl::StatusOr<Created<Run>> Runs::Start(const rpc::Actor& actor, const RunRequest& request) {
  const std::string& project = actor.project;
  const std::string hash = RunRequestHash(request.suite_id, request.model_version,
                                          request.attempts_per_case, request.labels);
  Created<Run> started;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<StoredRun> earlier,
                     RunStore(connection).Find(project, request.run_id));
    ASSIGN_OR_RETURN(started.replayed, sql::IsReplay(earlier, hash, "run", request.run_id));
    if (started.replayed) {
      started.value = std::move(earlier->run);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const StoredSuite stored,
                     SuiteStore(connection).Get(project, request.suite_id));
    const Suite& suite = stored.suite;
    RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(suite)));
    RETURN_IF_ERROR(CheckMayStart(connection, {project, request.suite_id, request.model_version}));
    Run run;
    run.run_id = request.run_id;
    run.suite_id = request.suite_id;
    run.agent = suite.agent;
    run.model_version = request.model_version;
    run.attempts_per_case = request.attempts_per_case;
    run.create_time = clock_->Now();
    run.created_by = actor.key_id;
    run.labels = request.labels;
    run.attempts = request.attempts_per_case * (suite.cases - suite.erased_cases);
    RETURN_IF_ERROR(RunStore(connection).Insert(project, {run, hash}));
    RETURN_IF_ERROR(
        LabelStore(connection).Set(project, Labelled::kRun, run.run_id, request.labels));
    RETURN_IF_ERROR(
        audit::Record(connection, actor,
                      {"run", run.run_id,
                       fmt::format("suite '{}', version '{}'", run.suite_id, run.model_version)},
                      run.create_time));
    started.value = std::move(run);
    return absl::OkStatus();
  }));
  return started;
}

absl::StatusOr<Created<Run>> Runs::Finish(const rpc::Actor& actor, const std::string& run_id,
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

absl::Status Runs::SealOutputs(const SealedThing& run, const Deadline& deadline) {
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

void Runs::HoldOutcomes(const std::string& project, const Run& finished, const Deadline& deadline) {
  const int64_t erasures = outcomes_->erasures();
  // Where it cannot be read now, the verdict reads it.
  (void)database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const StoredSuite stored,
                     SuiteStore(connection).Get(project, finished.suite_id));
    return outcomes_->Find(connection, project, stored.suite, finished, erasures, deadline)
        .status();
  });
}

absl::StatusOr<Created<Run>> Runs::Abort(const rpc::Actor& actor, const std::string& run_id,
                                         const std::string& reason) {
  const std::string& project = actor.project;
  Created<Run> aborted;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(Run run, RunStore(connection).Get(project, run_id));
    aborted.replayed = run.state == RunState::kAborted;
    if (!aborted.replayed) {
      ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
      RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(stored.suite)));
      if (run.state == RunState::kFinished) {
        return errors::FailedPrecondition(Reason::kAlreadyEnded, "run", run_id, "finished",
                                          "a run that goes on: what is finished stays");
      }
      run.state = RunState::kAborted;
      run.end_time = clock_->Now();
      run.abort_reason = reason;
      RETURN_IF_ERROR(RunStore(connection).End(project, run));
      RETURN_IF_ERROR(audit::Record(
          connection, actor,
          {"run", run_id, fmt::format("suite '{}', version '{}'", run.suite_id, run.model_version)},
          *run.end_time));
    }
    aborted.value = std::move(run);
    return absl::OkStatus();
  }));
  return aborted;
}

absl::StatusOr<Run> Runs::Get(const std::string& project, const std::string& run_id) {
  return database_->Read(
      [&](sql::Connection& connection) { return RunStore(connection).Get(project, run_id); });
}

absl::StatusOr<std::optional<int64_t>> Runs::CountPassed(const std::string& project,
                                                         const Run& run) {
  using Count = std::optional<int64_t>;
  if (run.state != RunState::kFinished) return Count();
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Count> {
    ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
    const absl::Status seen = RequireSeen(connection, project, stored.suite, run.model_version);
    if (errors::ReasonOf(seen) == Reason::kNotEnoughData) return Count();
    RETURN_IF_ERROR(seen);
    return OutputStore(connection).CountPassed({project, run.run_id});
  });
}

absl::StatusOr<Run> Runs::AwaitChange(const std::string& project, const std::string& run_id,
                                      const std::optional<RunProgress>& seen,
                                      absl::FunctionRef<absl::Status()> may_go_on) {
  absl::StatusOr<Run> run;
  // Whoever has seen something is told of the next thing no sooner than after an interval.
  bool wait = seen.has_value();
  const auto changed = [&] {
    if (std::exchange(wait, false)) return false;
    run = Get(project, run_id);
    if (!run.ok() || run->state != RunState::kRunning || run->progress != seen) return true;
    if (const absl::Status status = may_go_on(); !status.ok()) run = status;
    return !run.ok();
  };
  PollUntil(changed, absl::InfiniteDuration(), kLookAgain);
  return run;
}

absl::StatusOr<ListPage<Run>> Runs::List(const std::string& project, const RunFilter& filter,
                                         int64_t beyond, int64_t page_size) {
  using Page = ListPage<StoredRun>;
  ASSIGN_OR_RETURN(
      Page page, database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Page> {
        RunStore runs(connection);
        ASSIGN_OR_RETURN(Page found,
                         ReadListPage<StoredRun>(
                             beyond, page_size,
                             [&](int64_t from, int64_t limit) {
                               return runs.List(project, filter, from, limit);
                             },
                             [&](const StoredRun& stored) { return filter.Matches(stored.run); }));
        RETURN_IF_ERROR(FillListPage<StoredRun>(
            sql::kMaxReadBytes,
            [&](StoredRun& stored) -> absl::StatusOr<size_t> {
              return kBytesOfARun + stored.run.abort_reason.size() + LabelBytes(stored.run.labels);
            },
            found));
        return found;
      }));
  return ValuesOf(std::move(page), &StoredRun::run);
}

}  // namespace flywheel::evalgate
