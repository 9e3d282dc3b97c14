#include "eval_gate_service/output_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/release_log.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/seal_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate {
namespace {

// Of a text of a client that an error repeats.
constexpr size_t kShownIdBytes = 128;
// Cases that are held at once while their outputs are judged.
constexpr size_t kCasesPerRead = 100;

OutputResult Rejected(absl::Status error) { return {OutputState::kRejected, std::move(error)}; }

// An output on its way into the store.
struct Arrival {
  JudgedOutput judged;
  // What is judged, where it is not what is stored.
  std::optional<CaseOutput> sent = {};
  std::string hash;
  // Nothing where nothing is wrong with the output by itself.
  absl::Status refused = {};
  // False where nothing can become of it that would be stored.
  bool is_judged = false;

  OutputPlace place() const { return {judged.output.case_id, judged.output.attempt}; }
};

absl::Status CheckOutput(const Run& run, const CaseOutput& output) {
  if (const auto bytes = static_cast<int64_t>(BytesOf(output)); bytes > kMostOutputBytes) {
    return errors::TooLarge("output", bytes, kMostOutputBytes, "bytes");
  }
  if (output.attempt <= run.attempts_per_case) return absl::OkStatus();
  return errors::InvalidArgument(
      "attempt", fmt::format("{}", output.attempt),
      fmt::format("1 to {}, the attempts a case of run '{}'", run.attempts_per_case, run.run_id));
}

// Judges what may be stored: outputs whose cases are there, and whose attempts have no answer yet.
// An answer stays, so that what is a replay or a conflict now is one in the write too; what has no
// case is refused there.
absl::Status JudgeSome(sql::Database& database, const OutputSet& set, const std::string& suite_id,
                       const Grader& grader, std::span<Arrival> arrivals,
                       const Deadline& deadline) {
  std::vector<std::optional<SuiteCase>> cases(arrivals.size());
  RETURN_IF_ERROR(database.Read([&](sql::Connection& connection) -> absl::Status {
    for (size_t i = 0; i < arrivals.size(); ++i) {
      if (!arrivals[i].refused.ok()) continue;
      ASSIGN_OR_RETURN(const std::optional<StoredOutput> known,
                       OutputStore(connection).Find(set, arrivals[i].place()));
      if (known && !known->unavailable) continue;
      ASSIGN_OR_RETURN(cases[i],
                       SuiteStore(connection)
                           .FindCase(set.project, suite_id, arrivals[i].judged.output.case_id,
                                     grader.needs_question()));
    }
    return absl::OkStatus();
  }));
  // Outside of the transaction: a long text takes an evaluator up to a second.
  for (size_t i = 0; i < arrivals.size(); ++i) {
    RETURN_IF_ERROR(deadline.Check());
    if (!cases[i]) continue;
    RETURN_IF_ERROR(Grader::RequireSameDefinitions(*cases[i]));
    JudgedOutput& judged = arrivals[i].judged;
    judged.judgement = grader.Judge(*cases[i], judged.output);
    if (const auto& sent = arrivals[i].sent) {
      const OutputJudgement as_sent = grader.Judge(*cases[i], *sent);
      judged.judgement.outcome = as_sent.outcome;
      judged.judgement.failed_by = as_sent.failed_by;
      // The key stays that of what is stored: no hash of what is not kept reaches the disk.
    }
    arrivals[i].is_judged = true;
  }
  return absl::OkStatus();
}

// The run and its suite; NOT_FOUND, or PERMISSION_DENIED where the actor's key may not judge it.
absl::Status FindSuiteOfRun(sql::Database& database, const rpc::Actor& actor,
                            const std::string& run_id, Run& run, Suite& suite) {
  return database.Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(run, RunStore(connection).Get(actor.project, run_id));
    ASSIGN_OR_RETURN(StoredSuite stored, SuiteStore(connection).Get(actor.project, run.suite_id));
    suite = std::move(stored.suite);
    return RequireJudge(connection, actor, IdentityOf(suite));
  });
}

