#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/time/clock.h"
#include "cli/command.h"
#include "cli/conversation.h"
#include "cli/health.h"
#include "cli/importer.h"
#include "cli/table.h"
#include "shared/files/files.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

constexpr char kTauBench[] = "tau-bench";
constexpr char kOpenAiChat[] = "openai-chat";
constexpr absl::Duration kHealthTimeout = absl::Seconds(5);
constexpr absl::Duration kProgressInterval = absl::Seconds(2);

struct ImportFlags {
  std::string file;
  std::string format;
  ConversationLabels labels;
  rpc::Target target;
  std::string project;
  bool json = false;
};

nlohmann::json ToJson(const ItemCounts& counts) {
  return {{"stored", counts.stored},
          {"replayed", counts.replayed},
          {"conflicts", counts.conflicts},
          {"rejected", counts.rejected}};
}

std::string ToJson(const ImportSummary& summary) {
  nlohmann::json problems = nlohmann::json::array();
  for (const ImportProblem& problem : summary.problems) {
    problems.push_back({{"id", problem.id},
                        {"outcome", problem.outcome},
                        {"reason", problem.reason},
                        {"message", problem.message}});
  }
  const nlohmann::json object = {{"interactions", ToJson(summary.interactions)},
                                 {"signals", ToJson(summary.signals)},
                                 {"tool_calls", summary.tool_calls},
                                 {"problems", problems}};
  return object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

void Print(const ImportSummary& summary) {
  std::printf("%s\n", Describe(summary).c_str());
  if (summary.problems.empty()) return;
  Table table({{"ID"}, {"OUTCOME"}, {"REASON"}, {"MESSAGE"}});
  for (const ImportProblem& problem : summary.problems) {
    table.AddRow({problem.id, problem.outcome, problem.reason, problem.message});
  }
  std::printf("The first that were not taken:\n%s", table.Format().c_str());
  if (summary.interactions.conflicts + summary.signals.conflicts > 0) {
    std::printf(
        "A conflict is stored with other content: imported before with another --agent or "
        "--model-version?\n");
  }
}

// Says on standard error how far a long import is, and what it waits for. `answered` gets the
// number of items that the server has answered, and outlives the import.
ImporterOptions OptionsWithProgress(const ImportFlags& flags, size_t& answered) {
  ImporterOptions options;
  options.project = flags.project;
  options.on_progress = [&answered, last = absl::Now()](size_t done, size_t total) mutable {
    answered = done;
    if (done == total || absl::Now() - last < kProgressInterval) return;
    last = absl::Now();
    std::fprintf(stderr, "sent %s of %s items\n", WithThousands(done).c_str(),
                 WithThousands(total).c_str());
  };
  options.retry.on_retry = [](const absl::Status& status, absl::Duration delay) {
    std::fprintf(stderr, "waiting %.1f s, then sending again: %s\n", absl::ToDoubleSeconds(delay),
                 Printable(errors::MessageOf(status)).c_str());
  };
  return options;
}

// The importer waits for a service that restarts; of one that was never started the user hears at
// once.
absl::StatusOr<rpc::Channel> Reach(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  RETURN_IF_ERROR(CheckHealth(channel, kHealthTimeout));
  return channel;
}

// Whether a failed import may have stored something, or stores it once the server is back.
bool GoesOnWhenSentAgain(const absl::Status& status, size_t answered) {
  return answered > 0 || absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         errors::RetryDelayOf(status).has_value();
}

// Reads the file's text, and says on standard error what is wrong with it.
absl::StatusOr<std::vector<Conversation>> Read(const ImportFlags& flags, const std::string& text) {
  const bool is_tau_bench = flags.format == kTauBench;
  auto conversations = ReadConversations(
      text, flags.file,
      is_tau_bench ? ConversationFormat::kTauBench : ConversationFormat::kOpenAiChat, flags.labels);
  if (conversations.ok()) return conversations;
  Fail(conversations.status());
  const auto other = ReadConversations(
      text, flags.file,
      is_tau_bench ? ConversationFormat::kOpenAiChat : ConversationFormat::kTauBench, flags.labels);
  if (other.ok()) {
    std::fprintf(stderr, "The file reads well as the other format: --format %s.\n",
                 is_tau_bench ? kOpenAiChat : kTauBench);
  }
  return conversations;
}

int RunImport(const ImportFlags& flags) {
  const auto text = ReadFile(flags.file);
  if (!text.ok()) {
    return Fail(errors::InvalidConfiguration(
        "FILE", fmt::format("'{}', which cannot be read", flags.file), "a readable file"));
  }
  const auto conversations = Read(flags, *text);
  if (!conversations.ok()) return kExitFailed;
  const auto channel = Reach(flags.target);
  if (!channel.ok()) return Fail(channel.status(), flags.target.address);
  size_t answered = 0;
  const auto summary =
      Importer(*channel, OptionsWithProgress(flags, answered)).Import(*conversations);
  if (!summary.ok()) {
    const int code = Fail(summary.status(), flags.target.address);
    if (GoesOnWhenSentAgain(summary.status(), answered)) {
      std::fprintf(stderr, "What was stored stays stored: import again, and the rest follows.\n");
    }
    return code;
  }
  if (flags.json) {
    std::fputs(ToJson(*summary).c_str(), stdout);
  } else {
    Print(*summary);
  }
  return summary->clean() ? kExitOk : kExitFailed;
}

}  // namespace

void AddImportCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "import",
      "Stores recorded conversations in ingest, an interaction a turn, each with all that was\n"
      "said before it. Ids come from the file, so importing again with the same flags stores "
      "nothing\n"
      "twice. A reward is a measurement of the last turn, which 'flywheel status' shows: it makes\n"
      "no row of a dataset.\n"
      "  tau-bench    a JSON array of runs {task_id, trial, reward, info, traj}\n"
      "  openai-chat  JSON lines or an array of {\"messages\": [...]}, and optionally \"id\",\n"
      "               \"user\", \"tools\", \"reward\" and \"created\" (seconds since 1970; else\n"
      "               2000-01-01)");
  command->footer(std::string("Example: flywheel import gpt-4o-airline.json --format tau-bench\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<ImportFlags>();
  command->add_option("FILE", flags->file, "what to import")->required()->check(IsFile());
  command->add_option("--format", flags->format, "how the file is written")
      ->required()
      ->type_name("tau-bench|openai-chat")
      ->check(OneOf({kTauBench, kOpenAiChat}));
  command->add_option("--agent", flags->labels.agent,
                      "the agent's name; default: tau-bench-DOMAIN, or openai-chat");
  command->add_option("--model-version", flags->labels.model_version,
                      "the version that answered; part of tau-bench ids");
  command->add_flag("--json", flags->json, "print the summary as one JSON object");
  AddAddressFlags(*command, {{Service::kIngest, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] { run = [flags] { return RunImport(*flags); }; });
}

}  // namespace flywheel::cli
