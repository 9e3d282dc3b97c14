// Baseline gRPC server: takes the same bytes as ingest and does nothing with them.
#ifndef FLYWHEEL_BENCH_NOOP_SERVER_H_
#define FLYWHEEL_BENCH_NOOP_SERVER_H_

#include <string>

namespace flywheel::bench {

// Serves IngestService.LogInteractions and ExperimentService.Assign and RecordOutcomes at `listen`
// with the callback API: the request is parsed, the answer has as many results as the request has
// items, nothing is kept; that of Assign is as long as the service's. Runs until SIGTERM. Returns
// the exit code.
int RunNoopServer(const std::string& listen);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_NOOP_SERVER_H_
