// Flags, exit codes and error output that every subcommand of `flywheel` shares.
#ifndef FLYWHEEL_CLI_COMMAND_H_
#define FLYWHEEL_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "cli/local_services.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {

// Exit codes of every subcommand; kExitCodesHelp tells them to users.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitDown = 3;
inline constexpr int kExitBlocked = 4;
inline constexpr int kExitInconclusive = 5;
inline constexpr int kExitNotJudged = 6;

inline constexpr char kExitCodesHelp[] =
    "Exit codes: 0 ok; 1 it failed; 2 wrong usage; 3 a service is not reachable. Of verdict and "
    "of\n"
    "gate run, submit and check: 0 PASS; 4 BLOCK; 5 INCONCLUSIVE; 6 not judged, or the agent has "
    "no\n"
    "release policy. Of experiment watch: 0 SHIP stands for a treatment; else 4 ROLLBACK does; "
    "else 5.";

// Set by the subcommand that the user chose; main calls it after parsing.
using Run = std::function<int()>;

// Each adds one subcommand with its flags and help to `app`.
void AddUpCommand(CLI::App& app, Run& run);
void AddHealthCommand(CLI::App& app, Run& run);
void AddStatusCommand(CLI::App& app, Run& run);
void AddImportCommand(CLI::App& app, Run& run);
void AddVerdictCommand(CLI::App& app, Run& run);
void AddGateCommand(CLI::App& app, Run& run);
void AddExperimentCommand(CLI::App& app, Run& run);
void AddBuildCommand(CLI::App& app, Run& run);
void AddCandidatesCommand(CLI::App& app, Run& run);
void AddExportCommand(CLI::App& app, Run& run);
void AddVersionsCommand(CLI::App& app, Run& run);
void AddLineageCommand(CLI::App& app, Run& run);
void AddRemovedCommand(CLI::App& app, Run& run);
void AddEraseCommand(CLI::App& app, Run& run);
void AddErasureCommand(CLI::App& app, Run& run);
void AddRecordsCommand(CLI::App& app, Run& run);
void AddAuditCommand(CLI::App& app, Run& run);
void AddNewKeyCommand(CLI::App& app, Run& run);
void AddRedactCommand(CLI::App& app, Run& run);
void AddScanCommand(CLI::App& app, Run& run);
void AddBackupCommand(CLI::App& app, Run& run);
void AddCheckCommand(CLI::App& app, Run& run);
void AddRestoreCommand(CLI::App& app, Run& run);

// A service that a command speaks to, and what is to get its address.
struct AddressTarget {
  Service service;
  std::string* address;
};

// Adds --<service>-address (environment FLYWHEEL_<SERVICE>_ADDRESS) for each target, --address as
// well where there is one only, and --port-base as `up` has it. Each address gets what was given
// for it, else the service's place at the base, else the default.
void AddAddressFlags(CLI::App& command, const std::vector<AddressTarget>& targets);

// Adds --key-file, --ca-file, --certificate-file and --certificate-key-file (environment
// FLYWHEEL_KEY_FILE and so on). A certificate is refused without its key and without a CA.
void AddCredentialFlags(CLI::App& command, rpc::Target& target);

// Adds --project (environment FLYWHEEL_PROJECT): the project that a key for all projects calls for.
// Empty: the server's choice. A value that is no id is refused.
void AddProjectFlag(CLI::App& command, std::string& project);

// A check for CLI11: the value must be one of these words.
CLI::Validator OneOf(std::vector<std::string> words);

// The same: the value must be HOST:PORT.
CLI::Validator IsAddress();

// The same: the value must be a file, not a directory, that this user may read.
CLI::Validator IsFile();

// Write to standard output, and what it failed with: what was to be written is not complete then.
absl::Status WriteOutput(std::string_view text);
absl::Status FlushOutput();

// Says on standard error what went wrong at `address`, and returns the exit code: kExitDown where
// nothing answered there or could, kExitUsage for a wrong flag and where another service answers
// there, else kExitFailed.
int Fail(const absl::Status& status, const std::string& address = "");

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_COMMAND_H_
