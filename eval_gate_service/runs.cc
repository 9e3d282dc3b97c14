#include "eval_gate_service/runs.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/run_finisher.h"
#include "eval_gate_service/store/label_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

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
    run.attempts = request.attempts_per_case * suite.cases_left();
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

}  // namespace flywheel::evalgate
