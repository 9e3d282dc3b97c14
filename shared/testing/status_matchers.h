// GoogleTest matchers for absl::Status, which the packaged Abseil does not have yet.
#ifndef FLYWHEEL_SHARED_TESTING_STATUS_MATCHERS_H_
#define FLYWHEEL_SHARED_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <grpcpp/support/status.h>

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"

namespace flywheel::testing {

inline absl::Status StatusOf(const absl::Status& status) { return status; }
inline absl::Status StatusOf(const grpc::Status& status) { return rpc::FromGrpcStatus(status); }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// OK, for absl::Status, absl::StatusOr and grpc::Status.
MATCHER(IsOk, "is OK") {
  const absl::Status status = StatusOf(arg);
  *result_listener << "whose status is " << status.ToString();
  return status.ok();
}

// An error with this reason: EXPECT_THAT(status, HasReason(Reason::kNotFound)).
MATCHER_P(HasReason, reason, "") {
  const absl::Status status = StatusOf(arg);
  *result_listener << "whose status is " << status.ToString();
  return !status.ok() && errors::ReasonOf(status) == reason;
}

}  // namespace flywheel::testing

#define ASSERT_OK(expression) ASSERT_THAT((expression), ::flywheel::testing::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT((expression), ::flywheel::testing::IsOk())

#endif  // FLYWHEEL_SHARED_TESTING_STATUS_MATCHERS_H_
