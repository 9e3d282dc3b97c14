// Background loop that gives freed memory back to the system (malloc_trim).
#ifndef FLYWHEEL_SHARED_RPC_HEAP_TRIMMER_H_
#define FLYWHEEL_SHARED_RPC_HEAP_TRIMMER_H_

#include <cstdint>

#include "absl/time/time.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"

namespace flywheel::rpc {

// What a burst of calls has freed stays with glibc's arenas: a service would hold for ever what one
// minute took, and an operator could not tell it from a leak. Every quarter of a minute this looks
// at the heap, and trims where 16 MiB or more were taken or freed since the last time.
class HeapTrimmer {
 public:
  // `metrics` outlives this object.
  explicit HeapTrimmer(Metrics* metrics);

 private:
  // Trims where that is worthwhile. After how long to look again.
  absl::Duration Look();

  // Of the loop: resident after the last trim, and the fewest bytes that were free since.
  int64_t resident_bytes_;
  int64_t least_free_bytes_;
  BackgroundLoop loop_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_HEAP_TRIMMER_H_
