// Version and revision of this build.
#ifndef FLYWHEEL_SHARED_VERSION_VERSION_H_
#define FLYWHEEL_SHARED_VERSION_VERSION_H_

#include <string>
#include <string_view>

namespace flywheel {

// The version of the project, which CMakeLists.txt says: "1.2.3".
std::string_view Version();

// The same with the git revision that was built, where there was a repository: "1.2.3
// (0123456789ab)".
std::string CodeVersion();

// What `program` answers to --version: "flywheel-ingest 1.2.3 (0123456789ab)".
std::string VersionLine(std::string_view program);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_VERSION_VERSION_H_
