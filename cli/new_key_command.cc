#include <fmt/format.h>
#include <openssl/rand.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "cli/command.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/api_keys.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

// So that a scanner for secrets, and whoever finds one, knows what it is.
constexpr char kPrefix[] = "fwk_";
constexpr size_t kRandomBytes = 32;

struct NewKeyFlags {
  std::string id;
  std::string project;
  std::string roles;
  std::string expires;
};

absl::StatusOr<std::string> RandomKey() {
  unsigned char random[kRandomBytes];
  if (RAND_bytes(random, sizeof(random)) != 1) return errors::Internal("no random bytes");
  return kPrefix +
         absl::WebSafeBase64Escape({reinterpret_cast<const char*>(random), sizeof(random)});
}

absl::Status MakeKey(const NewKeyFlags& flags) {
  ASSIGN_OR_RETURN(const std::string key, RandomKey());
  std::string line =
      fmt::format("{}  sha256:{}  {}  {}", flags.id, Sha256Hex(key), flags.project, flags.roles);
  if (!flags.expires.empty()) line += "  expires=" + flags.expires;
  RETURN_IF_ERROR(rpc::ApiKeys::CheckLine(line));
  // Apart, so that each can go to its own file.
  std::fprintf(stderr, "%s\n", key.c_str());
  RETURN_IF_ERROR(WriteOutput(line + "\n"));
  return FlushOutput();
}

int RunNewKey(const NewKeyFlags& flags) {
  const absl::Status status = MakeKey(flags);
  return status.ok() ? kExitOk : Fail(status);
}

}  // namespace

void AddNewKeyCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "new-key",
      "Makes an API key of 256 random bits. Its line for --api-keys-file, which holds its\n"
      "SHA-256 alone, goes to standard output; the key itself, which nothing else knows, to\n"
      "standard error.");
  command->footer(
      std::string("Example: flywheel new-key agent-prod --project acme --roles ingest=writer \\\n"
                  "             >> keys.txt 2> agent-prod.key\n"
                  "then send the services SIGHUP.\n") +
      kExitCodesHelp);
  const auto flags = std::make_shared<NewKeyFlags>();
  command
      ->add_option("ID", flags->id,
                   "its name, of a program rather than a person: it stands in what the key makes")
      ->required();
  command->add_option("--project", flags->project, "the project, or * for every one")->required();
  command
      ->add_option("--roles", flags->roles,
                   "reader, trainer, writer, operator, service or owner; for one service as in\n"
                   "ingest=writer; several with commas between")
      ->required();
  command->add_option("--expires", flags->expires,
                      "when it ends, such as 2027-01-01T00:00:00Z; default: never");
  command->callback([flags, &run] { run = [flags] { return RunNewKey(*flags); }; });
}

}  // namespace flywheel::cli
