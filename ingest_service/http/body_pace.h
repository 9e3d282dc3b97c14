// Slow-body limit: the least rate at which the body of a request has to come.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_BODY_PACE_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_BODY_PACE_H_

#include <chrono>
#include <cstdint>

namespace flywheel::ingest {

// A body of so many bytes, as they are sent, has to be there within `base` and a second for each
// `bytes_per_second` of them. What has come so far earns the time: who announces much and sends
// little has `base` alone.
struct BodyPace {
  std::chrono::milliseconds base = std::chrono::seconds(10);
  int64_t bytes_per_second = 128 << 10;

  // The deadline, from its begin, of a body that has brought `received_bytes` and no more.
  std::chrono::microseconds TimeAllowed(int64_t received_bytes) const {
    // In this order nothing that a body may be overflows.
    return base + std::chrono::microseconds(received_bytes * 1'000'000 / bytes_per_second);
  }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_BODY_PACE_H_
