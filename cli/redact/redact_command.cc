// `flywheel redact`: what would be stored of a file, without a service.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/redact/redacted_file.h"
#include "redaction/redaction_config.h"
#include "shared/files/files.h"
#include "shared/rpc/flags.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

// As grep and diff have them: scripts ask whether there is anything.
constexpr int kExitFound = 1;
constexpr int kExitRedactError = 2;

struct RedactFlags {
  std::string file;
  std::string config_file;
  bool explain = false;
  bool json = false;
  bool check = false;
};

absl::StatusOr<std::string> ReadStandardInput() {
  std::string content;
  char bytes[1 << 16];
  size_t size = 0;
  while ((size = std::fread(bytes, 1, sizeof(bytes), stdin)) > 0) content.append(bytes, size);
  if (std::ferror(stdin) != 0) return errors::StorageUnavailable("standard input took no reading");
  return content;
}

absl::StatusOr<RedactedFile> ReadAndRedact(const RedactFlags& flags) {
  redaction::RedactionConfig config;
  if (!flags.config_file.empty()) {
    ASSIGN_OR_RETURN(config, redaction::ReadRedactionConfig(flags.config_file));
  }
  ASSIGN_OR_RETURN(const redaction::PiiDetector detector, redaction::PiiDetector::Make(config));
  std::string content;
  if (flags.file == "-") {
    ASSIGN_OR_RETURN(content, ReadStandardInput());
  } else {
    ASSIGN_OR_RETURN(content, ReadFile(flags.file));
  }
  return RedactFileText(detector, content);
}

absl::StatusOr<int> Redact(const RedactFlags& flags) {
  ASSIGN_OR_RETURN(const RedactedFile file, ReadAndRedact(flags));
  if (flags.json) {
    RETURN_IF_ERROR(WriteOutput(ExplanationJson(file)));
  } else if (flags.explain) {
    RETURN_IF_ERROR(WriteOutput(ExplanationTable(file)));
  } else if (!flags.check) {
    RETURN_IF_ERROR(WriteOutput(file.text));
  }
  RETURN_IF_ERROR(FlushOutput());
  if (!flags.check || file.found.empty()) return kExitOk;
  std::fprintf(stderr, "%s holds %s; --explain says where.\n",
               flags.file == "-" ? "standard input" : flags.file.c_str(),
               FoundInWords(file).c_str());
  return kExitFound;
}

int RunRedact(const RedactFlags& flags) {
  const absl::StatusOr<int> code = Redact(flags);
  if (code.ok()) return *code;
  Fail(code.status());
  return kExitRedactError;
}

}  // namespace

void AddRedactCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "redact",
      "Prints a file as ingest would store its texts: personal data and secrets are replaced by\n"
      "placeholders, the same value by the same one. Runs here, with no service, and keeps\n"
      "nothing. JSON stays JSON; of JSONL each line is a record of its own.");
  command->footer(
      "Example: flywheel redact chat.jsonl > clean.jsonl\n"
      "  flywheel redact --explain chat.jsonl            what was found where, and by which\n"
      "                                                  recogniser\n"
      "  git diff | flywheel redact --check -            is there anything? 1: yes\n"
      "  flywheel redact --json ticket.txt | jq .found   for programs\n"
      "  flywheel redact --redaction-config-file redaction.json --explain sample.txt\n"
      "                                                  try your own recognisers before a "
      "service\n"
      "                                                  runs with them\n"
      "RECOGNISER is the name that \"disabled\" of a configuration takes; 'key' means that a key "
      "of\n"
      "JSON says so, 'answer' that the text before asks for it, 'known' that the same value is\n"
      "personal elsewhere in the file.\n"
      "Exit codes: 0 ok; with --check 1 where something was found; 2 an error or wrong usage.");
  const auto flags = std::make_shared<RedactFlags>();
  command->add_option("FILE", flags->file, "the file, UTF-8; - for standard input")->required();
  CLI::Option* const explain =
      command->add_flag("--explain", flags->explain,
                        "a table of what was found instead of the text; it shows values");
  command->add_flag("--json", flags->json, "the text and what was found as JSON; it shows values")
      ->excludes(explain);
  command->add_flag("--check", flags->check,
                    "print no text, and exit with 1 where something was found");
  rpc::AddFlag(*command, "--redaction-config-file", flags->config_file,
               "JSON with further recognisers and built-in ones to leave out, as services have it");
  command->callback([flags, &run] { run = [flags] { return RunRedact(*flags); }; });
}

}  // namespace flywheel::cli
