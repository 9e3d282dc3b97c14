// Command-line flags of the recogniser of somebody else.
#ifndef FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_FLAGS_H_
#define FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_FLAGS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest_service/upstream/recogniser_queue.h"
#include "shared/rpc/metrics.h"
#include "shared/rpc/server_config.h"

namespace CLI {
class App;
}

namespace flywheel::ingest {

// As they were given.
struct RecogniserFlags {
  // HOST:PORT; empty: none, and our own tables decide alone.
  std::string address = {};
  // Seconds, from the arrival of a request to the last answer about its texts.
  double timeout_seconds = 2;
  // Spans below this score are ignored.
  double least_score = .5;
  // The types that count; empty: all.
  std::vector<std::string> types = {};
};

// Adds the flags to `app`; each may stand in the environment too (--recogniser-address:
// FLYWHEEL_RECOGNISER_ADDRESS).
void AddRecogniserFlags(CLI::App& app, RecogniserFlags& flags);

// Null without an address. It has the CA, key and certificate with which `server` reaches others.
// INVALID_CONFIGURATION for values that are none, and for an address beyond loopback that would get
// texts without TLS, where `server` is not insecure. `metrics` outlives what is returned.
absl::StatusOr<std::unique_ptr<RecogniserQueue>> OpenRecogniser(const RecogniserFlags& flags,
                                                                const rpc::ServerConfig& server,
                                                                rpc::Metrics* metrics);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_FLAGS_H_
