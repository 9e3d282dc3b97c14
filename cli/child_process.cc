#include "cli/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"

namespace flywheel::cli {
namespace {

constexpr int kExitCannotExecute = 127;

// Everything that the child needs, made before the fork, because the child may not allocate.
struct ExecPlan {
  const char* binary;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  ChildOptions::Pipes pipes;
  pid_t parent;
};

[[noreturn]] void BecomeChild(const ExecPlan& plan) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have died before prctl.
  if (getppid() != plan.parent) _exit(kExitCannotExecute);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(plan.pipes.input, STDIN_FILENO);
  dup2(plan.pipes.output, STDOUT_FILENO);
  dup2(plan.pipes.error, STDERR_FILENO);
  // No socket or database of the parent stays open in the child.
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  execve(plan.binary, plan.arguments.data(), plan.environment.data());
  _exit(kExitCannotExecute);
}

// Linux sends the parent-death signal when the THREAD that forked ends. So one thread, which lives
// as long as the process, forks for all others.
class ForkThread {
 public:
  static pid_t Fork(const ExecPlan& plan) {
    static ForkThread& thread = *new ForkThread();
    Job job{&plan, -1, {}};
    {
      absl::MutexLock lock(&thread.mutex_);
      thread.jobs_.push_back(&job);
    }
    job.done.WaitForNotification();
    return job.pid;
  }

 private:
  struct Job {
    const ExecPlan* plan;
    pid_t pid;
    absl::Notification done;
  };

  ForkThread() {
    std::thread([this] { Run(); }).detach();
  }

  void Run() {
    // Signals of the program are for its other threads.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (true) {
      Job* job = nullptr;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(
            +[](std::vector<Job*>* jobs) { return !jobs->empty(); }, &jobs_));
        job = jobs_.back();
        jobs_.pop_back();
      }
      // Not fork(): that runs the fork handlers of every library, gRPC's too, and we only exec.
      job->pid = _Fork();
      if (job->pid == 0) BecomeChild(*job->plan);
      job->done.Notify();
    }
  }

  absl::Mutex mutex_;
  std::vector<Job*> jobs_ ABSL_GUARDED_BY(mutex_);
};

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& hidden) {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::string name = text.substr(0, text.find('='));
    if (std::find(hidden.begin(), hidden.end(), name) == hidden.end()) kept.push_back(text);
  }
  return kept;
}

std::string Ending(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    return fmt::format("signal {} ({})", signal, strsignal(signal));
  }
  return fmt::format("exit code {}", WEXITSTATUS(wait_status));
}

// The log file for both outputs, and an empty input.
absl::StatusOr<ChildOptions::Pipes> OpenLog(const std::string& log_file) {
  const int output = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) {
    return errors::InvalidConfiguration(
        "log file", fmt::format("'{}', which cannot be written ({})", log_file, strerror(errno)),
        "a directory that this user may write");
  }
  return ChildOptions::Pipes{open("/dev/null", O_RDONLY | O_CLOEXEC), output, output};
}

}  // namespace

absl::StatusOr<ChildProcess> ChildProcess::Start(const ChildOptions& options) {
  if (access(options.binary.c_str(), X_OK) != 0) {
    return errors::InvalidConfiguration(
        "binary", fmt::format("'{}', which cannot be executed", options.binary),
        "the services' binaries beside this command, as the build or the package puts them");
  }
  ChildOptions::Pipes pipes;
  if (options.pipes) {
    pipes = *options.pipes;
  } else {
    ASSIGN_OR_RETURN(pipes, OpenLog(options.log_file));
  }
  std::vector<std::string> arguments = options.arguments;
  arguments.insert(arguments.begin(), options.binary);
  std::vector<std::string> environment = Environment(options.hidden_variables);
  const pid_t pid = ForkThread::Fork(
      {options.binary.c_str(), Pointers(arguments), Pointers(environment), pipes, getpid()});
  const int fork_errno = errno;
  if (!options.pipes) {
    close(pipes.input);
    close(pipes.output);
  }
  if (pid < 0) {
    return errors::Internal(
        fmt::format("{} cannot be started: {}", options.binary, strerror(fork_errno)));
  }
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exited_(std::move(other.exited_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exited_, other.exited_);
  return *this;
}

std::optional<std::string> ChildProcess::Exited() {
  int wait_status = 0;
  if (pid_ > 0 && !exited_ && waitpid(pid_, &wait_status, WNOHANG) == pid_) {
    exited_ = Ending(wait_status);
  }
  return exited_;
}

bool ChildProcess::WaitForExit(absl::Duration timeout) {
  return PollUntil([this] { return pid_ <= 0 || Exited().has_value(); }, timeout);
}

void ChildProcess::Signal(int signal) {
  if (pid_ > 0 && !Exited()) kill(pid_, signal);
}

void ChildProcess::Terminate() { Signal(SIGTERM); }

void ChildProcess::Kill() {
  Signal(SIGKILL);
  WaitForExit(absl::InfiniteDuration());
}

void ChildProcess::KillGroup() {
  // Its number is nobody else's before it was reaped.
  if (pid_ > 0 && !exited_) kill(-pid_, SIGKILL);
  Kill();
}

}  // namespace flywheel::cli
