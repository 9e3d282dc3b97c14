#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/evaluator_flag.h"
#include "cli/labels.h"
#include "cli/message_json.h"
#include "cli/suite_commands.h"
#include "cli/suite_files/read_suite_file.h"
#include "cli/suite_files/suite_upload_call.h"
#include "cli/table.h"
#include "shared/ids/id.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::UploadedCase;

// So that its hash has a place behind it in a suite's id.
constexpr size_t kMostNameBytes = 115;
// Of places where something was left out.
constexpr size_t kShownPlaces = 3;

struct SuiteCreateFlags {
  std::string file;
  evalgate::v1::SuiteHeader header;
  std::vector<std::string> evaluators, labels;
  SuiteFileOptions options;
  bool dry_run = false;
  rpc::Target target;
  std::string project;
  bool json = false;
};

// Those of the flags in the place of the file's; checks of cases are always looked at.
absl::Status ChooseEvaluators(const SuiteCreateFlags& flags, SuiteFile& file) {
  if (flags.evaluators.empty()) return absl::OkStatus();
  file.evaluators.clear();
  bool checks = false;
  for (const std::string& text : flags.evaluators) {
    ASSIGN_OR_RETURN(EvaluatorSpec spec, EvaluatorOf(text));
    checks = checks || spec.kind() == "checks";
    file.evaluators.push_back(std::move(spec));
  }
  const bool wanted = std::any_of(file.cases.begin(), file.cases.end(),
                                  [](const UploadedCase& one) { return !one.checks().empty(); });
  if (wanted && !checks) file.evaluators.emplace_back().set_kind("checks");
  return absl::OkStatus();
}

void SayWhatIsLeftOut(const SuiteFile& file) {
  for (const auto& [what, places] : file.left_out) {
    const size_t shown = std::min(places.size(), kShownPlaces);
    std::string where;
    for (size_t i = 0; i < shown; ++i) where += (i == 0 ? "" : ", ") + places[i];
    if (shown < places.size()) where += fmt::format(" and {} more", places.size() - shown);
    std::fprintf(stderr, "left out: %s: %s (%s)\n", Printable(what.first).c_str(),
                 Printable(what.second).c_str(), Printable(where).c_str());
  }
}

// "1 case", "2 cases".
std::string Counted(int64_t count, const char* thing) {
  return fmt::format("{} {}{}", WithThousands(count), thing, count == 1 ? "" : "s");
}

// Checks of what comes with an answer fail where it does not come, which no reader of the file
// sees.
void SayWhatAnswersMustSay(const SuiteFile& file) {
  int64_t cost = 0, tokens = 0;
  for (const UploadedCase& one : file.cases) {
    for (const EvaluatorSpec& check : one.checks()) {
      cost += check.kind() == "cost" ? 1 : 0;
      tokens += check.kind() == "tokens" ? 1 : 0;
    }
  }
  const auto say = [](int64_t checks, const char* kind, const char* figures, const char* flags) {
    if (checks == 0) return;
    std::fprintf(stderr,
                 "note: %s of %s fail where the agent does not say %s; of --openai-url %s\n",
                 Counted(checks, "check").c_str(), kind, figures, flags);
  };
  say(cost, "cost", "cost_usd", "it is known where --input-price and --output-price are given");
  say(tokens, "tokens", "input_tokens and output_tokens", "they come by themselves");
}

// `faults` are the first of `count`.
int SayFaults(const std::vector<std::string>& faults, int64_t count) {
  for (const std::string& fault : faults) {
    std::fprintf(stderr, "error: %s\n", Printable(fault).c_str());
  }
  const auto told = static_cast<int64_t>(faults.size());
  if (count > told) {
    std::fprintf(stderr, "error: %s more\n", Counted(count - told, "fault").c_str());
  }
  std::fprintf(stderr, "Nothing was uploaded: mend the file, then upload it.\n");
  return kExitFailed;
}

