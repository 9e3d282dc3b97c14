#include "cli/stored_verdict_commands.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "cli/gate_run/gate_client.h"
#include "cli/message_json.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

constexpr absl::Duration kExplainTimeout = absl::Seconds(30);
// Of the largest suites, on a slow disk.
constexpr absl::Duration kReplayTimeout = absl::Minutes(5);

template <typename Request>
struct StoredVerdictFlags {
  rpc::Target target;
  std::string project;
  Request request;
  bool json = false;
};

template <typename Request, typename Response>
absl::StatusOr<Response> AskOfVerdict(
    const StoredVerdictFlags<Request>& flags, absl::Duration timeout,
    grpc::Status (GateClient::Gate::*method)(grpc::ClientContext*, const Request&, Response*)) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  return client.Call(method, flags.request, timeout);
}

// As JSON where that is asked for, else the text. `code` where it was written.
int PrintAnswer(const google::protobuf::Message& answer, bool as_json, std::string text, int code) {
  if (as_json) {
    google::protobuf::util::JsonPrintOptions options;
    options.always_print_primitive_fields = true;
    const absl::StatusOr<std::string> line = MessageJson(answer, "an answer", options);
    if (!line.ok()) return Fail(line.status());
    text = *line + '\n';
  }
  absl::Status output = WriteOutput(text);
  // What nobody can read is no answer.
  if (output.ok()) output = FlushOutput();
  return output.ok() ? code : Fail(output);
}

// Such as "verdict v1 on router-v2: BLOCK".
std::string TitleOf(const evalgate_v1::Verdict& verdict) {
  return fmt::format("verdict {} on {}: {}", Printable(verdict.verdict_id()),
                     Printable(verdict.model_version()),
                     ValueName(evalgate_v1::Decision_Name(verdict.decision()), "DECISION_"));
}

using ExplainFlags = StoredVerdictFlags<evalgate_v1::ExplainVerdictRequest>;

int RunExplain(const ExplainFlags& flags) {
  const auto explained = AskOfVerdict(flags, kExplainTimeout, &GateClient::Gate::ExplainVerdict);
  if (!explained.ok()) return Fail(explained.status(), flags.target.address);
  std::string text = fmt::format("{}\n{}\n\n{}\n", TitleOf(explained->verdict()),
                                 Printable(explained->question()), Printable(explained->summary()));
  if (explained->findings_size() > 0) text += '\n';
  for (const evalgate_v1::FindingExplanation& one : explained->findings()) {
    text += fmt::format("- {}\n", Printable(one.message()));
  }
  if (explained->findings_left_out() > 0) {
    text += fmt::format("- and {} others that decide as well\n", explained->findings_left_out());
  }
  return PrintAnswer(*explained, flags.json, std::move(text), kExitOk);
}

using ReplayFlags = StoredVerdictFlags<evalgate_v1::ReplayVerdictRequest>;

int ExitCodeOfReplay(evalgate_v1::ReplayResult result) {
  switch (result) {
    case evalgate_v1::REPLAY_RESULT_MATCHES:
      return kExitOk;
    case evalgate_v1::REPLAY_RESULT_EVIDENCE_ERASED:
    case evalgate_v1::REPLAY_RESULT_NOT_POSSIBLE:
      return kExitNotJudged;
    default:
      // What a newer gate says is no match.
      return kExitFailed;
  }
}

int RunReplay(const ReplayFlags& flags) {
  const auto replay = AskOfVerdict(flags, kReplayTimeout, &GateClient::Gate::ReplayVerdict);
  if (!replay.ok()) return Fail(replay.status(), flags.target.address);
  const std::string& given_by = replay->verdict().code_version();
  std::string text =
      fmt::format("{}\n{}: {}\nGiven by {}, replayed by {}.\n", TitleOf(replay->verdict()),
                  ValueName(evalgate_v1::ReplayResult_Name(replay->result()), "REPLAY_RESULT_"),
                  Printable(replay->message()),
                  given_by.empty() ? "a version that is not recorded" : Printable(given_by),
                  Printable(replay->replayed_by()));
  return PrintAnswer(*replay, flags.json, std::move(text), ExitCodeOfReplay(replay->result()));
}

template <typename Request>
void AddStoredVerdictFlags(CLI::App& command, StoredVerdictFlags<Request>& flags) {
  command.add_option("VERDICT", *flags.request.mutable_verdict_id(), "the verdict's id")
      ->required();
  command.add_flag("--json", flags.json, "print the answer of the gate as JSON");
  AddAddressFlags(command, {{Service::kEvalGate, &flags.target.address}});
  AddCredentialFlags(command, flags.target);
  AddProjectFlag(command, flags.project);
}

}  // namespace

void AddStoredVerdictCommands(CLI::App& gate, Run& run) {
  CLI::App* const explain = gate.add_subcommand(
      "explain",
      "Says in plain words which rule decided a verdict, and the smallest change that would have\n"
      "made it another one.");
  explain->footer(std::string("Example: flywheel gate explain release-41\n") + kExitCodesHelp);
  const auto explain_flags = std::make_shared<ExplainFlags>();
  AddStoredVerdictFlags(*explain, *explain_flags);
  explain->callback(
      [explain_flags, &run] { run = [explain_flags] { return RunExplain(*explain_flags); }; });

  CLI::App* const replay = gate.add_subcommand(
      "replay",
      "Decides a verdict again on the evidence that is stored, and says whether it is the same,\n"
      "bit for bit, or which field differs first.");
  replay->footer(
      std::string("Example: flywheel gate replay release-41\n"
                  "Of replay: 0 the same; 1 another one, or it failed; 6 the evidence was erased "
                  "with people,\n"
                  "or is older than runs.\n") +
      kExitCodesHelp);
  const auto replay_flags = std::make_shared<ReplayFlags>();
  AddStoredVerdictFlags(*replay, *replay_flags);
  replay->callback(
      [replay_flags, &run] { run = [replay_flags] { return RunReplay(*replay_flags); }; });
}

}  // namespace flywheel::cli
