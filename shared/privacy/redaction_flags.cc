#include "shared/privacy/redaction_flags.h"

#include <utility>

#include "redaction/redaction_config.h"
#include "shared/rpc/flags.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel {

void AddRedactionFlags(CLI::App& app, std::string& mode, std::string& config_file) {
  rpc::AddFlag(app, "--redaction", mode,
               "replace personal data in texts before anything is stored: on or off");
  rpc::AddFlag(app, "--redaction-config-file", config_file,
               "JSON with further recognisers and built-in ones to leave out");
}

absl::StatusOr<std::optional<redaction::PiiDetector>> MakePiiDetector(
    const std::string& mode, const std::string& config_file) {
  if (mode == "off") return std::nullopt;
  if (mode != "on") {
    return errors::InvalidConfiguration("--redaction", mode, "on or off");
  }
  redaction::RedactionConfig table;
  if (!config_file.empty()) {
    ASSIGN_OR_RETURN(table, redaction::ReadRedactionConfig(config_file));
  }
  ASSIGN_OR_RETURN(redaction::PiiDetector detector, redaction::PiiDetector::Make(table));
  return detector;
}

}  // namespace flywheel
