// Reads the configuration of redaction: rules that an operator adds, and built-in ones left out.
#ifndef FLYWHEEL_REDACTION_REDACTION_CONFIG_H_
#define FLYWHEEL_REDACTION_REDACTION_CONFIG_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/recogniser.h"
#include "redaction/tagger/thresholds.h"

namespace flywheel::redaction {

struct RedactionConfig {
  // Names of built-in recognisers that are left out, such as "ipv4".
  std::vector<std::string> disabled;
  // The operator's own, tried beside the built-in ones.
  std::vector<Recogniser> recognisers;
  // How sure the tagger must be, by type, and whether it runs at all.
  TaggerThresholds tagger;
};

// Reads a configuration, such as
//
//   {"disabled": ["ipv4"],
//    "recognisers": [{"name": "employee_number", "pattern": "\\bEMP-[0-9]{6}\\b",
//                     "words": ["emp-"], "context": ["employee", "staff"], "check": "luhn"}]}
//
// "tagger" is "off", or says for types how sure the tagger must be, or "off", or "on" for its usual
// measure: {"tagger": {"NAME": 0.9, "ORGANISATION": "on"}}.
//
// `name` (lower-case letters, digits and '_') is the placeholder's in capitals:
// [EMPLOYEE_NUMBER_1]. Of `pattern` (RE2, at most 1,000 characters) group 1, or all, is replaced.
// `words`: what the pattern begins with, 3 characters or more, for it is looked for only there;
// without them, the pattern begins with a number. `context` and `check` are optional.
// INVALID_CONFIGURATION names the recogniser, or the line of JSON that cannot be read.
absl::StatusOr<RedactionConfig> ParseRedactionConfig(std::string_view json);

// The same from a file. INVALID_CONFIGURATION where it cannot be read.
absl::StatusOr<RedactionConfig> ReadRedactionConfig(const std::string& path);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_REDACTION_CONFIG_H_
