// Error reasons (ErrorInfo.reason): what a program can branch on.
#ifndef FLYWHEEL_SHARED_STATUS_REASON_H_
#define FLYWHEEL_SHARED_STATUS_REASON_H_

#include <string_view>

namespace flywheel {

// The values of flywheel.common.v1.ErrorReason, number by number, for code that knows no protobuf.
// What each means stands there; a test holds the two together.
enum class Reason {
  kUnspecified = 0,
  kInvalidArgument = 1,
  kEmptyBatch = 2,
  kTooLarge = 3,
  kAlreadyExistsWithOtherContent = 4,
  kNotFound = 5,
  kUnauthenticated = 6,
  kPermissionDenied = 7,
  kDeadlineExceeded = 8,
  kBackPressure = 9,
  kStorageFull = 10,
  kStorageUnavailable = 11,
  kUpstreamUnavailable = 12,
  kWrongState = 13,
  kNotEnoughData = 14,
  kLeaseLost = 15,
  kGateNotPassed = 16,
  kShuttingDown = 17,
  kInternal = 18,
  kCancelled = 19,
  kStoreTooNew = 20,
  kInvalidConfiguration = 21,
  kUpstreamRefused = 22,
  kBusy = 23,
  kQuotaExceeded = 24,
  kLegalHold = 25,
  kErased = 26,
  kNoConsent = 27,
  kStoreCorrupt = 28,
};

// The name on the wire, such as "NOT_FOUND".
std::string_view ReasonName(Reason reason);

// The reason with this name; kUnspecified for an unknown one.
Reason ReasonFromName(std::string_view name);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_STATUS_REASON_H_
