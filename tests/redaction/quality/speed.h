// How fast texts are redacted on one core, chat and texts that were made to be slow.
#ifndef FLYWHEEL_TESTS_REDACTION_QUALITY_SPEED_H_
#define FLYWHEEL_TESTS_REDACTION_QUALITY_SPEED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/pii_detector.h"

namespace flywheel::redaction {

struct Speed {
  std::string name;
  double megabytes_per_second = 0;
  double target = 0;
};

// The best of three passes over each: chat with and without personal data in texts of 1 kB, and
// hostile texts of 10 MB.
absl::StatusOr<std::vector<Speed>> MeasureSpeeds(const PiiDetector& detector);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_QUALITY_SPEED_H_
