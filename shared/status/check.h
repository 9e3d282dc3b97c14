// An invariant check that is on in every build: prints the condition and where it stands, and
// aborts.
//
// For what only a mistake in this program can break: a caller's duty, an index, a lock that is
// taken twice. Input from outside and faults of the machine are answered with an absl::Status,
// never with this. A service that goes on after a broken invariant writes what nobody can trust,
// and the store survives an abort as it survives kill -9.
//
//   FLYWHEEL_CHECK(row.label < num_classes_, "a label the classifier was made for");
#ifndef FLYWHEEL_SHARED_STATUS_CHECK_H_
#define FLYWHEEL_SHARED_STATUS_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace flywheel {

[[noreturn]] inline void CheckFailed(const char* condition, const char* want, const char* file,
                                     int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s, want %s\n", file, line, condition, want);
  std::abort();
}

}  // namespace flywheel

// `want` says in words what has to hold.
#define FLYWHEEL_CHECK(condition, want)                              \
  do {                                                               \
    if (!(condition)) [[unlikely]]                                   \
      ::flywheel::CheckFailed(#condition, want, __FILE__, __LINE__); \
  } while (false)

#endif  // FLYWHEEL_SHARED_STATUS_CHECK_H_
