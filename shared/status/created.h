// Result of an idempotent call: the value, and whether it was there before.
#ifndef FLYWHEEL_SHARED_STATUS_CREATED_H_
#define FLYWHEEL_SHARED_STATUS_CREATED_H_

namespace flywheel {

// What there is now, and whether an earlier call with the same id and content had made it so.
template <typename T>
struct Created {
  T value;
  bool replayed = false;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_STATUS_CREATED_H_
