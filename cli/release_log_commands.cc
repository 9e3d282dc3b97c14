#include "cli/release_log_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/gate_run/gate_client.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "flywheel/evalgate/v1/release_log_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

namespace evalgate_v1 = evalgate::v1;

// A million entries, or some gigabytes of cases and outputs, take a minute.
constexpr absl::Duration kVerifyTimeout = absl::Hours(1);
constexpr int kMostLogEntries = 100'000;
constexpr int kMostLogEntriesPerPage = 1'000;
// Of a hash in a column of the table; --json has it whole.
constexpr size_t kShownHashDigits = 12;
constexpr size_t kHashDigits = 64;

struct VerifyLogFlags {
  rpc::Target target;
  std::string project;
  evalgate_v1::VerifyReleaseLogRequest request;
  bool json = false;
};

struct LogFlags {
  rpc::Target target;
  std::string project;
  evalgate_v1::ListReleaseLogRequest request;
  // As the flag says it; empty: all.
  std::string kind;
  int limit = 50;
  bool json = false;
};

absl::StatusOr<evalgate_v1::ReleaseLogState> VerifyLog(const VerifyLogFlags& flags) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open(flags.target));
  const auto stub = evalgate_v1::ReleaseLogService::NewStub(channel.get());
  grpc::ClientContext context;
  channel.Prepare(context, kVerifyTimeout, flags.project);
  const auto reader = stub->VerifyReleaseLog(&context, flags.request);
  evalgate_v1::VerifyReleaseLogResponse response;
  bool found = false;
  while (reader->Read(&response)) found = response.has_state();
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  // Nothing but an answer is an answer.
  if (!found) return errors::Internal("the gate ended without saying what it found");
  return response.state();
}

std::string CountsText(const evalgate_v1::ItemCounts& counts, const char* items) {
  std::string text = fmt::format("{} {} are as they were", WithThousands(counts.checked()), items);
  if (counts.erased() > 0) {
    text += fmt::format(", {} left with people who were erased", WithThousands(counts.erased()));
  }
  if (counts.unchecked() > 0) {
    text += fmt::format(", {} are older than their seals and were not checked",
                        WithThousands(counts.unchecked()));
  }
  return text;
}

std::string StateText(const evalgate_v1::ReleaseLogState& state) {
  if (!state.whole()) {
    const evalgate_v1::ReleaseLogBreak& first = state.first_break();
    return fmt::format("BROKEN{}: {}.\n{} {} before hold.\n",
                       first.sequence() > 0 ? fmt::format(" at entry {}", first.sequence()) : "",
                       Printable(first.message()), WithThousands(state.whole_entries()),
                       state.whole_entries() == 1 ? "entry" : "entries");
  }
  std::string text = fmt::format("WHOLE: {} {}", WithThousands(state.whole_entries()),
                                 state.whole_entries() == 1 ? "entry" : "entries");
  if (state.has_vouches_from()) {
    text += " since " + SecondsText(rpc::FromProto(state.vouches_from()));
  }
  if (state.entries_of_before() > 0) {
    text += fmt::format(", of which {} for what was there before", state.entries_of_before());
  }
  text += fmt::format(".\nOf its suites {}.\nOf its finished runs {}.\n",
                      CountsText(state.cases(), "cases"), CountsText(state.outputs(), "outputs"));
  if (state.expected_head_sequence() > 0) {
    text += fmt::format("The expected head is that of entry {}.\n", state.expected_head_sequence());
  }
  if (state.head_hash().empty()) return text;
  return text + fmt::format(
                    "Head: {}\nKept elsewhere, it also finds a log that was cut off or written "
                    "anew: flywheel gate verify-log --head HEAD\n",
                    state.head_hash());
}

int RunVerifyLog(const VerifyLogFlags& flags) {
  const auto state = VerifyLog(flags);
  if (!state.ok()) return Fail(state.status(), flags.target.address);
  std::string text = StateText(*state);
  if (flags.json) {
    google::protobuf::util::JsonPrintOptions options;
    // That it is not whole is a field that is false, which JSON would leave out.
    options.always_print_primitive_fields = true;
    const absl::StatusOr<std::string> json = MessageJson(*state, "a state", options);
    if (!json.ok()) return Fail(json.status());
    text = *json + '\n';
  }
  absl::Status output = WriteOutput(text);
  // What nobody can read is no answer.
  if (output.ok()) output = FlushOutput();
  if (!output.ok()) return Fail(output);
  return state->whole() ? kExitOk : kExitFailed;
}

struct LogEntries {
  std::vector<evalgate_v1::ReleaseLogEntry> entries;
  // There are others that the limit left out.
  bool more = false;
};

absl::StatusOr<LogEntries> ReadLog(const LogFlags& flags) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(flags.target, flags.project));
  evalgate_v1::ListReleaseLogRequest request = flags.request;
  LogEntries log;
  do {
    const int missing = flags.limit - static_cast<int>(log.entries.size());
    request.set_page_size(std::min(missing, kMostLogEntriesPerPage));
    ASSIGN_OR_RETURN(const auto response,
                     client.Call(&evalgate_v1::ReleaseLogService::Stub::ListReleaseLog, request));
    log.entries.insert(log.entries.end(), response.entries().begin(), response.entries().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && static_cast<int>(log.entries.size()) < flags.limit);
  log.more = !request.page_token().empty();
  return log;
}

