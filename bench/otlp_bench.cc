#include <fmt/format.h>

#include <string>

#include "absl/time/clock.h"
#include "bench/alternative_server.h"
#include "bench/benchmarks.h"
#include "bench/ingest_load.h"
#include "bench/otlp_load.h"
#include "shared/sql/connection.h"
#include "shared/status/errors.h"
#include "shared/time/poll.h"

namespace flywheel::bench {
namespace {

constexpr int kConnections = 4;
constexpr int kOtlpCallers = 4;
constexpr int kOtlpBatch = 100;
constexpr absl::Duration kPatience = absl::Minutes(5);
constexpr absl::Duration kPollInterval = absl::Milliseconds(20);

// One number out of a store that somebody else writes.
int64_t Ask(const std::string& path, const std::string& sql) {
  const auto connection = sql::Connection::Open(path, sql::Access::kRead);
  if (!connection.ok()) Die(errors::MessageOf(connection.status()));
  sql::Statement statement = (*connection)->Prepare(sql);
  if (!statement.Next()) Die(errors::MessageOf(statement.status()));
  return statement.Int64(0);
}

void WaitUntil(const std::string& path, const std::string& sql, int64_t at_least) {
  if (!PollUntil([&] { return Ask(path, sql) >= at_least; }, kPatience, kPollInterval)) {
    Die(path + " does not get there: " + sql);
  }
}

// An ingest service whose traces settle at once, so that making interactions of them is part of the
// load.
class OtlpIngest {
 public:
  explicit OtlpIngest(const Setup& setup)
      : services_(StartIngest(setup, "otlp", {"--otlp-settle-seconds", "1"})),
        path_(setup.work_dir + "/otlp/ingest/ingest.db"),
        stubs_(AddressOf(*services_), kConnections) {}

  std::string address() const { return AddressOf(*services_); }

  // Spans a second that are durable when they are acknowledged. Returns when all have become
  // interactions, which is not counted.
  double Rate(absl::Duration duration) const {
    const absl::Time start = absl::Now();
    const SpanCount count = SendSpans(stubs_, kOtlpCallers, kOtlpBatch, duration);
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    if (count.refused > 0) Die("spans were refused");
    WaitUntil(path_, "SELECT 0 - COUNT(*) FROM otlp_spans", 0);
    return static_cast<double>(count.acknowledged) / seconds;
  }

 private:
  const std::unique_ptr<cli::LocalServices> services_;
  const std::string path_;
  const TraceStubs stubs_;
};

// Arize Phoenix with a SQLite store of its own.
class Phoenix {
 public:
  explicit Phoenix(const Setup& setup)
      : directory_(setup.work_dir + "/phoenix"),
        port_(FreePort()),
        server_(
            {"PHOENIX_WORKING_DIR=" + directory_, "PHOENIX_HOST=127.0.0.1",
             fmt::format("PHOENIX_PORT={}", FreePort()), fmt::format("PHOENIX_GRPC_PORT={}", port_),
             "PHOENIX_TELEMETRY_ENABLED=false", "PHOENIX_ALLOW_EXTERNAL_RESOURCES=false",
             std::string(FLYWHEEL_SOURCE_DIR) + "/build/tools/phoenix/bin/phoenix", "serve"},
            port_, setup.work_dir + "/phoenix.log"),
        stubs_(fmt::format("127.0.0.1:{}", port_), kConnections) {}

  // Spans a second from the first that is sent to the last that is stored: Phoenix acknowledges
  // what it still holds in memory.
  double Rate(absl::Duration duration) {
    const std::string path = directory_ + "/phoenix.db";
    static const std::string kStored = "SELECT COALESCE(MAX(id), 0) FROM spans";
    const int64_t before = Ask(path, kStored);
    const absl::Time start = absl::Now();
    const SpanCount count = SendSpans(stubs_, kOtlpCallers, kOtlpBatch, duration);
    WaitUntil(path, kStored, before + count.acknowledged);
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    fmt::print(stderr, "      phoenix: {} spans acknowledged, {} refused, stored in {:.1f} s\n",
               count.acknowledged, count.refused, seconds);
    return static_cast<double>(count.acknowledged) / seconds;
  }

 private:
  const std::string directory_;
  const int port_;
  const AlternativeServer server_;
  const TraceStubs stubs_;
};

}  // namespace

Row OtlpIngestRate(const Setup& setup) {
  const OtlpIngest ingest(setup);
  const IngestStubs native(ingest.address(), kConnections);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return ingest.Rate(setup.duration); },
      [&] { return InteractionsPerSecond(native, kOtlpCallers, kOtlpBatch, setup.duration); });
  return {"OTLP over gRPC, durable, exports of 100 spans, 4 callers",
          result.measured,
          "spans/s",
          "LogInteractions, the same texts",
          result.reference,
          result.ratio};
}

Row OtlpAgainstPhoenix(const Setup& setup) {
  const OtlpIngest ingest(setup);
  Phoenix phoenix(setup);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return ingest.Rate(setup.duration); },
      [&] { return phoenix.Rate(setup.duration); });
  return {"OTLP over gRPC, durable, exports of 100 spans, 4 callers",
          result.measured,
          "spans/s",
          "Arize Phoenix, until stored",
          result.reference,
          result.ratio};
}

}  // namespace flywheel::bench
