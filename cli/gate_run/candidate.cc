#include "cli/gate_run/candidate.h"

#include <fmt/format.h>

#include <utility>

#include "cli/bar_flags.h"
#include "cli/command.h"
#include "cli/command_words.h"
#include "cli/gate_run/ci_labels.h"
#include "cli/gate_run/gate_report.h"
#include "cli/gate_run/judge.h"
#include "cli/gate_run/run_lookup.h"
#include "cli/gate_run/suite_lookup.h"
#include "cli/table.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

constexpr int kMostAttempts = 32;
constexpr absl::Duration kFinishTimeout = absl::Minutes(2);

// Where the gate gives no verdict, and why.
GateReport WithoutVerdict(const CandidateFlags& flags, const evalgate::v1::Suite& suite,
                          evalgate::v1::Decision decision, std::string why) {
  SuiteReport one;
  one.suite_name = suite.suite_name();
  one.suite_id = suite.suite_id();
  one.suite_version = suite.suite_version();
  one.decision = decision;
  one.message = InCommandWords(std::move(why));
  GateReport report;
  report.model_version = flags.model_version;
  report.agent = suite.agent();
  report.exit_code = ExitCodeOf(decision);
  report.suites.push_back(std::move(one));
  return report;
}

// What is known of a run that cannot be finished yet, as the gate says by `refused`.
absl::StatusOr<GateReport> Unfinished(const GateClient& client, const CandidateFlags& flags,
                                      const evalgate::v1::Suite& suite, const std::string& run_id,
                                      const absl::Status& refused, const std::string& outage) {
  evalgate::v1::GetRunRequest request;
  request.set_run_id(run_id);
  ASSIGN_OR_RETURN(const auto found, client.Call(&GateClient::Runs::GetRun, request));
  const evalgate::v1::Run& run = found.run();
  const int64_t missing = run.attempts() - run.answered() - run.unavailable();
  if (missing + run.unavailable() == 0) {
    return WithoutVerdict(flags, suite, evalgate::v1::DECISION_UNSPECIFIED,
                          errors::MessageOf(refused));
  }
  std::string why = fmt::format("run {}: of {} attempts {} are answered", run_id,
                                WithThousands(run.attempts()), WithThousands(run.answered()));
  if (run.unavailable() > 0) {
    why += fmt::format(", {} failed by the infrastructure{}", WithThousands(run.unavailable()),
                       outage.empty() ? "" : " (the last: " + outage + ")");
  }
  if (missing > 0) why += fmt::format(", {} were not asked", WithThousands(missing));
  why += ". That says nothing about the version; the same command goes on with the rest.";
  return WithoutVerdict(flags, suite,
                        run.unavailable() > 0 ? evalgate::v1::DECISION_INCONCLUSIVE
                                              : evalgate::v1::DECISION_UNSPECIFIED,
                        std::move(why));
}

// Such as "48 passed", where whoever asks may know it before a verdict.
std::string PassedText(const GateClient& client, const evalgate::v1::Run& run) {
  evalgate::v1::GetRunRequest request;
  request.set_run_id(run.run_id());
  const auto found = client.Call(&GateClient::Runs::GetRun, request);
  if (!found.ok() || !found->has_passed()) {
    return "how many passed is told by the verdict, because the release policy names the suite";
  }
  return fmt::format("{} passed", WithThousands(found->passed()));
}

JudgeWish JudgeWishOf(const CandidateFlags& flags, const evalgate::v1::Suite& suite) {
  JudgeWish wish{.suite = suite,
                 .model_version = flags.model_version,
                 .verdict_id = flags.verdict_id,
                 .baseline = flags.baseline,
                 .bar = std::nullopt,
                 .labels = flags.labels};
  if (flags.bar.ByteSizeLong() > 0) wish.bar = flags.bar;
  return wish;
}

int Tell(const GateReport& report, const CandidateFlags& flags) {
  const absl::Status written = WriteReport(report, flags.report);
  return written.ok() ? report.exit_code : Fail(written);
}

}  // namespace

void AddCandidateFlags(CLI::App& command, CandidateFlags& flags) {
  command.add_option("--suite", flags.suite, kSuiteHelp)->required();
  command.add_option("--agent", flags.agent, kSuiteAgentHelp);
  command.add_option("--candidate", flags.model_version, "the model version that answers")
      ->required();
}

