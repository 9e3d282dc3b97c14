// `flywheel gate run`: asks an agent the cases of a suite, and has it judged.
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "cli/command.h"
#include "cli/gate_run/agent_process.h"
#include "cli/gate_run/begin_run.h"
#include "cli/gate_run/candidate.h"
#include "cli/gate_run/chat_endpoint.h"
#include "cli/gate_run/run_commands.h"
#include "cli/gate_run/run_loop.h"
#include "cli/gate_run/stop_signal.h"
#include "cli/table.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kCommandTimeout = absl::Minutes(10);
constexpr absl::Duration kEndpointTimeout = absl::Seconds(60);
constexpr int kMostAgents = 256;
constexpr int kMostRetries = 100;

struct RunFlags {
  CandidateFlags candidate;
  std::string command;
  ChatEndpointOptions endpoint;
  std::string key_variable;
  std::string body;
  // Not set: as the kind of agent has it.
  std::optional<absl::Duration> timeout;
  int concurrency = 4;
  std::optional<double> most_usd;
};

std::unique_ptr<Agent> MakeAgent(const RunFlags& flags) {
  if (!flags.command.empty()) {
    return std::make_unique<AgentProcess>(flags.command, flags.timeout.value_or(kCommandTimeout));
  }
  ChatEndpointOptions options = flags.endpoint;
  options.timeout = flags.timeout.value_or(kEndpointTimeout);
  return std::make_unique<ChatEndpoint>(std::move(options));
}

// What is still to be asked, the first attempts of all cases first.
absl::StatusOr<std::vector<Question>> OpenQuestions(const GateClient& client,
                                                    const BegunRun& begun) {
  OpenAttempts open(begun.run.attempts_per_case());
  if (begun.resumed) {
    ASSIGN_OR_RETURN(open, OpenAttempts::Of(client, begun.run));
  }
  std::vector<std::shared_ptr<const evalgate::v1::SuiteCase>> cases;
  RETURN_IF_ERROR(client.ReadCases(begun.run.suite_id(), [&](evalgate::v1::SuiteCase one) {
    cases.push_back(std::make_shared<const evalgate::v1::SuiteCase>(std::move(one)));
  }));
  std::vector<Question> questions;
  for (int attempt = 1; attempt <= begun.run.attempts_per_case(); ++attempt) {
    for (const auto& one : cases) {
      if (open.IsOpen(one->case_id(), attempt)) questions.push_back({one, attempt});
    }
  }
  return questions;
}

// How to go on, after whatever kept the run from its end.
void SayHowToGoOn(const evalgate::v1::Run& run) {
  fmt::print(stderr,
             "The run '{}' stays open, and what was answered is kept: the same command goes on.\n",
             Printable(run.run_id()));
}

void SayWhatWasAsked(const RunTally& tally) {
  std::string text = fmt::format("{} answered, {} of them errors", WithThousands(tally.answered),
                                 WithThousands(tally.errors));
  if (tally.infrastructure_errors > 0) {
    text += fmt::format("; {} failed by the infrastructure",
                        WithThousands(tally.infrastructure_errors));
  }
  if (tally.cost_usd > 0) text += fmt::format("; ${:.4f}", tally.cost_usd);
  fmt::print(stderr, "{}\n", text);
}

// Asks what is open.
absl::StatusOr<RunTally> AskAll(const GateClient& client, const RunFlags& flags,
                                const BegunRun& begun) {
  ASSIGN_OR_RETURN(std::vector<Question> questions, OpenQuestions(client, begun));
  if (begun.resumed) {
    fmt::print(stderr, "run '{}' goes on: {} of {} attempts are open\n",
               Printable(begun.run.run_id()), WithThousands(static_cast<int64_t>(questions.size())),
               WithThousands(begun.run.attempts()));
  }
  Submitter submitter(client, begun.run.run_id());
  submitter.CountRefusedAnswersAsErrors();
  RunLoop loop({.concurrency = flags.concurrency,
                .most_usd = flags.most_usd,
                .make_agent = [&flags] { return MakeAgent(flags); }},
               std::move(questions), submitter);
  ASSIGN_OR_RETURN(const RunTally tally, loop.Run());
  SayWhatWasAsked(tally);
  for (const std::string& line : submitter.submitted().first) {
    fmt::print(stderr, "{}\n", Printable(line));
  }
  return tally;
}

