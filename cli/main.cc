// flywheel: the command.
#include <CLI/CLI.hpp>

#include "cli/command.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Flywheel turns what users do with an AI agent into a better agent.\n"
      "Begin with 'flywheel up', then 'flywheel import' and 'flywheel status' in another "
      "terminal.");
  app.footer(flywheel::cli::kExitCodesHelp);
  app.require_subcommand(1);
  flywheel::cli::Run run;
  flywheel::cli::AddUpCommand(app, run);
  flywheel::cli::AddStatusCommand(app, run);
  flywheel::cli::AddHealthCommand(app, run);
  flywheel::cli::AddImportCommand(app, run);
  flywheel::cli::AddVerdictCommand(app, run);
  flywheel::cli::AddExportCommand(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? flywheel::cli::kExitOk : flywheel::cli::kExitUsage;
  }
  return run();
}
