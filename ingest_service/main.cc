// flywheel-ingest: flags, then run.
#include "ingest_service/ingest_server.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/run_service.h"

namespace flywheel::ingest {
namespace {

constexpr char kDescription[] =
    "Flywheel's ingest service: keeps what agents did and what people did about it. An\n"
    "acknowledged record is on disk.";

int Main(int argc, char** argv) {
  IngestConfig config;
  config.server.service = "ingest";
  config.server.listen = "127.0.0.1:4317";
  config.otlp_http_listen = "127.0.0.1:4318";
  const auto add_flags = [&config](CLI::App& app) {
    using rpc::AddFlag;
    AddFlag(app, "--otlp-http-listen", config.otlp_http_listen,
            "where OpenTelemetry's OTLP over HTTP listens, HOST:PORT, with the keys and the\n"
            "certificate of --listen; empty: nowhere");
    AddFlag(app, "--pseudonym-key-file", config.pseudonym_key_file,
            "keys of the users' pseudonyms, one a line, the newest first; default\n"
            "DATA_DIR/pseudonym.key, made when missing and the store names nobody yet");
    AddFlag(app, "--erasure-readers", config.erasure_readers,
            "stores that report what they erased; an erasure is complete when all of them have:\n"
            "leave out what does not run");
    AddRedactionFlags(app, config.redaction);
    AddRecogniserFlags(app, config.recogniser);
    AddFlag(app, "--otlp-settle-seconds", config.otlp_settle_seconds,
            "a trace that has its root becomes an interaction so long after its last span");
    AddFlag(app, "--otlp-max-wait-seconds", config.otlp_max_wait_seconds,
            "a trace without a root becomes one so long after its first span");
    AddFlag(app, "--quotas-file", config.quotas_file,
            "how much projects may send and store: one 'PROJECT ITEMS_PER_SECOND STORED_ROWS' a\n"
            "line; - for no limit, * for all others");
    AddRetentionFlags(app, config.retention);
  };
  return rpc::RunService<IngestServer>(kDescription, config, add_flags, argc, argv);
}

}  // namespace
}  // namespace flywheel::ingest

int main(int argc, char** argv) { return flywheel::ingest::Main(argc, argv); }
