// Times for people and files: UTC, in the form of RFC 3339.
#ifndef FLYWHEEL_SHARED_TIME_TIME_TEXT_H_
#define FLYWHEEL_SHARED_TIME_TIME_TEXT_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace flywheel {

// To the microsecond, without zeros at the end: "2026-11-21T12:00:00.25Z".
inline std::string TimeText(absl::Time time) {
  const absl::Time cut =
      absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Microseconds(1));
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", cut, absl::UTCTimeZone());
}

// In whole seconds, cut: "2026-11-21T12:00:00Z".
inline std::string SecondsText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

// Nothing where `text` is no time of RFC 3339, of any zone.
inline std::optional<absl::Time> ParseTimeText(const std::string& text) {
  absl::Time time;
  std::string ignored;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &ignored)) return std::nullopt;
  return time;
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TIME_TIME_TEXT_H_
