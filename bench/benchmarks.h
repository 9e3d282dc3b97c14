// What is measured.
#ifndef FLYWHEEL_BENCH_BENCHMARKS_H_
#define FLYWHEEL_BENCH_BENCHMARKS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/load.h"

namespace flywheel::bench {

// Where the servers are, and how long each load runs.
struct Setup {
  std::string ingest;
  std::string experiment;
  std::string noop;
  int rounds = 5;
  absl::Duration duration = absl::Seconds(2);
};

// Durable batches of 100 interactions of 1 kB from 4 callers, and single ones from 64 callers, each
// against the no-op with the same bytes.
Row BatchIngest(const Setup& setup);
Row UnaryIngest(const Setup& setup);

// Redaction of chat text on one core.
Row Redact(const Setup& setup);

// Assign from 64 callers against the no-op.
Row Assign(const Setup& setup);

// Analyze from one caller at 1,000,000 outcomes, against the same at 1,000: must not grow.
Row Analyze(const Setup& setup);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_BENCHMARKS_H_
