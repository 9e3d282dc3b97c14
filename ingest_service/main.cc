#include <CLI/CLI.hpp>

#include "ingest_service/ingest_server.h"
#include "shared/rpc/run_service.h"

int main(int argc, char** argv) {
  flywheel::ingest::IngestConfig config;
  config.server.service = "ingest";
  config.server.listen = "127.0.0.1:4317";
  CLI::App app(
      "Flywheel's ingest service: keeps what agents did and what people did about it. An\n"
      "acknowledged record is on disk. Exit codes: 0 stopped, 1 failed, 2 configuration.");
  app.add_option("--pseudonym-key-file", config.pseudonym_key_file,
                 "key of the users' pseudonyms; default DATA_DIR/pseudonym.key, made when missing")
      ->envname("FLYWHEEL_PSEUDONYM_KEY_FILE");
  app.add_option("--redaction", config.redaction,
                 "replace personal data in texts before anything is stored: on or off")
      ->envname("FLYWHEEL_REDACTION")
      ->capture_default_str();
  app.add_option("--redaction-config-file", config.redaction_config_file,
                 "JSON with further recognisers and built-in ones to leave out")
      ->envname("FLYWHEEL_REDACTION_CONFIG_FILE");
  return flywheel::rpc::RunService<flywheel::ingest::IngestServer>(app, config, argc, argv);
}