// "50 cases, 3 cohorts, judged by normalised, checks".
std::string CasesText(const SuiteFile& file) {
  std::set<std::string> cohorts, groups;
  int64_t critical = 0;
  for (const UploadedCase& one : file.cases) {
    if (!one.cohort().empty()) cohorts.insert(one.cohort());
    if (!one.group().empty()) groups.insert(one.group());
    critical += one.critical() ? 1 : 0;
  }
  std::vector<std::string> judges;
  for (const EvaluatorSpec& one : file.evaluators) judges.push_back(one.kind());
  std::string text = Counted(static_cast<int64_t>(file.cases.size()), "case");
  if (!cohorts.empty()) text += ", " + Counted(static_cast<int64_t>(cohorts.size()), "cohort");
  if (!groups.empty()) text += ", " + Counted(static_cast<int64_t>(groups.size()), "group");
  if (critical > 0) text += fmt::format(", {} critical", WithThousands(critical));
  text += fmt::format(", judged by {}", fmt::join(judges, ", "));
  if (file.tests_left_out > 0) {
    text += fmt::format("; {} left out", Counted(file.tests_left_out, "test"));
  }
  return text;
}

int Upload(const SuiteCreateFlags& flags, const SuiteFile& file) {
  evalgate::v1::SuiteHeader header = flags.header;
  for (const EvaluatorSpec& one : file.evaluators) *header.add_evaluators() = one;
  if (header.suite_id().empty()) header.set_suite_id(SuiteIdOf(header, file.cases));
  const auto channel = rpc::Channel::Open(flags.target);
  if (!channel.ok()) return Fail(channel.status(), flags.target.address);
  const auto uploaded = UploadSuite(*channel, flags.project, header, file.cases);
  if (!uploaded.ok()) {
    if (const std::vector<std::string> faults = FaultsInFile(uploaded.status(), file);
        !faults.empty()) {
      return SayFaults(faults, static_cast<int64_t>(faults.size()));
    }
    const int code = Fail(uploaded.status(), flags.target.address);
    for (const std::string& place : PlacesNamedIn(errors::MessageOf(uploaded.status()), file)) {
      std::fprintf(stderr, "  %s\n", Printable(place).c_str());
    }
    return code;
  }
  const evalgate::v1::Suite& suite = uploaded->suite();
  if (flags.json) {
    const absl::StatusOr<std::string> answer = MessageJson(*uploaded, "an answer");
    if (!answer.ok()) return Fail(answer.status());
    const absl::Status output = WriteOutput(*answer + "\n");
    return output.ok() ? kExitOk : Fail(output);
  }
  fmt::print("suite {}{}: version {} of '{}' for agent '{}'; {}\n", suite.suite_id(),
             uploaded->replayed() ? " was there already" : "", suite.suite_version(),
             suite.suite_name(), suite.agent(), CasesText(file));
  return kExitOk;
}

int RunSuiteCreate(const SuiteCreateFlags& flags) {
  absl::StatusOr<SuiteFile> file = ReadSuiteFile(flags.file, flags.options);
  if (!file.ok()) return Fail(file.status());
  SayWhatIsLeftOut(*file);
  if (!file->faults.empty()) return SayFaults(file->faults, file->fault_count);
  if (file->cases.empty()) {
    std::fprintf(stderr, "error: %s has no case that the gate can judge.\n", flags.file.c_str());
    return kExitFailed;
  }
  SayWhatAnswersMustSay(*file);
  if (const absl::Status chosen = ChooseEvaluators(flags, *file); !chosen.ok()) return Fail(chosen);
  if (!flags.dry_run) return Upload(flags, *file);
  fmt::print("nothing was uploaded; it would be {}\n", CasesText(*file));
  return kExitOk;
}

