// flywheel-curation: flags, then run.
#include "curation_service/curation_server.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

namespace flywheel::curation {
namespace {

constexpr char kDescription[] =
    "Follows ingest's feed, scores every interaction by what people did about it, builds "
    "dataset\n"
    "versions with an eval side that is never trained on, and hands training runs to trainers.";

int Main(int argc, char** argv) {
  CurationConfig config;
  config.server.service = "curation";
  config.server.listen = "127.0.0.1:7402";
  const auto add_flags = [&config](CLI::App& app) {
    using rpc::AddFlag;
    AddFlag(app, "--ingest-address", config.ingest_address, "where ingest listens, HOST:PORT");
    AddFlag(app, "--max-dataset-interactions", config.max_dataset_interactions, 1, 1'000'000'000,
            "the most scored interactions of an agent that a dataset version is built from; a\n"
            "build holds them in memory");
    AddRedactionFlags(app, config.redaction);
  };
  return rpc::RunService<CurationServer>(kDescription, config, add_flags, argc, argv);
}

}  // namespace
}  // namespace flywheel::curation

int main(int argc, char** argv) { return flywheel::curation::Main(argc, argv); }
