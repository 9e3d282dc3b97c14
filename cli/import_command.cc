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

struct FormatName {
  const char* name;
  ConversationFormat format;
};
constexpr FormatName kFormats[] = {{"tau-bench", ConversationFormat::kTauBench},
                                   {"openai-chat", ConversationFormat::kOpenAiChat},
                                   {"sharegpt", ConversationFormat::kShareGpt},
                                   {"langsmith", ConversationFormat::kLangSmith},
                                   {"langfuse", ConversationFormat::kLangfuse}};

struct AsName {
  const char* name;
  ImportedAs as;
};
constexpr AsName kAs[] = {{"imported", ImportedAs::kImported},
                          {"golden", ImportedAs::kGolden},
                          {"synthetic", ImportedAs::kSynthetic}};

constexpr absl::Duration kHealthTimeout = absl::Seconds(5);
constexpr absl::Duration kProgressInterval = absl::Seconds(2);

struct ImportFlags {
  std::string file;
  std::string format;
  std::string as = "imported";
  bool dry_run = false;
  bool strict = false;
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

std::string ToJson(const ImportSummary& summary, int64_t unread) {
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
                                 {"unread", unread},
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

ConversationFormat FormatOf(const std::string& name) {
  for (const FormatName& known : kFormats) {
    if (name == known.name) return known.format;
  }
  return ConversationFormat::kOpenAiChat;  // The flag takes no other name.
}

// Names the format in which the file can be read, where it was given as another.
void SayOtherFormat(const ImportFlags& flags, const std::string& text) {
  for (const FormatName& other : kFormats) {
    if (flags.format == other.name) continue;
    if (!ReadConversations(text, flags.file, other.format, flags.labels).ok()) continue;
    std::fprintf(stderr, "The file reads well as another format: --format %s.\n", other.name);
    return;
  }
}

// Reads the file's text, and says on standard error what is wrong with it.
absl::StatusOr<std::vector<Conversation>> Read(const ImportFlags& flags, const std::string& text,
                                               FileFaults& faults) {
  auto conversations = ReadConversations(text, flags.file, FormatOf(flags.format), flags.labels,
                                         flags.strict ? nullptr : &faults);
  if (!conversations.ok()) {
    Fail(conversations.status());
    SayOtherFormat(flags, text);
    return conversations;
  }
  for (const absl::Status& fault : faults.first) {
    std::fprintf(stderr, "left out: %s\n", Printable(errors::MessageOf(fault)).c_str());
  }
  if (faults.count > 0) {
    std::fprintf(stderr, "%s entries of the file are left out; --strict imports all or nothing.\n",
                 WithThousands(faults.count).c_str());
  }
  return conversations;
}

// What would be sent, as if the server had stored it.
ImportSummary SummaryOf(const std::vector<Conversation>& conversations) {
  ImportSummary summary;
  for (const Conversation& conversation : conversations) {
    summary.interactions.stored += static_cast<int64_t>(conversation.turns.size());
    summary.signals.stored += static_cast<int64_t>(conversation.signals.size());
    for (const auto& turn : conversation.turns) summary.tool_calls += ToolCalls(turn);
  }
  return summary;
}

int RunImport(const ImportFlags& flags) {
  const auto text = ReadFile(flags.file);
  if (!text.ok()) {
    return Fail(errors::InvalidConfiguration(
        "FILE", fmt::format("'{}', which cannot be read", flags.file), "a readable file"));
  }
  FileFaults faults;
  const auto conversations = Read(flags, *text, faults);
  if (!conversations.ok()) return kExitFailed;
  absl::StatusOr<ImportSummary> summary = SummaryOf(*conversations);
  if (flags.dry_run) {
    std::fprintf(stderr, "Nothing was sent; of %s conversations this would be:\n",
                 WithThousands(conversations->size()).c_str());
  } else {
    const auto channel = Reach(flags.target);
    if (!channel.ok()) return Fail(channel.status(), flags.target.address);
    size_t answered = 0;
    summary = Importer(*channel, OptionsWithProgress(flags, answered)).Import(*conversations);
    if (!summary.ok()) {
      const int code = Fail(summary.status(), flags.target.address);
      if (GoesOnWhenSentAgain(summary.status(), answered)) {
        std::fprintf(stderr, "What was stored stays stored: import again, and the rest follows.\n");
      }
      return code;
    }
  }
  if (flags.json) {
    std::fputs(ToJson(*summary, faults.count).c_str(), stdout);
  } else {
    Print(*summary);
  }
  return summary->clean() && faults.count == 0 ? kExitOk : kExitFailed;
}

template <typename Named, size_t kCount>
std::vector<std::string> NamesOf(const Named (&known)[kCount]) {
  std::vector<std::string> names;
  for (const Named& one : known) names.emplace_back(one.name);
  return names;
}

}  // namespace

void AddImportCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "import",
      "Stores recorded conversations in ingest, an interaction a turn, each with all that was\n"
      "said before it. Ids come from the file, so importing again with the same flags stores "
      "nothing\n"
      "twice, and goes on where an import broke off. What cannot be read is named and left out; "
      "then\n"
      "the exit code is 1. A reward or score is a measurement of the last turn, which\n"
      "'flywheel status' shows: it makes no row of a dataset.\n"
      "  tau-bench    a JSON array of runs {task_id, trial, reward, info, traj}\n"
      "  openai-chat  JSON lines or an array of {\"messages\": [...]}, as OpenAI and Hugging Face\n"
      "               have them, and optionally \"id\", \"user\", \"tools\", \"reward\" and\n"
      "               \"created\" (seconds since 1970; else 2000-01-01)\n"
      "  sharegpt     the same of {\"conversations\": [{\"from\", \"value\"}]}, and optionally\n"
      "               \"id\", \"system\" and \"tools\"\n"
      "  langsmith    the same of runs or examples {\"id\", \"inputs\", \"outputs\"}; each is a "
      "turn\n"
      "  langfuse     the same of traces or observations {\"id\", \"input\", \"output\"}; each is "
      "a turn");
  command->footer(std::string("Example: flywheel import gpt-4o-airline.json --format tau-bench\n") +
                  kExitCodesHelp);
  const auto flags = std::make_shared<ImportFlags>();
  command->add_option("FILE", flags->file, "what to import")->required()->check(IsFile());
  command->add_option("--format", flags->format, "how the file is written")
      ->required()
      ->type_name("tau-bench|openai-chat|sharegpt|langsmith|langfuse")
      ->check(OneOf(NamesOf(kFormats)));
  command
      ->add_option("--as", flags->as,
                   "what the conversations are: of users, examples by experts, or examples by a "
                   "program; every turn of examples is accepted by staff, and so becomes a row")
      ->type_name("imported|golden|synthetic")
      ->check(OneOf(NamesOf(kAs)))
      ->capture_default_str();
  command->add_option("--agent", flags->labels.agent,
                      "the agent's name; default: tau-bench-DOMAIN, or the format's name");
  command->add_option("--model-version", flags->labels.model_version,
                      "the version that answered; part of tau-bench ids");
  command->add_flag("--dry-run", flags->dry_run,
                    "only read the file, and say what would be stored");
  command->add_flag("--strict", flags->strict, "store nothing where anything cannot be read");
  command->add_flag("--json", flags->json, "print the summary as one JSON object");
  AddAddressFlags(*command, {{Service::kIngest, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    for (const AsName& known : kAs) {
      if (flags->as == known.name) flags->labels.as = known.as;
    }
    run = [flags] { return RunImport(*flags); };
  });
}

}  // namespace flywheel::cli
