// Progress of a long command, on standard error.
#ifndef FLYWHEEL_CLI_PROGRESS_LINE_H_
#define FLYWHEEL_CLI_PROGRESS_LINE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace flywheel::cli {

// Writes to standard error: one line that changes on a terminal, a line every ten seconds
// elsewhere; nothing of what is done sooner. Not thread-safe.
class ProgressLine {
 public:
  ProgressLine();
  // Leaves the cursor at the beginning of an empty line.
  ~ProgressLine();

  // `done` of `total`, in any unit.
  void Show(const std::string& what, int64_t done, int64_t total);

 private:
  const bool terminal_;
  absl::Time next_;
  bool shown_ = false;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_PROGRESS_LINE_H_