// One call at work inside its write.
class Submission {
 public:
  Submission(sql::Connection& connection, const OutputSet& set, const Suite& suite, Run& run,
             int most_infrastructure_errors, absl::Time now)
      : connection_(connection),
        set_(set),
        suite_(suite),
        run_(run),
        most_infrastructure_errors_(most_infrastructure_errors),
        now_(now) {}

  absl::StatusOr<OutputResult> Take(const Arrival& arrival) {
    const CaseOutput& output = arrival.judged.output;
    if (!arrival.refused.ok()) return Rejected(arrival.refused);
    ASSIGN_OR_RETURN(
        const bool known_case,
        SuiteStore(connection_).HasCase(set_.project, suite_.suite_id, output.case_id));
    if (!known_case) {
      unknown_.insert(output.case_id);
      // Why, is known once all are: see Finish.
      return Rejected(NoSuchCase(output.case_id));
    }
    ASSIGN_OR_RETURN(const std::optional<StoredOutput> known,
                     OutputStore(connection_).Find(set_, arrival.place()));
    if (known && known->content_hash == arrival.hash) return OutputResult{OutputState::kReplayed};
    if (known && !known->unavailable) return OutputResult{OutputState::kConflict, Other(output)};
    if (run_.state != RunState::kRunning) return Rejected(AfterEnd(output));
    const bool unavailable = !output.infrastructure_error.empty();
    if (unavailable && known && known->infrastructure_errors >= most_infrastructure_errors_) {
      return Rejected(TooManyErrors(output, known->infrastructure_errors));
    }
    // Nothing that would be new was passed over when it was looked at: no answer leaves before its
    // case does, and no run begins again.
    if (!arrival.is_judged) return errors::Internal("an output that is new was not judged");
    RETURN_IF_ERROR(OutputStore(connection_).Put(set_, arrival.judged, arrival.hash, now_));
    RETURN_IF_ERROR(SealStore(connection_)
                        .SealOutput({set_.project, ReleaseKind::kRun, set_.run_id},
                                    {output.case_id, output.attempt, arrival.judged.judgement,
                                     arrival.hash, now_}));
    if (known) --run_.progress.unavailable;
    ++(unavailable ? run_.progress.unavailable : run_.progress.answered);
    if (unavailable) ++run_.infrastructure_errors;
    return OutputResult{OutputState::kStored};
  }

  // Of erased cases no id is kept: as many unknown ones as were erased count as them, and where one
  // was a mistake, the case that it stands for is missing.
  void Finish(std::span<const Arrival> arrivals, std::vector<OutputResult>& results) const {
    if (static_cast<int64_t>(unknown_.size()) > suite_.erased_cases) return;
    for (size_t i = 0; i < arrivals.size(); ++i) {
      const std::string& case_id = arrivals[i].judged.output.case_id;
      if (unknown_.contains(case_id)) results[i].error = errors::Erased("case", case_id);
    }
  }

 private:
  absl::Status NoSuchCase(const std::string& case_id) const {
    return errors::NotFound(fmt::format("case of suite '{}'", suite_.suite_id),
                            Shorten(case_id, kShownIdBytes), "ReadSuiteCases lists them.");
  }

  absl::Status Other(const CaseOutput& output) const {
    return errors::FailedPrecondition(
        Reason::kContradictingOutputs, "case", output.case_id,
        fmt::format("another answer in attempt {} of run '{}'", output.attempt, run_.run_id),
        "one answer an attempt: the first stays, and a version that was changed has another name");
  }

  absl::Status TooManyErrors(const CaseOutput& output, int64_t errors) const {
    return errors::FailedPrecondition(
        Reason::kLimitExceeded, "case", output.case_id,
        fmt::format("another error of the infrastructure after {} in attempt {} of run '{}'",
                    errors, output.attempt, run_.run_id),
        fmt::format("what the version answers: the release policy allows {} an attempt",
                    most_infrastructure_errors_));
  }