std::string TextOfLog(const LogEntries& log) {
  if (log.entries.empty()) return "nothing matches\n";
  Table table({{"ENTRY", true}, {"WRITTEN"}, {"OF"}, {"ID"}, {"AGENT"}, {"MADE BY"}, {"HASH"}});
  for (const evalgate_v1::ReleaseLogEntry& one : log.entries) {
    table.AddRow({WithThousands(one.sequence()),
                  SecondsText(rpc::FromProto(one.create_time())) +
                      (one.of_before() ? " (was there before)" : ""),
                  ValueName(evalgate_v1::ReleaseKind_Name(one.kind()), "RELEASE_KIND_"),
                  one.resource_id(), one.agent().empty() ? "-" : one.agent(),
                  one.created_by().empty() ? "-" : one.created_by(),
                  one.entry_hash().substr(0, kShownHashDigits)});
  }
  return table.Format() + (log.more ? "and others: --limit shows more\n" : "");
}

int RunLog(const LogFlags& flags) {
  const auto log = ReadLog(flags);
  if (!log.ok()) return Fail(log.status(), flags.target.address);
  std::string text;
  if (flags.json) {
    const absl::StatusOr<std::string> json = JsonLines(log->entries);
    if (!json.ok()) return Fail(json.status());
    text = *json;
  } else {
    text = TextOfLog(*log);
  }
  const absl::Status output = WriteOutput(text);
  return output.ok() ? kExitOk : Fail(output);
}

evalgate_v1::ReleaseKind LogKindOf(const std::string& word) {
  if (word == "policy") return evalgate_v1::RELEASE_KIND_RELEASE_POLICY;
  if (word == "approval") return evalgate_v1::RELEASE_KIND_BASELINE_APPROVAL;
  if (word == "suite") return evalgate_v1::RELEASE_KIND_SUITE;
  if (word == "verdict") return evalgate_v1::RELEASE_KIND_VERDICT;
  if (word == "waiver") return evalgate_v1::RELEASE_KIND_VERDICT_WAIVER;
  if (word == "run") return evalgate_v1::RELEASE_KIND_RUN;
  return evalgate_v1::RELEASE_KIND_UNSPECIFIED;
}

void AddVerifyLogCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "verify-log",
      "Computes the release log anew from what the gate's store holds, and names the first entry\n"
      "that does not hold: a policy, an approval, a suite or a case of it, a run or an output of "
      "it,\n"
      "a verdict or a waiver that was changed, added or removed beside the gate. Only exit code 0\n"
      "means that it is whole.");
  command->footer(std::string("Example: flywheel gate verify-log --head \"$HEAD_OF_LAST_WEEK\"\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<VerifyLogFlags>();
  command
      ->add_option("--head", *flags->request.mutable_expected_head(),
                   "the hash of an entry, kept elsewhere, that must still be there")
      ->type_name("HASH");
  command->add_flag("--json", flags->json, "print the state (ReleaseLogState) as JSON");
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  CLI::Option* const head = command->get_option("--head");
  command->callback([flags, head, &run] {
    // Nothing is that of a variable of a pipeline that is not set.
    if (head->count() > 0 && flags->request.expected_head().size() != kHashDigits) {
      throw CLI::ValidationError(
          "--head", fmt::format("got '{}', want the hash of an entry, {} hexadecimal digits",
                                flags->request.expected_head(), kHashDigits));
    }
    run = [flags] { return RunVerifyLog(*flags); };
  });
}

void AddLogCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "log",
      "Lists the entries of the release log, the newest first: what was decided about what may\n"
      "ship, when, and by which key.");
  command->footer(std::string("Example: flywheel gate log --agent router --kind verdict\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<LogFlags>();
  evalgate_v1::ListReleaseLogRequest& request = flags->request;
  command->add_option("--agent", *request.mutable_agent(), "only those of this agent");
  command->add_option("--kind", flags->kind, "only those about this")
      ->check(OneOf({"policy", "approval", "suite", "run", "verdict", "waiver"}));
  command->add_flag_callback(
      "--oldest-first", [&request] { request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST); },
      "in the order in which they were written");
  command->add_option("--limit", flags->limit, "how many at most")
      ->type_name("N")
      ->check(CLI::Range(1, kMostLogEntries).description(""))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "a ReleaseLogEntry a line, as JSON, with whole hashes");
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    flags->request.set_kind(LogKindOf(flags->kind));
    run = [flags] { return RunLog(*flags); };
  });
}

}  // namespace

void AddReleaseLogCommands(CLI::App& gate, Run& run) {
  AddVerifyLogCommand(gate, run);
  AddLogCommand(gate, run);
}

}  // namespace flywheel::cli
