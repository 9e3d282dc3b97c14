// Rows about ingest under pressure: how long one call takes, and how much memory it needs.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "bench/benchmarks.h"
#include "bench/ingest_load.h"

namespace flywheel::bench {
namespace {

constexpr int kPressureCallers = 4;
constexpr int kBatch = 100;
constexpr int kOverload = 10;
constexpr absl::Duration kOverloadTime = absl::Seconds(60);
constexpr int64_t kQueueBytes = 64 << 20;

// The 99th percentile of what one call of one interaction takes, in microseconds.
double P99Micros(const IngestStubs& stubs, absl::Duration duration) {
  std::vector<double> micros;
  const absl::Time end = absl::Now() + duration;
  while (absl::Now() < end) {
    const ingest::v1::LogInteractionsRequest request = NewBatch(1);
    const absl::Time start = absl::Now();
    if (!Send(stubs.of(0), request)) Die("an interaction was refused");
    micros.push_back(absl::ToDoubleMicroseconds(absl::Now() - start));
  }
  const auto place = micros.begin() + static_cast<int64_t>(micros.size()) * 99 / 100;
  std::nth_element(micros.begin(), place, micros.end());
  return *place;
}

// Batches at a steady rate for as long as the object lives.
class SteadyLoad {
 public:
  SteadyLoad(const IngestStubs& stubs, double interactions_per_second) {
    const absl::Duration interval =
        absl::Seconds(kBatch * kPressureCallers / interactions_per_second);
    for (int caller = 0; caller < kPressureCallers; ++caller) {
      threads_.emplace_back([this, &stubs, caller, interval] {
        absl::Time next = absl::Now() + interval * caller / kPressureCallers;
        while (!stop_.WaitForNotificationWithTimeout(next - absl::Now())) {
          if (!Send(stubs.of(caller), NewBatch(kBatch))) Die("a batch was refused");
          next += interval;
        }
      });
    }
  }
  ~SteadyLoad() {
    stop_.Notify();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  absl::Notification stop_;
  std::vector<std::thread> threads_;
};

// Memory of a process that is its own, in bytes: files that it maps can be dropped at any time.
int64_t OwnMemoryBytes(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("RssAnon:", 0) == 0) return std::stoll(line.substr(8)) * 1024;
  }
  return 0;
}

int64_t StoredInteractions(const IngestStubs& stubs) {
  grpc::ClientContext context;
  ingest::v1::GetStatsResponse stats;
  const grpc::Status status = stubs.of(0).GetStats(&context, {}, &stats);
  if (!status.ok()) Die(status.error_message());
  return stats.interactions();
}

}  // namespace

Row UnaryLatency(const Setup& setup) {
  const auto services = StartIngest(setup, "latency", {});
  const IngestStubs stubs(AddressOf(*services), kPressureCallers);
  const IngestStubs batch_stubs(AddressOf(*services), kPressureCallers);
  const double capacity =
      InteractionsPerSecond(batch_stubs, kPressureCallers, kBatch, setup.duration);
  const Comparison result = CompareInTurn(
      setup.rounds,
      [&] {
        const SteadyLoad load(batch_stubs, capacity / 2);
        return P99Micros(stubs, setup.duration);
      },
      [&] { return P99Micros(stubs, setup.duration); });
  return {"p99 of one call beside batches at half capacity",
          result.measured,
          "us",
          "p99 without other load",
          result.reference,
          result.ratio};
}

Row Overload(const Setup& setup) {
  const auto services =
      StartIngest(setup, "overload", {"--max-queued-bytes", std::to_string(kQueueBytes)});
  const IngestStubs stubs(AddressOf(*services), kOverload * kPressureCallers);
  std::atomic<int64_t> stored = 0, refused = 0;
  absl::Notification done;
  int64_t most = 0;
  std::thread watcher([&] {
    while (!done.WaitForNotificationWithTimeout(absl::Milliseconds(20))) {
      most = std::max(most, OwnMemoryBytes(services->pid(cli::Service::kIngest)));
    }
  });
  // Ten times the callers that fill the machine, each with batches of two megabytes: more than may
  // wait.
  CallsPerSecond(kOverload * kPressureCallers, kOverloadTime, [&](int caller, int64_t) {
    const bool taken = Send(stubs.of(caller), NewBatch(20 * kBatch));
    (taken ? stored : refused) += int64_t{20} * kBatch;
  });
  done.Notify();
  watcher.join();
  if (StoredInteractions(stubs) != stored) Die("what was acknowledged is not what is stored");
  constexpr double kMebibyte = 1 << 20;
  const double limit = static_cast<double>(kQueueBytes) / kMebibyte + 64;
  return {fmt::format("memory in a minute of overload ({} stored, {} refused)", stored.load(),
                      refused.load()),
          static_cast<double>(most) / kMebibyte,
          "MiB",
          "--max-queued-bytes and 64 MiB",
          limit,
          static_cast<double>(most) / kMebibyte / limit};
}

}  // namespace flywheel::bench
