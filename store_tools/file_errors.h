// Errors of commands that work on files, without a call that could be sent again.
#ifndef FLYWHEEL_STORE_TOOLS_FILE_ERRORS_H_
#define FLYWHEEL_STORE_TOOLS_FILE_ERRORS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace flywheel::store_tools {

// Says STORAGE_FULL and STORAGE_UNAVAILABLE, whose texts are made for callers of a service, for who
// runs a command: what failed, and `outcome`, such as "No backup was made.". The reason stays.
// Everything else is returned as it is.
absl::Status ForCommand(const absl::Status& status, std::string_view outcome);

// What `error` of the system's says: "cannot be read (Permission denied)".
std::string CannotBeRead(int error);

// INVALID_CONFIGURATION where the value of a flag that names a directory is empty.
absl::Status CheckGiven(std::string_view flag, const std::string& path);

}  // namespace flywheel::store_tools

#endif  // FLYWHEEL_STORE_TOOLS_FILE_ERRORS_H_
