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

struct RedactionFlags {
  // "on": personal data in texts is replaced before anything is stored; "off": not.
  std::string mode = "on";
  // Further recognisers, and built-in ones to leave out (docs/redaction.md); empty: none.
  std::string config_file;
  // "on": names and addresses that no rule finds are looked for by a statistical model too. "off":
  // by rules alone, which is several times as fast.
  std::string tagger = "on";
};

// Adds --redaction, --redaction-config-file and --redaction-tagger; each may stand in the
// environment too.
void AddRedactionFlags(CLI::App& app, RedactionFlags& flags);

// The detector of the process; nullopt where the mode is "off". INVALID_CONFIGURATION for another
// word than on and off, and for a file that is none.
absl::StatusOr<std::optional<redaction::PiiDetector>> MakePiiDetector(const RedactionFlags& flags);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_REDACTION_FLAGS_H_
