#include "shared/privacy/redaction_flags.h"

#include <utility>

#include "redaction/redaction_config.h"
#include "shared/rpc/flags.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel {

void AddRedactionFlags(CLI::App& app, RedactionFlags& flags) {
  rpc::AddFlag(app, "--redaction", flags.mode,
               "replace personal data in texts before anything is stored: on or off");
  rpc::AddFlag(app, "--redaction-config-file", flags.config_file,
               "JSON with further recognisers and built-in ones to leave out");
  rpc::AddFlag(app, "--redaction-tagger", flags.tagger,
               "look for names and addresses that no rule finds by a statistical model: on or off");
}

absl::StatusOr<std::optional<redaction::PiiDetector>> MakePiiDetector(const RedactionFlags& flags) {
  if (flags.mode == "off") return std::nullopt;
  if (flags.mode != "on") {
    return errors::InvalidConfiguration("--redaction", flags.mode, "on or off");
  }
  redaction::RedactionConfig table;
  if (!flags.config_file.empty()) {
    ASSIGN_OR_RETURN(table, redaction::ReadRedactionConfig(flags.config_file));
  }
  // The flag only takes away: what the file turned off stays off.
  if (flags.tagger == "off") {
    table.tagger.on = false;
  } else if (flags.tagger != "on") {
    return errors::InvalidConfiguration("--redaction-tagger", flags.tagger, "on or off");
  }
  ASSIGN_OR_RETURN(redaction::PiiDetector detector, redaction::PiiDetector::Make(table));
  return detector;
}

}  // namespace flywheel
