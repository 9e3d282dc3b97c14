// Permission check of files that hold keys.
#ifndef FLYWHEEL_SHARED_RPC_SECRET_FILE_H_
#define FLYWHEEL_SHARED_RPC_SECRET_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace flywheel::rpc {

// Whoever may write a file of keys can give themselves a key. INVALID_CONFIGURATION, which names
// `flag` and the file, where its group or everybody may write it; a line in the log where they may
// read it. OK for a file that is not there, which its reader tells better.
absl::Status CheckSecretFile(std::string_view flag, const std::string& path);

// A line in the log where others than its user may write the directory of a store: volumes of
// containers often come so.
void WarnOfOpenDirectory(std::string_view flag, const std::string& path);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_SECRET_FILE_H_
