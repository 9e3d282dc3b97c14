#include "shared/status/reason.h"

#include <array>
#include <cstddef>

namespace flywheel {
namespace {

constexpr std::array<std::string_view, 47> kNames = {
    "UNSPECIFIED",
    "INVALID_ARGUMENT",
    "EMPTY_BATCH",
    "TOO_LARGE",
    "ALREADY_EXISTS_WITH_OTHER_CONTENT",
    "NOT_FOUND",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "DEADLINE_EXCEEDED",
    "BACK_PRESSURE",
    "STORAGE_FULL",
    "STORAGE_UNAVAILABLE",
    "UPSTREAM_UNAVAILABLE",
    "",  // Was WRONG_STATE.
    "NOT_ENOUGH_DATA",
    "LEASE_LOST",
    "GATE_NOT_PASSED",
    "SHUTTING_DOWN",
    "INTERNAL",
    "CANCELLED",
    "STORE_TOO_NEW",
    "INVALID_CONFIGURATION",
    "UPSTREAM_REFUSED",
    "BUSY",
    "QUOTA_EXCEEDED",
    "LEGAL_HOLD",
    "ERASED",
    "NO_CONSENT",
    "STORE_CORRUPT",
    "NOT_CAUGHT_UP",
    "CHANGED_MEANWHILE",
    "ALREADY_UNDER_WAY",
    "ALREADY_ENDED",
    "NOT_TRIGGERED",
    "VERSION_NOT_ACTIVE",
    "NOT_RECOMMENDED",
    "LIMIT_EXCEEDED",
    "CURSOR_AHEAD",
    "CONTRADICTING_OUTPUTS",
    "KEY_EXPIRED",
    "OUTDATED",
    "CONTAMINATED",
    "NOT_EXPOSED",
    "WINDOW_OVER",
    "NO_FEED",
    "PRIVACY_BUDGET_SPENT",
    "RECOGNISER_UNAVAILABLE",
};

}  // namespace

std::string_view ReasonName(Reason reason) { return kNames[static_cast<size_t>(reason)]; }

Reason ReasonFromName(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (!name.empty() && kNames[i] == name) return static_cast<Reason>(i);
  }
  return Reason::kUnspecified;
}

}  // namespace flywheel