void AddVerdictFlags(CLI::App& command, CandidateFlags& flags) {
  command.add_option("--baseline", flags.baseline,
                     "where no release policy names the suite: the version to compare with, which\n"
                     "has a finished run on it. Default: none, the floor decides alone");
  command
      .add_option(
          "--attempts", flags.attempts,
          "ask each case so often. Default: as often as the bar wants, or as the run was started")
      ->type_name("N")
      ->check(CLI::Range(1, kMostAttempts).description(""));
  AddBarFlags(command, flags.bar);
  command.add_option("--run", flags.run_id,
                     "the id of the run. Default: one of suite and version, so that the same job,\n"
                     "started again, goes on; the next one where that run was aborted");
  command.add_option("--verdict", flags.verdict_id,
                     "the id of the verdict. Default: one of what is asked; then the verdict that\n"
                     "counts already is shown in place of a new one");
  command.add_flag("--no-judge", flags.no_judge,
                   "finish the run and ask for no verdict: for what others are compared with");
  command.add_flag("--no-finish", flags.no_finish,
                   "leave the run open, for other jobs that answer other cases");
  AddLabelFlag(command, flags.label_flags,
               "NAME=VALUE on run and verdict; may be repeated. git_sha, branch and ci_url come "
               "from\nGitHub Actions and GitLab CI by themselves");
  AddReportFlags(command, flags.report);
  AddAddressFlags(command, {{Service::kEvalGate, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

void CheckCandidateFlags(const CLI::App& command, CandidateFlags& flags) {
  // Such as of a variable that the pipeline did not set.
  for (const char* const name : {"--suite", "--agent", "--candidate", "--baseline", "--run"}) {
    const CLI::Option* const option = command.get_option(name);
    if (option->count() == 0 || !option->as<std::string>().empty()) continue;
    throw CLI::ValidationError(name, "got nothing, want a value");
  }
  TakeLabels(flags.label_flags, flags.labels);
  AddCiLabels(flags.labels);
}

absl::StatusOr<Candidate> BeginCandidate(const GateClient& client, const CandidateFlags& flags) {
  Candidate candidate;
  ASSIGN_OR_RETURN(candidate.suite, FindSuite(client, flags.suite, flags.agent));
  const JudgeWish wish = JudgeWishOf(flags, candidate.suite);
  if (!flags.no_judge) RETURN_IF_ERROR(CheckWish(client, wish));
  if (!flags.no_judge && !flags.no_finish) {
    ASSIGN_OR_RETURN(const auto finished,
                     NewestRun(client, candidate.suite.suite_id(), flags.model_version,
                               evalgate::v1::RUN_STATE_FINISHED));
    // What was answered already costs nothing more, and may have its verdict.
    if (finished.run_id().empty()) {
      ASSIGN_OR_RETURN(candidate.why_not_judged, WhyNotJudged(client, wish));
    }
    if (!candidate.why_not_judged.empty()) return candidate;
  }
  ASSIGN_OR_RETURN(const int least, LeastAttempts(client, wish));
  if (flags.attempts > 0 && flags.attempts < least) {
    return absl::InvalidArgumentError(
        fmt::format("--attempts: got {}, want {} or more, because the bar asks for so many.",
                    flags.attempts, least));
  }
  ASSIGN_OR_RETURN(candidate.begun, BeginRun(client, {.suite = candidate.suite,
                                                      .model_version = flags.model_version,
                                                      .run_id = flags.run_id,
                                                      .attempts = flags.attempts,
                                                      .least_attempts = least,
                                                      .labels = flags.labels}));
  return candidate;
}

int TellWhyNotJudged(const CandidateFlags& flags, const Candidate& candidate) {
  return Tell(WithoutVerdict(flags, candidate.suite, evalgate::v1::DECISION_UNSPECIFIED,
                             candidate.why_not_judged),
              flags);
}

int FinishAndJudge(const GateClient& client, const CandidateFlags& flags,
                   const Candidate& candidate, const std::string& outage) {
  const evalgate::v1::Suite& suite = candidate.suite;
  const evalgate::v1::Run& run = candidate.begun.run;
  const auto tell = [&flags](const absl::StatusOr<GateReport>& report) {
    return report.ok() ? Tell(*report, flags) : Fail(report.status(), flags.target.address);
  };
  const std::string run_id = Printable(run.run_id());
  if (flags.no_finish) {
    fmt::print("run {} of {} stays open: the same command without --no-finish ends it\n", run_id,
               Printable(flags.model_version));
    return kExitOk;
  }
  evalgate::v1::FinishRunRequest request;
  request.set_run_id(run.run_id());
  const auto finished = client.Call(&GateClient::Runs::FinishRun, request, kFinishTimeout);
  if (errors::ReasonOf(finished.status()) == Reason::kNotEnoughData) {
    return tell(Unfinished(client, flags, suite, run.run_id(), finished.status(), outage));
  }
  if (!finished.ok()) return Fail(finished.status(), flags.target.address);
  if (flags.no_judge) {
    fmt::print("run {} of {} is finished: {} answers to {} attempts; {}\n", run_id,
               Printable(flags.model_version), WithThousands(finished->run().answered()),
               WithThousands(finished->run().attempts()), PassedText(client, finished->run()));
    return kExitOk;
  }
  auto verdict = Judge(client, JudgeWishOf(flags, suite));
  if (SaysNotJudged(verdict.status())) {
    return Tell(
        WithoutVerdict(flags, suite, evalgate::v1::DECISION_UNSPECIFIED,
                       fmt::format("{} Its answers: {}.", errors::MessageOf(verdict.status()),
                                   PassedText(client, finished->run()))),
        flags);
  }
  if (!verdict.ok()) return Fail(verdict.status(), flags.target.address);
  return tell(ReportOf(client, *std::move(verdict), flags.report.ideal));
}

}  // namespace flywheel::cli
