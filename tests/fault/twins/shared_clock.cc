#include "tests/fault/twins/shared_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include "shared/status/check.h"

namespace flywheel::fault {

SharedClock::SharedClock(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  FLYWHEEL_CHECK(file >= 0 && ftruncate(file, sizeof(int64_t)) == 0, "a file of eight bytes");
  void* const map = mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  FLYWHEEL_CHECK(map != MAP_FAILED, "memory that processes share");
  close(file);
  micros_ = static_cast<int64_t*>(map);
}

SharedClock::~SharedClock() { munmap(micros_, sizeof(int64_t)); }

absl::Time SharedClock::Now() const { return FromMicros(std::atomic_ref(*micros_).load()); }

void SharedClock::Advance(absl::Duration duration) {
  std::atomic_ref(*micros_).fetch_add(absl::ToInt64Microseconds(duration));
}

}  // namespace flywheel::fault
