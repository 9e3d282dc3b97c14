// A disk that somebody holds: preloaded into a process, it makes every fsync and fdatasync wait
// until nobody has an exclusive lock (flock) on the file FLYWHEEL_SYNC_GATE.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

void PassGate() {
  const char* const path = std::getenv("FLYWHEEL_SYNC_GATE");
  if (path == nullptr) return;
  const int gate = open(path, O_RDONLY | O_CLOEXEC);
  if (gate < 0) return;
  while (flock(gate, LOCK_SH) != 0 && errno == EINTR) {
  }
  close(gate);
}

int CallNext(const char* name, int file) {
  using Sync = int (*)(int);
  const auto next = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  return next(file);
}

}  // namespace

extern "C" int fsync(int file) {
  PassGate();
  return CallNext("fsync", file);
}

extern "C" int fdatasync(int file) {
  PassGate();
  return CallNext("fdatasync", file);
}
