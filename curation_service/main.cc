// flywheel-curation: flags, then run.
#include <CLI/CLI.hpp>

#include "curation_service/curation_server.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Follows ingest's feed, scores every interaction by what people did about it, builds "
      "dataset\n"
      "versions with an eval side that is never trained on, and hands training runs to trainers.");
  flywheel::curation::CurationConfig config;
  config.server.service = "curation";
  config.server.listen = "127.0.0.1:7402";
  flywheel::rpc::AddFlag(app, "--ingest-address", config.ingest_address,
                         "where ingest listens, HOST:PORT");
  flywheel::rpc::AddFlag(
      app, "--max-dataset-interactions", config.max_dataset_interactions,
      "the most scored interactions of an agent that a dataset version is built from; a\n"
      "build holds them in memory")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}));
  return flywheel::rpc::RunService<flywheel::curation::CurationServer>(app, config, argc, argv);
}
