// Ledger of ingest's answers: what it promised, as its callers saw it.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace flywheel::crash {

// "zqx" and six letters that count: a word that stands in every text of one person, that no
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

// The id of a mark's person. Another word: a user's id in a text is replaced, and the mark is not.
inline std::string UserOf(const std::string& mark) { return "p-" + mark.substr(3); }

// The mark in an id or a text; empty where there is none.
inline std::string MarkIn(const std::string& text) {
  const size_t place = text.find(kMarkStart);
  return place == std::string::npos ? "" : text.substr(place, kMarkBytes);
}

// A record that was acknowledged.
struct PromisedRecord {
  enum class Kind { kInteraction, kSignal, kTrace };
  Kind kind;
  // Of a trace, that of the interaction that it becomes.
  std::string id;
  // Whose it is.
  std::string mark;
  // Of an interaction.
  std::string output;
};

// Thread-safe.
class Promises {
 public:
  void Add(PromisedRecord record) {
    absl::MutexLock lock(&mutex_);
    records_.push_back(std::move(record));
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
    std::string mark = complete_.back();
    complete_.pop_back();
    leaving_.insert(mark);
    return mark;
  }
  void AddErased(const std::string& mark) {
    absl::MutexLock lock(&mutex_);
    erased_.insert(mark);
  }

  // Takes out what was acknowledged since it was last asked for: for one caller.
  std::vector<PromisedRecord> Take() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(records_, {});
  }
  // Marks of people whose erasure was asked for.
  std::set<std::string> leaving() const {
    absl::MutexLock lock(&mutex_);
    return leaving_;
  }
  // Marks of people whose erasure was acknowledged.
  std::set<std::string> erased() const {
    absl::MutexLock lock(&mutex_);
    return erased_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<PromisedRecord> records_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> complete_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> leaving_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> erased_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_PROMISES_H_