// Whether the user, or what the user wants to pay, kept the run from its end; says so then.
bool Stopped(const RunTally& tally) {
  if (tally.end == RunLoopEnd::kStoppedByUser) {
    fmt::print(stderr, "error: stopped before the end.\n");
  } else if (tally.end == RunLoopEnd::kCostReached) {
    fmt::print(stderr, "error: --max-cost is reached: ${:.4f} were spent.\n", tally.cost_usd);
  } else {
    return false;
  }
  return true;
}

int RunRun(const RunFlags& flags) {
  StopSignal::Install();
  const std::string& address = flags.candidate.target.address;
  const auto client = GateClient::Open(flags.candidate.target, flags.candidate.project);
  if (!client.ok()) return Fail(client.status(), address);
  const auto candidate = BeginCandidate(*client, flags.candidate);
  if (!candidate.ok()) return Fail(candidate.status(), address);
  if (!candidate->why_not_judged.empty()) return TellWhyNotJudged(flags.candidate, *candidate);
  const evalgate::v1::Run& run = candidate->begun.run;
  if (run.state() == evalgate::v1::RUN_STATE_FINISHED) {
    fmt::print(stderr, "run '{}' is finished already: nothing is asked\n", Printable(run.run_id()));
    return FinishAndJudge(*client, flags.candidate, *candidate);
  }
  const auto asked = AskAll(*client, flags, candidate->begun);
  const int code = asked.ok() ? kExitFailed : Fail(asked.status(), address);
  if (!asked.ok() || Stopped(*asked)) {
    SayHowToGoOn(run);
    return code;
  }
  return FinishAndJudge(*client, flags.candidate, *candidate, asked->infrastructure_error);
}

void AddAgentFlags(CLI::App& command, RunFlags& flags) {
  CLI::Option* const line_command =
      command.add_option("--command", flags.command,
                         "the agent is this shell command; see below what it reads and writes");
  CLI::Option* const url = command.add_option(
      "--openai-url", flags.endpoint.url,
      "the agent is a model behind OpenAI's chat completions: asked at URL/chat/completions");
  url->excludes(line_command);
  command.add_option("--model", flags.endpoint.model, "the model that the endpoint is asked for")
      ->needs(url);
  command
      .add_option("--api-key-env", flags.key_variable,
                  "the environment variable with the endpoint's key. Default: no key")
      ->type_name("NAME")
      ->needs(url);
  command
      .add_option("--request-body", flags.body,
                  "a JSON object whose members go into every request, such as "
                  "'{\"temperature\": 0}'")
      ->type_name("JSON")
      ->needs(url);
  command
      .add_option("--retries", flags.endpoint.retries,
                  "how often the endpoint is asked again after 429, 5xx, a timeout or a lost\n"
                  "connection, after growing random waits and no sooner than Retry-After says")
      ->needs(url)
      ->check(CLI::Range(0, kMostRetries).description(""))
      ->capture_default_str();
  command
      .add_option("--input-price", flags.endpoint.input_price,
                  "US dollars a million tokens that the model reads")
      ->needs(url);
  command
      .add_option("--output-price", flags.endpoint.output_price,
                  "US dollars a million tokens that it writes")
      ->needs(url);
  command.add_option_function<std::string>(
      "--timeout",
      [&flags](const std::string& text) {
        absl::Duration timeout;
        if (!absl::ParseDuration(text, &timeout) || timeout <= absl::ZeroDuration()) {
          throw CLI::ValidationError("--timeout", "got '" + text + "', want such as 90s or 5m");
        }
        flags.timeout = timeout;
      },
      "how long an answer may take. Default: 60s of an endpoint, 10m of a command");
  command.add_option("--concurrency", flags.concurrency, "so many questions are open at once")
      ->check(CLI::Range(1, kMostAgents).description(""))
      ->capture_default_str();
  command.add_option("--max-cost", flags.most_usd,
                     "ask no more once the answers of this call cost so many US dollars");
}

