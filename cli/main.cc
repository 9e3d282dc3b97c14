// flywheel: the command.
#include <grpc/support/log.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "cli/command.h"
#include "shared/rpc/flags.h"
#include "shared/version/version.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Flywheel turns what users do with an AI agent into a better agent.\n"
      "Begin with 'flywheel up', then 'flywheel import' and 'flywheel status' in another "
      "terminal.",
      "flywheel");
  app.failure_message(flywheel::rpc::UsageError);
  app.footer(flywheel::cli::kExitCodesHelp);
  app.set_version_flag("--version", flywheel::VersionLine("flywheel"));
  app.require_subcommand(1);
  flywheel::cli::Run run;
  flywheel::cli::AddUpCommand(app, run);
  flywheel::cli::AddStatusCommand(app, run);
  flywheel::cli::AddHealthCommand(app, run);
  flywheel::cli::AddImportCommand(app, run);
  flywheel::cli::AddVerdictCommand(app, run);
  flywheel::cli::AddGateCommand(app, run);
  flywheel::cli::AddExperimentCommand(app, run);
  flywheel::cli::AddBuildCommand(app, run);
  flywheel::cli::AddCandidatesCommand(app, run);
  flywheel::cli::AddExportCommand(app, run);
  flywheel::cli::AddVersionsCommand(app, run);
  flywheel::cli::AddLineageCommand(app, run);
  flywheel::cli::AddRemovedCommand(app, run);
  flywheel::cli::AddEraseCommand(app, run);
  flywheel::cli::AddErasureCommand(app, run);
  flywheel::cli::AddRecordsCommand(app, run);
  flywheel::cli::AddAuditCommand(app, run);
  flywheel::cli::AddNewKeyCommand(app, run);
  flywheel::cli::AddRedactCommand(app, run);
  flywheel::cli::AddScanCommand(app, run);
  flywheel::cli::AddBackupCommand(app, run);
  flywheel::cli::AddCheckCommand(app, run);
  flywheel::cli::AddRestoreCommand(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? flywheel::cli::kExitOk : flywheel::cli::kExitUsage;
  }
  // gRPC's own lines are for whoever asks for them: the last line of the command says it all.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  const int code = run();
  // What failed has said why.
  if (code == flywheel::cli::kExitFailed) return code;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fprintf(stderr, "error: standard output took no more.\n");
  return code == flywheel::cli::kExitOk ? flywheel::cli::kExitFailed : code;
}
