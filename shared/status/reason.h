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
  // 13 was one word for the last ten.
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
  kNotCaughtUp = 29,
  kChangedMeanwhile = 30,
  kAlreadyUnderWay = 31,
  kAlreadyEnded = 32,
  kNotTriggered = 33,
  kVersionNotActive = 34,
  kNotRecommended = 35,
  kLimitExceeded = 36,
  kCursorAhead = 37,
  kContradictingOutputs = 38,
  kKeyExpired = 39,
  kOutdated = 40,
  kContaminated = 41,
  kNotExposed = 42,
  kWindowOver = 43,
  kNoFeed = 44,
  kPrivacyBudgetSpent = 45,
  kRecogniserUnavailable = 46,
};

// The name on the wire, such as "NOT_FOUND".
std::string_view ReasonName(Reason reason);

// The reason with this name; kUnspecified for an unknown one.
Reason ReasonFromName(std::string_view name);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_STATUS_REASON_H_