// What parsing cannot check.
void CheckRunFlags(RunFlags& flags) {
  if (flags.command.empty() == flags.endpoint.url.empty()) {
    throw CLI::RequiredError("--command or --openai-url");
  }
  if (!flags.endpoint.url.empty() && flags.endpoint.model.empty()) {
    throw CLI::RequiredError("--model");
  }
  const bool priced = flags.endpoint.input_price || flags.endpoint.output_price;
  if (flags.most_usd && flags.command.empty() && !priced) {
    throw CLI::ValidationError("--max-cost", "want --input-price and --output-price too");
  }
  if (!flags.key_variable.empty()) {
    const char* const key = std::getenv(flags.key_variable.c_str());
    if (key == nullptr || *key == '\0') {
      throw CLI::ValidationError("--api-key-env",
                                 "got '" + flags.key_variable + "', which is not set");
    }
    flags.endpoint.key = key;
    for (const char c : flags.endpoint.key) {
      if (c > ' ' && c < 0x7f) continue;
      throw CLI::ValidationError("--api-key-env", "its value is no printable ASCII");
    }
  }
  if (flags.body.empty()) return;
  flags.endpoint.body = nlohmann::ordered_json::parse(flags.body, nullptr, false);
  if (!flags.endpoint.body.is_object()) {
    throw CLI::ValidationError("--request-body", "want a JSON object");
  }
}

}  // namespace

void AddGateRunCommand(CLI::App& gate, Run& run) {
  CLI::App* const command = gate.add_subcommand(
      "run",
      "Asks an agent the cases of a suite, submits what it answers as it comes, finishes the run\n"
      "and has the version judged. The agent runs here: no provider's key enters the gate. The\n"
      "same command again goes on where it ended: what is answered is not asked again.");
  command->footer(
      std::string(
          "The command of --command is started --concurrency times and kept open. It reads a JSON "
          "line\n"
          "a case: {\"case_id\", \"attempt\", \"input\", \"messages\", \"tools\", \"contexts\"}. "
          "It "
          "writes a JSON\n"
          "line: {\"output\": TEXT}, {\"messages\": [...]}, {\"tool_calls\": [...]}, {\"error\": "
          "TEXT} where it\n"
          "has no answer, or {\"infrastructure_error\": TEXT} where nobody can know its answer; "
          "beside it\n"
          "latency_ms, input_tokens, output_tokens, cost_usd, contexts and external_grades, as it "
          "likes.\n"
          "One that ends after its answer is started again. Where it ends without one, or writes "
          "no\n"
          "such line, that is its error and the case fails. Where it took too long or was killed, "
          "that\n"
          "is an error of the infrastructure: the next call asks again. Ten faults in a row stop "
          "the\n"
          "run, and those of the agent among them count for nothing: the first answer to a case "
          "stays.\n"
          "\n"
          "Example: flywheel gate run --suite refunds --agent router --candidate v2 \\\n"
          "           --command './answer --model v2' --markdown summary.md\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<RunFlags>();
  AddCandidateFlags(*command, flags->candidate);
  AddAgentFlags(*command, *flags);
  AddVerdictFlags(*command, flags->candidate);
  command->callback([flags, command, &run] {
    CheckRunFlags(*flags);
    CheckCandidateFlags(*command, flags->candidate);
    run = [flags] { return RunRun(*flags); };
  });
}

}  // namespace flywheel::cli
