// A shell command that is asked in lines and answers in lines.
#ifndef FLYWHEEL_CLI_GATE_RUN_LINE_PROCESS_H_
#define FLYWHEEL_CLI_GATE_RUN_LINE_PROCESS_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/child_process.h"

namespace flywheel::cli {

// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }

  int get() const { return fd_; }
  void Close();

 private:
  int fd_;
};

// How an exchange of lines ended.
enum class Exchanged {
  kLine,
  // The process closed its output, or was gone, before it answered.
  kEnded,
  kTimedOut,
  // The user wants to stop.
  kStopped,
  // The line has no end within 64 MiB.
  kTooLong,
};

// The command runs below /bin/sh, in a process group of its own, without the variables that lead to
// the gate's key, and is killed with all that it started when this goes. For one thread.
class LineProcess {
 public:
  static absl::StatusOr<LineProcess> Start(const std::string& command);

  LineProcess(LineProcess&&) = default;
  LineProcess& operator=(LineProcess&&) = default;
  ~LineProcess() { child_.KillGroup(); }

  // Sends a line, which has no end yet, and waits for one that is not blank; `answer` has it
  // without its end. What the process says on standard error is taken meanwhile.
  Exchanged Exchange(std::string_view line, absl::Duration timeout, std::string& answer);

  // Whether the process read any of the last line. One that ends after each answer ends without
  // having read the next.
  bool ReadTheLine() const;

  // Whether it said more than it was asked for: what comes next may belong to another question.
  bool SaidMore();

  // Closes its input and gives it a moment to end by itself, such as to flush what it writes.
  void Close();

  // Waits until it is gone, kills it otherwise, and says how it ended, such as "exit code 2".
  std::string Ending();

  // The last line that it wrote to standard error; empty where there is none.
  std::string LastError();

 private:
  LineProcess(ChildProcess child, Descriptor input, Descriptor output, Descriptor error)
      : child_(std::move(child)),
        input_(std::move(input)),
        output_(std::move(output)),
        error_(std::move(error)) {}

  // False where the process closed it.
  bool Write();
  bool Read();
  void ReadError();
  bool TakeLine(std::string& line);

  ChildProcess child_;
  Descriptor input_, output_, error_;
  std::string to_write_;
  size_t written_ = 0;
  // What was read and not taken yet; up to `searched_` there is no end of a line.
  std::string read_;
  size_t searched_ = 0;
  // The end of what it wrote to standard error.
  std::string said_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_LINE_PROCESS_H_
