#include "cli/gate_run/line_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "absl/time/clock.h"
#include "cli/gate_run/stop_signal.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

constexpr char kShell[] = "/bin/sh";
constexpr size_t kMostOfALine = size_t{64} << 20;
constexpr size_t kKeptOfErrors = size_t{4} << 10;
// A process whose input or output is closed is about to be gone.
constexpr absl::Duration kEndingTimeout = absl::Seconds(2);

struct Pipe {
  Descriptor read, write;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return errors::Internal(fmt::format("no pipe for the agent: {}", strerror(errno)));
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void DoNotBlock(const Descriptor& descriptor) {
  fcntl(descriptor.get(), F_SETFL, fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

// Writing to a process that is gone is an answer here, and no reason to end. The process itself
// gets the signals as they always are.
void WithoutPipeSignal() {
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// False at the end of the file. What cannot be read now is no end.
bool ReadSome(int fd, std::string& text) {
  std::array<char, 65'536> bytes;
  const ssize_t count = read(fd, bytes.data(), bytes.size());
  if (count > 0) text.append(bytes.data(), static_cast<size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

void Descriptor::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

absl::StatusOr<LineProcess> LineProcess::Start(const std::string& command) {
  WithoutPipeSignal();
  ASSIGN_OR_RETURN(Pipe input, MakePipe());
  ASSIGN_OR_RETURN(Pipe output, MakePipe());
  ASSIGN_OR_RETURN(Pipe error, MakePipe());
  ChildOptions options;
  options.binary = kShell;
  options.arguments = {"-c", command};
  // Who is judged does not speak to the judge.
  options.hidden_variables = {"FLYWHEEL_KEY_FILE", "FLYWHEEL_CERTIFICATE_KEY_FILE"};
  options.pipes = {
      .input = input.read.get(), .output = output.write.get(), .error = error.write.get()};
  ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::Start(options));
  for (const Descriptor* one : {&input.write, &output.read, &error.read}) DoNotBlock(*one);
  return LineProcess(std::move(child), std::move(input.write), std::move(output.read),
                     std::move(error.read));
}

Exchanged LineProcess::Exchange(std::string_view line, absl::Duration timeout,
                                std::string& answer) {
  const absl::Time end = absl::Now() + timeout;
  to_write_ = std::string(line) + '\n';
  written_ = 0;
  bool takes = Write();
  while (!TakeLine(answer)) {
    if (read_.size() > kMostOfALine) return Exchanged::kTooLong;
    const absl::Duration left = std::min(end - absl::Now(), absl::Hours(1));
    if (left <= absl::ZeroDuration()) return Exchanged::kTimedOut;
    std::array<pollfd, 4> ready = {{
        {.fd = StopSignal::fd(), .events = POLLIN, .revents = 0},
        {.fd = output_.get(), .events = POLLIN, .revents = 0},
        {.fd = error_.get(), .events = POLLIN, .revents = 0},
        {.fd = takes && written_ < to_write_.size() ? input_.get() : -1,
         .events = POLLOUT,
         .revents = 0},
    }};
    poll(ready.data(), ready.size(), static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    if (StopSignal::Stopped()) return Exchanged::kStopped;
    if (ready[2].revents != 0) ReadError();
    if (ready[3].revents != 0) takes = Write();
    // What it said before it ended counts.
    if (ready[1].revents != 0 && !Read()) {
      return TakeLine(answer) ? Exchanged::kLine : Exchanged::kEnded;
    }
  }
  return Exchanged::kLine;
}

bool LineProcess::Write() {
  const ssize_t count =
      write(input_.get(), to_write_.data() + written_, to_write_.size() - written_);
  if (count > 0) written_ += static_cast<size_t>(count);
  return count >= 0 || errno == EAGAIN || errno == EINTR;
}

bool LineProcess::Read() {
  if (ReadSome(output_.get(), read_)) return true;
  // The last line may have no end.
  if (!IsBlank(read_)) read_ += '\n';
  return false;
}

void LineProcess::ReadError() {
  if (!ReadSome(error_.get(), said_)) error_.Close();
  if (said_.size() > 2 * kKeptOfErrors) said_.erase(0, said_.size() - kKeptOfErrors);
}

bool LineProcess::TakeLine(std::string& line) {
  for (size_t end = read_.find('\n', searched_); end != std::string::npos; end = read_.find('\n')) {
    line = read_.substr(0, end);
    read_.erase(0, end + 1);
    searched_ = 0;
    if (!IsBlank(line)) return true;
  }
  searched_ = read_.size();
  return false;
}

bool LineProcess::ReadTheLine() const {
  int waiting = 0;
  // The pipe keeps what nobody read, also once its reader is gone.
  if (ioctl(input_.get(), FIONREAD, &waiting) != 0) return true;
  return static_cast<size_t>(waiting) < written_;
}

bool LineProcess::SaidMore() {
  ReadSome(output_.get(), read_);
  return !IsBlank(read_);
}

void LineProcess::Close() {
  input_.Close();
  if (!StopSignal::Stopped()) child_.WaitForExit(kEndingTimeout);
}

std::string LineProcess::Ending() {
  if (!child_.WaitForExit(kEndingTimeout)) {
    child_.KillGroup();
    return "its output was closed";
  }
  return child_.Exited().value_or("gone");
}

std::string LineProcess::LastError() {
  while (error_.get() >= 0) {
    const size_t before = said_.size();
    ReadError();
    if (said_.size() <= before) break;
  }
  while (!said_.empty() && IsBlank(said_.substr(said_.size() - 1))) said_.pop_back();
  const size_t line = said_.rfind('\n');
  return line == std::string::npos ? said_ : said_.substr(line + 1);
}

}  // namespace flywheel::cli
