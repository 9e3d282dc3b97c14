#include <CLI/CLI.hpp>

#include "ingest_service/ingest_server.h"
#include "shared/rpc/run_service.h"

int main(int argc, char** argv) {
  flywheel::ingest::IngestConfig config;
  config.server.service = "ingest";
  config.server.listen = "127.0.0.1:4317";
  config.otlp_http_listen = "127.0.0.1:4318";
  CLI::App app(
      "Flywheel's ingest service: keeps what agents did and what people did about it. An\n"
      "acknowledged record is on disk. Exit codes: 0 stopped, 1 failed, 2 configuration.");
  app.add_option("--otlp-http-listen", config.otlp_http_listen,
                 "where OpenTelemetry's OTLP over HTTP listens, HOST:PORT, with the keys and the\n"
                 "certificate of --listen; empty: nowhere")
      ->envname("FLYWHEEL_OTLP_HTTP_LISTEN")
      ->capture_default_str();
  app.add_option("--pseudonym-key-file", config.pseudonym_key_file,
                 "keys of the users' pseudonyms, one a line, the newest first; default\n"
                 "DATA_DIR/pseudonym.key, made when missing")
      ->envname("FLYWHEEL_PSEUDONYM_KEY_FILE");
  app.add_option("--erasure-readers", config.erasure_readers,
                 "stores that follow the feed and report what they erased; an erasure is complete\n"
                 "when all of them have")
      ->delimiter(',')
      ->envname("FLYWHEEL_ERASURE_READERS")
      ->capture_default_str();
  app.add_option("--redaction", config.redaction,
                 "replace personal data in texts before anything is stored: on or off")
      ->envname("FLYWHEEL_REDACTION")
      ->capture_default_str();
  app.add_option("--redaction-config-file", config.redaction_config_file,
                 "JSON with further recognisers and built-in ones to leave out")
      ->envname("FLYWHEEL_REDACTION_CONFIG_FILE");
  app.add_option("--otlp-settle-seconds", config.otlp_settle_seconds,
                 "a trace that has its root becomes an interaction so long after its last span")
      ->envname("FLYWHEEL_OTLP_SETTLE_SECONDS")
      ->capture_default_str();
  app.add_option("--otlp-max-wait-seconds", config.otlp_max_wait_seconds,
                 "a trace without a root becomes one so long after its first span")
      ->envname("FLYWHEEL_OTLP_MAX_WAIT_SECONDS")
      ->capture_default_str();
  app.add_option("--quotas-file", config.quotas_file,
                 "how much projects may send and store: one 'PROJECT ITEMS_PER_SECOND STORED_ROWS' "
                 "a line; - for no limit, * for all others")
      ->envname("FLYWHEEL_QUOTAS_FILE");
  flywheel::ingest::AddRetentionFlags(app, config.retention);
  return flywheel::rpc::RunService<flywheel::ingest::IngestServer>(app, config, argc, argv);
}
