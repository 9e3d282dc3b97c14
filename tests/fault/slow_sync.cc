// A disk that takes its time: preloaded into a process, it makes every fsync and fdatasync last
// FLYWHEEL_SYNC_DELAY_MS milliseconds longer.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

void Wait() {
  const char* const text = std::getenv("FLYWHEEL_SYNC_DELAY_MS");
  const long milliseconds = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  const timespec delay = {milliseconds / 1'000, milliseconds % 1'000 * 1'000'000};
  nanosleep(&delay, nullptr);
}

int CallNext(const char* name, int file) {
  using Sync = int (*)(int);
  const auto next = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  return next(file);
}

}  // namespace

extern "C" int fsync(int file) {
  Wait();
  return CallNext("fsync", file);
}

extern "C" int fdatasync(int file) {
  Wait();
  return CallNext("fdatasync", file);
}
