// flywheel-experiment: flags, then run.
#include <CLI/CLI.hpp>

#include "experiment_service/experiment_server.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Compares versions of an agent on live traffic. Assign says which version serves a user, "
      "from\n"
      "memory; RecordOutcomes takes what came of it; Analyze says SHIP, ROLLBACK or CONTINUE, and "
      "is\n"
      "right however often it is asked; PromoteVersion makes a version the active one. A version\n"
      "enters an experiment with a PASS of the evaluation gate, which need not be up otherwise.");
  flywheel::experiment::ExperimentConfig config;
  config.server.service = "experiment";
  config.server.listen = "127.0.0.1:7404";
  flywheel::rpc::AddFlag(app, "--eval-gate-address", config.eval_gate_address,
                         "where the evaluation gate listens, HOST:PORT");
  flywheel::rpc::AddFlag(app, "--unit-key-file", config.unit_key_file,
                         "key of the units' hashes; default DATA_DIR/unit.key, made when missing");
  return flywheel::rpc::RunService<flywheel::experiment::ExperimentServer>(app, config, argc, argv);
}
