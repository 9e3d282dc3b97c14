// Named constructors for every error that leaves a service. Each says what, got, want and the next
// step, and carries google.rpc.ErrorInfo (and RetryInfo, BadRequest) as payloads of the
// absl::Status, which the one seam in shared/rpc/status_to_grpc.h copies to the wire.
#ifndef FLYWHEEL_SHARED_STATUS_ERRORS_H_
#define FLYWHEEL_SHARED_STATUS_ERRORS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/status/reason.h"

namespace flywheel::errors {

// One field and what is wrong with it: "got 1.5, want 0 to 1".
struct FieldViolation {
  std::string field;
  std::string description;
};

// INVALID_ARGUMENT. Names the first ten violations; `violations` must not be empty.
absl::Status InvalidArgument(const std::vector<FieldViolation>& violations);
absl::Status InvalidArgument(std::string_view field, std::string_view got, std::string_view want);
absl::Status EmptyBatch(std::string_view field);
absl::Status TooLarge(std::string_view field, int64_t got, int64_t limit, std::string_view unit);

// NOT_FOUND, ALREADY_EXISTS and FAILED_PRECONDITION. `what` is a noun such as "dataset version".
absl::Status NotFound(std::string_view what, std::string_view id, std::string_view next_step);
absl::Status AlreadyExistsWithOtherContent(
    std::string_view what, std::string_view id,
    std::string_view next_step = "Send new content under a new id.");
// FAILED_PRECONDITION for whatever `reason` says.
absl::Status FailedPrecondition(Reason reason, std::string_view what, std::string_view id,
                                std::string_view got, std::string_view want);
absl::Status LeaseLost(std::string_view what, std::string_view id, std::string_view holder);
absl::Status GateNotPassed(std::string_view model_version, std::string_view got);
absl::Status NotEnoughData(std::string_view what, std::string_view got, std::string_view want);

// Who may call.
absl::Status Unauthenticated(std::string_view got);
absl::Status KeyExpired(std::string_view key_id, std::string_view expire_time);
absl::Status PermissionDenied(std::string_view role, std::string_view want);
// PERMISSION_DENIED: the role would do, but others were named for `what`, such as "suite".
absl::Status KeyNotNamed(std::string_view key_id, std::string_view what, std::string_view id,
                         std::string_view named_by);

// Not now. All carry RetryInfo but DeadlineExceeded, Cancelled and a QuotaExceeded without `retry`.
absl::Status DeadlineExceeded();
absl::Status Cancelled();
// UNAVAILABLE: it is on its way.
absl::Status NotCaughtUp(std::string_view what, std::string_view got, std::string_view want,
                         absl::Duration retry);
// ABORTED: what the call stands on did not hold still.
absl::Status ChangedMeanwhile(std::string_view what, std::string_view id, std::string_view got);
absl::Status BackPressure(int64_t queued_bytes, int64_t limit_bytes);
absl::Status StorageFull(std::string_view detail);
absl::Status StorageUnavailable(std::string_view detail);
absl::Status UpstreamUnavailable(std::string_view service, std::string_view address,
                                 std::string_view detail);
// Texts were not looked at by the recogniser that has to see them, and are not stored. `detail`
// holds nothing of a text.
absl::Status RecogniserUnavailable(std::string_view detail);
// More calls of a kind run than may run at once; `what` is their method or noun.
absl::Status Busy(std::string_view what, int64_t limit);
// The same where calls that run hold too many bytes.
absl::Status BusyWithBytes(std::string_view what, int64_t held, int64_t limit);
absl::Status ShuttingDown();
// A project is over what the operator allows it: `what` such as "interactions a second". Without
// `retry` waiting does not help.
absl::Status QuotaExceeded(std::string_view project, std::string_view what, int64_t limit,
                           std::optional<absl::Duration> retry = std::nullopt);
// RESOURCE_EXHAUSTED: what a project may tell with noise is told until `reset_time`. All three are
// for people. Without RetryInfo: it is days.
absl::Status PrivacyBudgetSpent(std::string_view project, std::string_view spent,
                                std::string_view budget, std::string_view reset_time);

// What people and courts forbid.
// `held_by` is the id of a key; may be empty.
absl::Status LegalHold(std::string_view reason, std::string_view held_by);
absl::Status Erased(std::string_view what, std::string_view id);
// `purpose` is "record" or "train".
absl::Status NoConsent(std::string_view purpose);

// An upstream is there and says no (wrong key, role or certificate): only an operator can mend it.
absl::Status UpstreamRefused(std::string_view service, std::string_view address,
                             std::string_view detail);

// What keeps a program from starting; StoreCorrupt also where damage is met later.
absl::Status StoreTooNew(std::string_view path, int64_t got, int64_t want);
absl::Status StoreCorrupt(std::string_view path, std::string_view detail);
absl::Status InvalidConfiguration(std::string_view flag, std::string_view got,
                                  std::string_view want);

// A fault of ours. `detail` reaches the log, never the caller.
absl::Status Internal(std::string_view detail);

// What a status carries.
Reason ReasonOf(const absl::Status& status);
std::map<std::string, std::string> MetadataOf(const absl::Status& status);
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);
// The message as std::string: the one place that touches Abseil's string_view.
std::string MessageOf(const absl::Status& status);

}  // namespace flywheel::errors

#endif  // FLYWHEEL_SHARED_STATUS_ERRORS_H_
