// Load generator for unary calls: callers that send one interaction a call, one after the other.
#ifndef FLYWHEEL_BENCH_UNARY_LOAD_H_
#define FLYWHEEL_BENCH_UNARY_LOAD_H_

#include "absl/time/time.h"
#include "bench/ingest_load.h"

namespace flywheel::bench {

// Interactions a second that are stored from so many callers, each of which waits for its answer.
// They share a few threads, as in the backends of agents: a thread each would cost more than the
// calls.
double UnaryPerSecond(const IngestStubs& stubs, int callers, absl::Duration duration);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_UNARY_LOAD_H_
