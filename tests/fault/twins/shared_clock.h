// Clock in a file that several processes map, so that their time is the same and moves when a test
// moves it.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_SHARED_CLOCK_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_SHARED_CLOCK_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "shared/time/clock.h"

namespace flywheel::fault {

// Thread-safe, between processes too.
class SharedClock final : public Clock {
 public:
  // Makes the file, at the microsecond 0, where it does not exist. Ends the process where it
  // cannot.
  explicit SharedClock(const std::string& path);
  ~SharedClock() override;
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;

  absl::Time Now() const override;
  void Advance(absl::Duration duration);

 private:
  int64_t* micros_ = nullptr;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_SHARED_CLOCK_H_
