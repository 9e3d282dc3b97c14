// Error codes of the library: why a method gives no number, as a status.
#ifndef FLYWHEEL_STATISTICS_REFUSAL_H_
#define FLYWHEEL_STATISTICS_REFUSAL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace flywheel::statistics {

// Why a method of this library gave no number. A wrong number decides a release; a refusal only
// delays it, so every method refuses rather than return a NaN, a zero or a clamped guess.
enum class Refusal {
  kArgumentOutOfRange,       // a parameter is outside its documented range, or is not finite
  kSizeMismatch,             // two sequences that belong together differ in length
  kTooFewUnits,              // fewer units than the method needs to estimate a variance
  kTooFewClusters,           // fewer than two clusters: no variance between them exists
  kTooFewArms,               // fewer than two arms have a positive weight
  kZeroVariance,             // every unit has the same value, so there is no standard error
  kZeroControlMean,          // a relative effect would divide by zero
  kRateAtFloor,              // a rate equal to the floor is never decided, however many cases
  kCompleteChanceAgreement,  // all ratings in one category: chance explains all agreement
};

// The stable name of a refusal, e.g. "ZERO_CONTROL_MEAN": fit for ErrorInfo.reason and for
// storage.
const char* RefusalName(Refusal refusal);

// A status that carries `refusal` in a payload and `explanation` for people.
// INVALID_ARGUMENT for kArgumentOutOfRange and kSizeMismatch (the caller is wrong), otherwise
// FAILED_PRECONDITION (the data do not support an answer yet).
absl::Status Refuse(Refusal refusal, const std::string& explanation);

// The refusal that `status` carries, or nothing when it was not made by Refuse().
std::optional<Refusal> RefusalOf(const absl::Status& status);

// OK when 0 < `value` < 1, else kArgumentOutOfRange naming `argument`.
absl::Status RequireOpenProbability(const char* argument, double value);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_REFUSAL_H_
