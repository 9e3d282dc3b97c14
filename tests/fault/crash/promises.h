// What ingest promised, as its callers saw it.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::crash {

// "zqx" and six letters that count: a word that stands in every text and id of one person, that no
// rule of redaction changes, and that is found by a search for bytes.
inline constexpr char kMarkStart[] = "zqx";
inline constexpr size_t kMarkBytes = 9;

inline std::string Mark(int number) {
  std::string letters(kMarkBytes - 3, 'a');
  for (size_t i = letters.size(); number > 0; number /= 26) {
    letters[--i] = static_cast<char>('a' + number % 26);
  }
  return kMarkStart + letters;
}

// The mark in an id or a text; empty where there is none.
inline std::string MarkIn(const std::string& text) {
  const size_t place = text.find(kMarkStart);
  return place == std::string::npos ? "" : text.substr(place, kMarkBytes);
}

// What was acknowledged so far.
struct Promised {
  // Output by interaction id.
  std::map<std::string, std::string> interactions;
  std::set<std::string> signals;
  // The person's mark by the id of the interaction that an acknowledged trace becomes.
  std::map<std::string, std::string> traces;
  // Marks of people whose erasure was asked for, and of those for whom it was acknowledged.
  std::set<std::string> leaving;
  std::set<std::string> erased;
};

// Thread-safe.
class Promises {
 public:
  void AddInteraction(const std::string& id, const std::string& output) {
    absl::MutexLock lock(&mutex_);
    promised_.interactions[id] = output;
  }
  void AddSignal(const std::string& id) {
    absl::MutexLock lock(&mutex_);
    promised_.signals.insert(id);
  }
  void AddTrace(const std::string& interaction_id, const std::string& mark) {
    absl::MutexLock lock(&mutex_);
    promised_.traces[interaction_id] = mark;
  }

  // A person of whom all is acknowledged, and nothing more will be sent.
  void AddCompletePerson(const std::string& mark) {
    absl::MutexLock lock(&mutex_);
    complete_.push_back(mark);
  }
  // One of those; empty where there is none.
  std::string TakeCompletePerson() {
    absl::MutexLock lock(&mutex_);
    if (complete_.empty()) return "";
    const std::string mark = complete_.back();
    complete_.pop_back();
    promised_.leaving.insert(mark);
    return mark;
  }
  void AddErased(const std::string& mark) {
    absl::MutexLock lock(&mutex_);
    promised_.erased.insert(mark);
  }

  Promised Read() const {
    absl::MutexLock lock(&mutex_);
    return promised_;
  }

 private:
  mutable absl::Mutex mutex_;
  Promised promised_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> complete_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_