  absl::Status AfterEnd(const CaseOutput& output) const {
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "run", run_.run_id,
        fmt::format("it ended, and an output for case '{}'", output.case_id),
        run_.state == RunState::kFinished ? "no new output after the end: what is finished stays"
                                          : "no new output after the end: start another run");
  }

  sql::Connection& connection_;
  const OutputSet& set_;
  const Suite& suite_;
  Run& run_;
  const int most_infrastructure_errors_;
  const absl::Time now_;
  absl::flat_hash_set<std::string> unknown_;
};

}  // namespace

absl::Status OutputIntake::Admit(const rpc::Actor& actor, const std::string& run_id) const {
  Run run;
  Suite suite;
  return FindSuiteOfRun(*database_, actor, run_id, run, suite);
}

absl::StatusOr<IntakeResult> OutputIntake::Submit(const rpc::Actor& actor,
                                                  const std::string& run_id,
                                                  std::vector<SentOutput> outputs,
                                                  int64_t size_bytes, const Deadline& deadline) {
  const std::string& project = actor.project;
  const OutputSet set{project, run_id};
  // Step 1: what each is worth. A suite and the attempts of a run never change.
  Run run;
  Suite suite;
  RETURN_IF_ERROR(FindSuiteOfRun(*database_, actor, run_id, run, suite));
  ASSIGN_OR_RETURN(const Grader grader, Grader::Make(suite.evaluators));
  RETURN_IF_ERROR(grader.RequireSameDefinitions());
  std::vector<Arrival> arrivals;
  arrivals.reserve(outputs.size());
  for (SentOutput& output : outputs) {
    absl::Status refused = CheckOutput(run, output.stored);
    std::string hash = OutputHash(output.stored);
    // The cases of a dataset version were redacted, too, and are told apart by their placeholders.
    if (!suite.dataset_version_id.empty()) output.sent.reset();
    arrivals.push_back({{std::move(output.stored), {}},
                        std::move(output.sent),
                        std::move(hash),
                        std::move(refused)});
  }
  // Where the run has ended nothing is taken any more.
  const size_t judged = run.state == RunState::kRunning ? arrivals.size() : 0;
  for (size_t begin = 0; begin < judged; begin += kCasesPerRead) {
    const size_t count = std::min(kCasesPerRead, judged - begin);
    RETURN_IF_ERROR(JudgeSome(*database_, set, run.suite_id, grader,
                              std::span(arrivals).subspan(begin, count), deadline));
  }
  // Step 2: what is new, into the store.
  const absl::Time now = clock_->Now();
  IntakeResult result;
  const auto write = [&](sql::Connection& connection) -> absl::Status {
    result = {};
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(result.run, RunStore(connection).Get(project, run_id));
    ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
    RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(stored.suite)));
    ASSIGN_OR_RETURN(const int most_errors,
                     MostInfrastructureErrors(connection, project, IdentityOf(stored.suite)));
    Submission submission(connection, set, stored.suite, result.run, most_errors, now);
    for (const Arrival& arrival : arrivals) {
      ASSIGN_OR_RETURN(OutputResult one, submission.Take(arrival));
      result.results.push_back(std::move(one));
    }
    submission.Finish(arrivals, result.results);
    const auto taken =
        std::count_if(result.results.begin(), result.results.end(),
                      [](const OutputResult& one) { return one.state == OutputState::kStored; });
    if (taken == 0) return absl::OkStatus();
    RETURN_IF_ERROR(RunStore(connection).SetProgress(project, result.run));
    return audit::Record(connection, actor, {"run", run_id, fmt::format("{} outputs", taken)}, now);
  };
  RETURN_IF_ERROR(database_->Write(write, std::max(size_bytes, sql::Database::kSmallWriteBytes)));
  return result;
}

}  // namespace flywheel::evalgate
