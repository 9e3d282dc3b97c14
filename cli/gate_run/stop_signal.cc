#include "cli/gate_run/stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "absl/time/clock.h"

namespace flywheel::cli {
namespace {

std::atomic<bool> stopped{false};
// The ends of a pipe; nobody reads it, so that it stays readable for every thread.
int read_end = -1;
int write_end = -1;

void TakeSignal(int) {
  const int kept = errno;
  stopped = true;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = write(write_end, &byte, 1);
  errno = kept;
}

}  // namespace

void StopSignal::Install() {
  int ends[2] = {-1, -1};
  if (read_end >= 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  read_end = ends[0];
  write_end = ends[1];
  struct sigaction action = {};
  action.sa_handler = TakeSignal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool StopSignal::Stopped() { return stopped; }

int StopSignal::fd() { return read_end; }

bool StopSignal::Wait(absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  while (!Stopped()) {
    const absl::Duration left = std::min(end - absl::Now(), absl::Hours(1));
    if (left <= absl::ZeroDuration()) return true;
    pollfd ready = {.fd = read_end, .events = POLLIN, .revents = 0};
    poll(&ready, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
  }
  return false;
}

}  // namespace flywheel::cli
