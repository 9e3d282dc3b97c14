// Load generator: everything that callers do to ingest at once, until they are stopped.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_LOAD_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_LOAD_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "tests/fault/crash/promises.h"

namespace flywheel::crash {

// Writers that send single interactions, batches, streams, traces of OpenTelemetry and signals, and
// one that forgets people. Each sends again what was not answered, as a client must.
class Load {
 public:
  // Starts. `promises` outlives this object.
  Load(std::string address, Promises* promises);
  ~Load() { Stop(); }

  // Ends when what is on its way was answered.
  void Stop();

  // What no caller should ever be answered; empty where all went well.
  std::vector<std::string> complaints() const;
  // Items that ingest knew already when they came: sent again after their acknowledgement was lost.
  int replayed() const { return replayed_; }

 private:
  void SendOneByOne();
  void SendBatches();
  void SendStreams();
  void SendTraces();
  void ForgetPeople();

  bool stopping() const { return stop_.HasBeenNotified(); }
  void Complain(const std::string& text);
  // Writes down what a batch was answered.
  template <typename Request, typename Results>
  void Acknowledge(const Request& request, const Results& results);

  const std::string address_;
  Promises& promises_;
  absl::Notification stop_;
  std::atomic<int> next_person_ = 0;
  std::atomic<int> replayed_ = 0;
  mutable absl::Mutex mutex_;
  std::vector<std::string> complaints_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_LOAD_H_
