#include <fmt/format.h>

#include <functional>
#include <string>

#include "bench/benchmarks.h"
#include "bench/ingest_load.h"
#include "bench/unary_load.h"

namespace flywheel::bench {
namespace {

constexpr int kBatchConnections = 4;

// `rate` measures one of the two.
Row Compare(const Setup& setup, const std::string& address, const std::string& name,
            const std::function<double(const IngestStubs&)>& rate) {
  const IngestStubs durable(address, kBatchConnections);
  const IngestStubs noop(setup.noop, kBatchConnections);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(durable); }, [&] { return rate(noop); });
  return {name,        result.measured, "interactions/s", "no-op RPC, same bytes", result.reference,
          result.ratio};
}

Row CompareBatches(const Setup& setup, const std::string& address, const std::string& name) {
  return Compare(setup, address, name, [&](const IngestStubs& stubs) {
    return InteractionsPerSecond(stubs, 4, 100, setup.duration);
  });
}

}  // namespace

Row BatchIngest(const Setup& setup) {
  return CompareBatches(setup, setup.ingest, "ingest, durable, batches of 100, 4 callers");
}

Row BatchIngestUnredacted(const Setup& setup) {
  const auto services = StartIngest(setup, "unredacted", {"--redaction", "off"});
  return CompareBatches(setup, AddressOf(*services), "the same with --redaction off");
}

Row UnaryIngest(const Setup& setup) {
  return Compare(
      setup, setup.ingest, "ingest, durable, one by one, 64 callers",
      [&](const IngestStubs& stubs) { return UnaryPerSecond(stubs, 64, setup.duration); });
}

}  // namespace flywheel::bench
