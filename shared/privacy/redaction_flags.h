// Command-line flags of redaction, which every service has alike.
#ifndef FLYWHEEL_SHARED_PRIVACY_REDACTION_FLAGS_H_
#define FLYWHEEL_SHARED_PRIVACY_REDACTION_FLAGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "redaction/pii_detector.h"

namespace CLI {
class App;
}

namespace flywheel {

// Adds --redaction and --redaction-config-file; each may stand in the environment too.
void AddRedactionFlags(CLI::App& app, std::string& mode, std::string& config_file);

// The detector of the process; nullopt where `mode` is "off". `config_file` may be empty.
// INVALID_CONFIGURATION for another word than on and off, and for a file that is none.
absl::StatusOr<std::optional<redaction::PiiDetector>> MakePiiDetector(
    const std::string& mode, const std::string& config_file);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_REDACTION_FLAGS_H_
