// Formats an enum value of the contracts for people, without the prefix of its enum.
#ifndef FLYWHEEL_CLI_VALUE_NAME_H_
#define FLYWHEEL_CLI_VALUE_NAME_H_

#include <string>
#include <string_view>

namespace flywheel::cli {

// "PASS" for "DECISION_PASS" and "DECISION_". A value that this build does not know has no name,
// and stays "".
inline std::string ValueName(const std::string& name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_VALUE_NAME_H_
