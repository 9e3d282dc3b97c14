#include <fmt/format.h>

#include <string>

#include "bench/benchmarks.h"
#include "bench/ingest_load.h"

namespace flywheel::bench {
namespace {

constexpr int kConnections = 4;

Row Compare(const Setup& setup, const std::string& address, const std::string& name, int callers,
            int batch) {
  const IngestStubs durable(address, kConnections);
  const IngestStubs noop(setup.noop, kConnections);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return InteractionsPerSecond(durable, callers, batch, setup.duration); },
      [&] { return InteractionsPerSecond(noop, callers, batch, setup.duration); });
  return {name,        result.measured, "interactions/s", "no-op RPC, same bytes", result.reference,
          result.ratio};
}

}  // namespace

Row BatchIngest(const Setup& setup) {
  return Compare(setup, setup.ingest, "ingest, durable, batches of 100, 4 callers", 4, 100);
}

Row BatchIngestUnredacted(const Setup& setup) {
  const auto services = StartIngest(setup, "unredacted", {"--redaction", "off"});
  return Compare(setup, AddressOf(*services), "the same with --redaction off", 4, 100);
}

Row UnaryIngest(const Setup& setup) {
  return Compare(setup, setup.ingest, "ingest, durable, one by one, 64 callers", 64, 1);
}

}  // namespace flywheel::bench
