// Rows about a store that is not empty: reading it, and writing to it when it is large.
#include <fmt/format.h>

#include <string>

#include "absl/time/clock.h"
#include "bench/benchmarks.h"
#include "bench/ingest_load.h"

namespace flywheel::bench {
namespace {

constexpr int kSizeCallers = 4;
constexpr int kSizeBatch = 100;
constexpr int64_t kReadOut = 200'000;
constexpr int64_t kManyInteractions = 5'000'000;

// Entries a second of the whole feed, from its beginning.
double EntriesPerSecond(ingest::v1::IngestService::Stub& stub) {
  grpc::ClientContext context;
  ingest::v1::ReadFeedRequest request;
  request.set_max_entries(5'000);
  const absl::Time start = absl::Now();
  const auto reader = stub.ReadFeed(&context, request);
  ingest::v1::ReadFeedResponse response;
  int64_t entries = 0;
  while (reader->Read(&response)) entries += response.entries_size();
  const grpc::Status status = reader->Finish();
  if (!status.ok()) Die(status.error_message());
  if (entries < kReadOut) Die(fmt::format("the feed has {} entries only", entries));
  return static_cast<double>(entries) / absl::ToDoubleSeconds(absl::Now() - start);
}

// Sends until `interactions` more are stored.
void Fill(const IngestStubs& stubs, int64_t interactions) {
  CallsPerSecond(kSizeCallers, absl::InfiniteDuration(), interactions / kSizeBatch,
                 [&](int caller, int64_t) {
                   if (!Send(stubs.of(caller), NewBatch(kSizeBatch))) Die("a batch was refused");
                 });
}

double MedianRate(const IngestStubs& stubs, const Setup& setup) {
  std::vector<double> rates;
  for (int round = 0; round < setup.rounds; ++round) {
    rates.push_back(InteractionsPerSecond(stubs, kSizeCallers, kSizeBatch, setup.duration));
  }
  return Median(rates);
}

}  // namespace

Row FeedRead(const Setup& setup) {
  const auto services = StartIngest(setup, "feed", {});
  const IngestStubs stubs(AddressOf(*services), kSizeCallers);
  Fill(stubs, kReadOut);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return EntriesPerSecond(stubs.of(0)); },
      [&] { return InteractionsPerSecond(stubs, kSizeCallers, kSizeBatch, setup.duration); });
  return {"ReadFeed from its beginning, one reader",
          result.measured,
          "entries/s",
          "written in batches of 100",
          result.reference,
          result.ratio};
}

Row IngestAtFiveMillion(const Setup& setup) {
  const auto services = StartIngest(setup, "large", {});
  const IngestStubs stubs(AddressOf(*services), kSizeCallers);
  const double empty = MedianRate(stubs, setup);
  Fill(stubs, kManyInteractions);
  const double full = MedianRate(stubs, setup);
  return {"ingest at 5 million stored, batches of 100",
          full,
          "interactions/s",
          "on an empty store",
          empty,
          full / empty};
}

}  // namespace flywheel::bench
