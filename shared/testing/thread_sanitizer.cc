// Tells ThreadSanitizer what Abseil's locks order.
//
// The libraries of the system are not instrumented, so ThreadSanitizer sees no absl::Mutex and no
// absl::Notification, and would call everything that they guard a race. Every program of the tsan
// preset has these functions in front of the library's own, for its own code and for gRPC's. They
// do the same, and say: what was done before an Unlock was done before the next Lock.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" {
// The runtime's own (sanitizer/tsan_interface_atomic.h, dynamic annotations).
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

// Calls of the C library that gRPC, protobuf and SQLite make are theirs to order. A program ends
// with an error where there was a race, after all of them are printed.
const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }

// What crosses a library that is not instrumented, and whose order ThreadSanitizer cannot see.
const char* __tsan_default_suppressions() {
  return
      // gRPC hands operations from thread to thread by its own lists; their code is in headers.
      "race:grpc::internal::*\n"
      "race:grpc::CompletionQueue*\n"
      "race:grpc::ThreadManager*\n"
      // spdlog's loggers are shared_ptrs that the library and its headers count.
      "race:spdlog::*\n";
}
}

namespace {

// The names of Abseil in Debian 12.
constexpr char kMutexLock[] = "_ZN4absl7debian35Mutex4LockEv";
constexpr char kMutexUnlock[] = "_ZN4absl7debian35Mutex6UnlockEv";
constexpr char kMutexTryLock[] = "_ZN4absl7debian35Mutex7TryLockEv";
constexpr char kMutexReaderLock[] = "_ZN4absl7debian35Mutex10ReaderLockEv";
constexpr char kMutexReaderUnlock[] = "_ZN4absl7debian35Mutex12ReaderUnlockEv";
constexpr char kMutexLockWhen[] = "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE";
constexpr char kMutexLockWhenWithTimeout[] =
    "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE";
constexpr char kMutexLockWhenWithDeadline[] =
    "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE";
constexpr char kMutexAwait[] = "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE";
constexpr char kMutexAwaitWithTimeout[] =
    "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE";
constexpr char kMutexAwaitWithDeadline[] =
    "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE";
constexpr char kCondVarWait[] = "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE";
constexpr char kCondVarWaitWithTimeout[] =
    "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE";
constexpr char kCondVarWaitWithDeadline[] =
    "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE";
constexpr char kConditionEval[] = "_ZNK4absl7debian39Condition4EvalEv";
constexpr char kNotificationNotify[] = "_ZN4absl7debian312Notification6NotifyEv";
constexpr char kNotificationWaitForNotification[] =
    "_ZNK4absl7debian312Notification19WaitForNotificationEv";
constexpr char kNotificationWaitForNotificationWithTimeout[] =
    "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE";
constexpr char kNotificationWaitForNotificationWithDeadline[] =
    "_ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE";

// What this program would have called without this file.
template <typename Result, const char* kSymbol, typename... Arguments>
Result Next(Arguments... arguments) {
  using Function = Result (*)(Arguments...);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, kSymbol));
  if (next == nullptr) std::abort();  // Another Abseil than the one that the names are of.
  return next(arguments...);
}

// ThreadSanitizer takes places that it may write to.
void* Address(const std::atomic<bool>& flag) { return const_cast<std::atomic<bool>*>(&flag); }

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  Next<void, kMutexLock>(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  __tsan_release(this);
  Next<void, kMutexUnlock>(this);
}

bool Mutex::TryLock() {
  const bool locked = Next<bool, kMutexTryLock>(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  Next<void, kMutexReaderLock>(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  __tsan_release(this);
  Next<void, kMutexReaderUnlock>(this);
}

void Mutex::LockWhen(const Condition& condition) {
  Next<void, kMutexLockWhen>(this, &condition);
  __tsan_acquire(this);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  const bool holds = Next<bool, kMutexLockWhenWithTimeout>(this, &condition, timeout);
  __tsan_acquire(this);
  return holds;
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  const bool holds = Next<bool, kMutexLockWhenWithDeadline>(this, &condition, deadline);
  __tsan_acquire(this);
  return holds;
}

void Mutex::Await(const Condition& condition) {
  __tsan_release(this);
  Next<void, kMutexAwait>(this, &condition);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  __tsan_release(this);
  const bool holds = Next<bool, kMutexAwaitWithTimeout>(this, &condition, timeout);
  __tsan_acquire(this);
  return holds;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  __tsan_release(this);
  const bool holds = Next<bool, kMutexAwaitWithDeadline>(this, &condition, deadline);
  __tsan_acquire(this);
  return holds;
}

void CondVar::Wait(Mutex* mutex) {
  __tsan_release(mutex);
  Next<void, kCondVarWait>(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  __tsan_release(mutex);
  const bool ended = Next<bool, kCondVarWaitWithTimeout>(this, mutex, timeout);
  __tsan_acquire(mutex);
  return ended;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  __tsan_release(mutex);
  const bool ended = Next<bool, kCondVarWaitWithDeadline>(this, mutex, deadline);
  __tsan_acquire(mutex);
  return ended;
}

// Who unlocks looks at the conditions of those who wait, after it has said that it is done.
bool Condition::Eval() const {
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  const bool holds = Next<bool, kConditionEval>(this);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  return holds;
}

// HasBeenNotified stands in the header, and so is seen: it acquires what this releases.
void Notification::Notify() {
  __tsan_release(&notified_yet_);
  Next<void, kNotificationNotify>(this);
}

void Notification::WaitForNotification() const {
  Next<void, kNotificationWaitForNotification>(this);
  __tsan_acquire(Address(notified_yet_));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  const bool notified = Next<bool, kNotificationWaitForNotificationWithTimeout>(this, timeout);
  if (notified) __tsan_acquire(Address(notified_yet_));
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  const bool notified = Next<bool, kNotificationWaitForNotificationWithDeadline>(this, deadline);
  if (notified) __tsan_acquire(Address(notified_yet_));
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
