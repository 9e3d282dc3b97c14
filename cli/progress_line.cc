#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/time/clock.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kOnTerminal = absl::Milliseconds(200);
constexpr absl::Duration kElsewhere = absl::Seconds(10);
// To the beginning of the line, and nothing behind.
constexpr char kClear[] = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) == 1),
      next_(absl::Now() + (terminal_ ? kOnTerminal : kElsewhere)) {}

ProgressLine::~ProgressLine() {
  if (terminal_ && shown_) std::fputs(kClear, stderr);
}

void ProgressLine::Show(const std::string& what, int64_t done, int64_t total) {
  const absl::Time now = absl::Now();
  if (now < next_) return;
  next_ = now + (terminal_ ? kOnTerminal : kElsewhere);
  shown_ = true;
  const int64_t percent = done * 100 / std::max<int64_t>(total, 1);
  fmt::print(stderr, "{}{}: {} %{}", terminal_ ? kClear : "", what, percent, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace flywheel::cli
