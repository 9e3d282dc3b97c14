// Load generator for ingest: batches of interactions, and an ingest service to send them to.
#ifndef FLYWHEEL_BENCH_INGEST_LOAD_H_
#define FLYWHEEL_BENCH_INGEST_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "bench/benchmarks.h"
#include "bench/load.h"
#include "cli/local_services.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"

namespace flywheel::bench {

// Stubs over a few connections, as a pool of agent backends would have them.
class IngestStubs {
 public:
  IngestStubs(const std::string& address, int connections);

  ingest::v1::IngestService::Stub& of(int caller) const {
    return *stubs_[static_cast<size_t>(caller) % stubs_.size()];
  }

 private:
  std::vector<std::unique_ptr<ingest::v1::IngestService::Stub>> stubs_;
};

// So many new interactions of chat, 1 kB each, without personal data.
ingest::v1::LogInteractionsRequest NewBatch(int interactions);

// Sends it. False where the server refused it for now; ends the process for every other error.
bool Send(ingest::v1::IngestService::Stub& stub, const ingest::v1::LogInteractionsRequest& request);

// Interactions a second that are stored from `callers` in batches of `batch`.
double InteractionsPerSecond(const IngestStubs& stubs, int callers, int batch,
                             absl::Duration duration);

// An ingest service with a store of its own, stopped when the object ends.
std::unique_ptr<cli::LocalServices> StartIngest(const Setup& setup, const std::string& name,
                                                std::vector<std::string> arguments);
std::string AddressOf(const cli::LocalServices& services);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_INGEST_LOAD_H_
