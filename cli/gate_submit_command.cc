// `flywheel gate submit`: has a version judged by answers that another program collected.
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "cli/command.h"
#include "cli/gate_run/answer_line.h"
#include "cli/gate_run/candidate.h"
#include "cli/gate_run/run_commands.h"
#include "cli/gate_run/submitter.h"
#include "cli/table.h"
#include "shared/files/files.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::CaseOutput;

// So many answers are read, then sent.
constexpr size_t kAnswersOfACall = 500;

struct SubmitFlags {
  CandidateFlags candidate;
  std::string file;
};

absl::StatusOr<CaseOutput> ReadFileLine(const std::string& line, const std::string& where) {
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseJson(line, where));
  const JsonView view(json, where);
  ASSIGN_OR_RETURN(CaseOutput output, ReadAnswer(view));
  if (output.case_id().empty()) return view.Wrong("an object with a case_id");
  return output;
}

// Every answer of the file, in its order, a line at a time: the file may be larger than memory.
absl::Status ForEachAnswer(const std::string& file,
                           absl::FunctionRef<absl::Status(CaseOutput)> take) {
  std::ifstream lines(file, std::ios::binary);
  if (!lines) return FileError(file, errno);
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ASSIGN_OR_RETURN(CaseOutput output, ReadFileLine(line, fmt::format("{}:{}", file, number)));
    RETURN_IF_ERROR(take(std::move(output)));
  }
  return lines.bad() ? FileError(file, errno) : absl::OkStatus();
}

absl::Status SendAnswers(const std::string& file, Submitter& submitter) {
  std::vector<CaseOutput> outputs;
  RETURN_IF_ERROR(ForEachAnswer(file, [&](CaseOutput output) {
    outputs.push_back(std::move(output));
    return outputs.size() < kAnswersOfACall ? absl::OkStatus()
                                            : submitter.Send(std::exchange(outputs, {}));
  }));
  return submitter.Send(std::move(outputs));
}

// Says what became of the answers. False where the run does not hold what the file says: a verdict
// on it would be about other answers.
bool AllTaken(const Submitted& submitted, const std::string& run_id) {
  fmt::print(stderr, "{} answers stored, {} were there already\n", WithThousands(submitted.stored),
             WithThousands(submitted.replayed));
  const int64_t refused = submitted.conflicts + submitted.rejected;
  if (refused == 0) return true;
  for (const std::string& line : submitted.first) {
    fmt::print(stderr, "{}\n", Printable(line));
  }
  fmt::print(stderr, "error: {} answers were not taken, so nothing is judged.\n",
             WithThousands(refused));
  if (submitted.over_limit > 0) {
    fmt::print(
        stderr,
        "{} of them are errors of the infrastructure, of which these attempts had as many as "
        "the bar allows. Once it is mended, submit what the version answers to these cases, "
        "which is still taken; or abort the run '{}' (AbortRun), and the same command starts "
        "another one.\n",
        WithThousands(submitted.over_limit), Printable(run_id));
  }
  if (refused > submitted.over_limit) {
    fmt::print(stderr,
               "The first answer of a version stays: other answers are those of another version, "
               "under another --candidate.\n");
  }
  return false;
}

int RunSubmit(const SubmitFlags& flags) {
  const std::string& address = flags.candidate.target.address;
  // A file that has a mistake is mended before anything of it is an answer that stays.
  const absl::Status read =
      ForEachAnswer(flags.file, [](const CaseOutput&) { return absl::OkStatus(); });
  if (!read.ok()) return Fail(read);
  const auto client = GateClient::Open(flags.candidate.target, flags.candidate.project);
  if (!client.ok()) return Fail(client.status(), address);
  const auto candidate = BeginCandidate(*client, flags.candidate);
  if (!candidate.ok()) return Fail(candidate.status(), address);
  if (!candidate->why_not_judged.empty()) return TellWhyNotJudged(flags.candidate, *candidate);
  const std::string& run_id = candidate->begun.run.run_id();
  Submitter submitter(*client, run_id);
  const absl::Status sent = SendAnswers(flags.file, submitter);
  if (!sent.ok()) return Fail(sent, address);
  if (!AllTaken(submitter.submitted(), run_id)) return kExitFailed;
  return FinishAndJudge(*client, flags.candidate, *candidate);
}

}  // namespace

void AddGateSubmitCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "submit",
      "Submits what a version answered to the cases of a suite, finishes the run and has the\n"
      "version judged. A JSON line an attempt: {\"case_id\", \"output\"}, or what else 'flywheel\n"
      "gate run' takes of an agent, and \"attempt\" from 1 where there are several. Nothing is "
      "sent\n"
      "of a file with a line that cannot be read. The same file again changes nothing; answers\n"
      "that are missing, or were errors of the infrastructure, may follow in another file.");
  command->footer(
      std::string("Example: flywheel gate submit answers.jsonl --suite refunds --agent router \\\n"
                  "           --candidate v2 --junit gate.xml\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<SubmitFlags>();
  command->add_option("FILE", flags->file, "the answers")->required()->check(IsFile());
  AddCandidateFlags(*command, flags->candidate);
  AddVerdictFlags(*command, flags->candidate);
  command->callback([flags, command, &run] {
    CheckCandidateFlags(*command, flags->candidate);
    run = [flags] { return RunSubmit(*flags); };
  });
}

}  // namespace flywheel::cli
