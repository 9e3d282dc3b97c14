#include "shared/rpc/heap_trimmer.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace flywheel::rpc {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(15);
constexpr int64_t kWorthwhileBytes = 16 << 20;

// 0 where /proc cannot be read.
int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// Of malloc: those of pages that were given back are among them.
int64_t FreeBytes() { return static_cast<int64_t>(mallinfo2().fordblks); }

}  // namespace

HeapTrimmer::HeapTrimmer(Metrics* metrics)
    : resident_bytes_(ResidentBytes()),
      least_free_bytes_(FreeBytes()),
      loop_(
          {.name = "heap_trimmer", .first_delay = kInterval}, [this] { return Look(); }, metrics) {
  loop_.Start();
}

absl::Duration HeapTrimmer::Look() {
  // The first sees what was taken and freed between two looks, the second what had been taken
  // before the last trim and was freed since.
  const int64_t free = FreeBytes();
  if (ResidentBytes() >= resident_bytes_ + kWorthwhileBytes ||
      free >= least_free_bytes_ + kWorthwhileBytes) {
    malloc_trim(0);
    resident_bytes_ = ResidentBytes();
    least_free_bytes_ = FreeBytes();
  }
  least_free_bytes_ = std::min(least_free_bytes_, free);
  return kInterval;
}

}  // namespace flywheel::rpc
