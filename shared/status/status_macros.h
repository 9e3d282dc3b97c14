// RETURN_IF_ERROR and ASSIGN_OR_RETURN with the names and the meaning of upstream Abseil's own,
// which the packaged Abseil does not have yet.
#ifndef FLYWHEEL_SHARED_STATUS_STATUS_MACROS_H_
#define FLYWHEEL_SHARED_STATUS_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define FLYWHEEL_STATUS_MACRO_JOIN_INNER(a, b) a##b
#define FLYWHEEL_STATUS_MACRO_JOIN(a, b) FLYWHEEL_STATUS_MACRO_JOIN_INNER(a, b)
#define FLYWHEEL_STATUS_MACRO_RETURN(name, expression)  \
  do {                                                  \
    if (absl::Status name = (expression); !name.ok()) { \
      return name;                                      \
    }                                                   \
  } while (false)
#define FLYWHEEL_STATUS_MACRO_ASSIGN(name, left, expression) \
  auto name = (expression);                                  \
  if (!name.ok()) return std::move(name).status();           \
  left = *std::move(name)

// Returns from the enclosing function if `expression` is not OK. Names come from __COUNTER__,
// because an expression may hold a lambda that uses the macro again.
#define RETURN_IF_ERROR(expression)                                                           \
  FLYWHEEL_STATUS_MACRO_RETURN(FLYWHEEL_STATUS_MACRO_JOIN(status_macro_status_, __COUNTER__), \
                               expression)

// Evaluates an absl::StatusOr; assigns its value to `left`, or returns its status.
#define ASSIGN_OR_RETURN(left, expression)                                                         \
  FLYWHEEL_STATUS_MACRO_ASSIGN(FLYWHEEL_STATUS_MACRO_JOIN(status_macro_value_, __COUNTER__), left, \
                               expression)

#endif  // FLYWHEEL_SHARED_STATUS_STATUS_MACROS_H_