void AddSuiteCreateFlags(CLI::App& command, SuiteCreateFlags& flags) {
  command.add_option("FILE", flags.file, "the cases")->required()->check(IsFile());
  command.add_option("--agent", *flags.header.mutable_agent(), "whose versions it judges")
      ->required();
  command
      .add_option("--name", *flags.header.mutable_suite_name(),
                  "the suite's name: the next upload of that name is its next version")
      ->required();
  command.add_option("--id", *flags.header.mutable_suite_id(),
                     "the suite's id; default: its name and a hash of its content");
  command
      .add_option("--format", flags.options.format,
                  "how the file is written; default: promptfoo for YAML, else cases")
      ->type_name(fmt::format("{}", fmt::join(SuiteFileFormats(), "|")))
      ->check(OneOf(SuiteFileFormats()));
  command
      .add_option(
          "--evaluator", flags.evaluators,
          "how outputs are judged, in place of what the file says: a kind, or JSON\n"
          "as a case's checks have it; may be repeated. Tests that say nothing of what is right "
          "are kept then")
      ->allow_extra_args(false);
  command.add_option("--prompt", flags.options.prompt,
                     "which of several prompts of a promptfoo configuration is asked: its place "
                     "from 1,\nor its label");
  command
      .add_option("--eval-class", flags.options.eval_class,
                  "which class of OpenAI's evals judges the samples")
      ->type_name("Match|Includes|FuzzyMatch|JsonMatch")
      ->check(OneOf({"Match", "Includes", "FuzzyMatch", "JsonMatch"}))
      ->capture_default_str();
  command.add_option("--ask", flags.options.templates.ask,
                     "of rows: what is asked, such as '{{item.question}}', or messages as JSON");
  command.add_option("--ideal", flags.options.templates.ideal,
                     "of rows: what would be right, such as '{{item.answer}}'");
  command.add_option("--cohort-label", flags.options.cohort_label,
                     "the label whose value is the cohort of a case that has none");
  AddLabelFlag(command, flags.labels, "a label of the suite, NAME=VALUE; may be repeated");
  command.add_flag("--dry-run", flags.dry_run,
                   "only read the file, and say what would be uploaded");
  command.add_flag("--json", flags.json, "print the UploadSuiteResponse as JSON");
}

}  // namespace

void AddSuiteCreateCommand(CLI::App& suite, Run& run) {
  CLI::App* const command = suite.add_subcommand(
      "create",
      "Makes a suite of the cases of a file. What is wrong with the file is named by its line,\n"
      "and then nothing is uploaded; what the gate cannot judge is named and left out. Cases that\n"
      "the project's models were trained on are refused. The same file again makes nothing new.\n"
      "  cases         JSON lines {\"input\" or \"messages\", \"ideal\", \"expected_tool_calls\", "
      "\"checks\",\n"
      "                \"contexts\", \"tools\", \"cohort\", \"group\", \"critical\", \"labels\", "
      "\"id\"}, or CSV\n"
      "  promptfoo     a configuration: its tests, with the assertions that evaluators can judge\n"
      "  openai-evals  samples {\"input\", \"ideal\"} of OpenAI's evals\n"
      "  deepeval      goldens of a dataset: JSON, JSON lines or CSV\n"
      "  inspect       samples of a dataset: JSON, JSON lines or CSV\n"
      "  rows          rows of whatever form, read by --ask and --ideal: JSON lines, JSON or CSV");
  command->footer(
      std::string(
          "Example: flywheel gate suite create cases.jsonl --agent support --name smoke\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<SuiteCreateFlags>();
  AddSuiteCreateFlags(*command, *flags);
  AddAddressFlags(*command, {{Service::kEvalGate, &flags->target.address}});
  AddCredentialFlags(*command, flags->target);
  AddProjectFlag(*command, flags->project);
  command->callback([flags, &run] {
    TakeLabels(flags->labels, *flags->header.mutable_labels());
    const std::string& name = flags->header.suite_name();
    if (!IsValidId(name) || name.size() > kMostNameBytes) {
      throw CLI::ValidationError(
          "--name", fmt::format("got '{}', want 1 to {} characters of A-Z a-z 0-9 . _ : -", name,
                                kMostNameBytes));
    }
    if ((flags->options.format == "rows") == flags->options.templates.ask.empty()) {
      throw CLI::ValidationError("--ask", "want it with --format rows, and with no other");
    }
    // What the file does not say of being right, the named evaluators may know.
    flags->options.keep_unjudged = !flags->evaluators.empty();
    run = [flags] { return RunSuiteCreate(*flags); };
  });
}

}  // namespace flywheel::cli
