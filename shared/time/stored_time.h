// A time as a store keeps it, truncated to microseconds.
#ifndef FLYWHEEL_SHARED_TIME_STORED_TIME_H_
#define FLYWHEEL_SHARED_TIME_STORED_TIME_H_

#include "absl/time/time.h"
#include "shared/time/clock.h"

namespace flywheel {

// What a store gives back of `time`, so that the first answer and every later one are the same.
inline absl::Time StoredTime(absl::Time time) { return FromMicros(ToMicros(time)); }

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TIME_STORED_TIME_H_
