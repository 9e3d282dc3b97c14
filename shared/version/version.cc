#include "shared/version/version.h"

#include <fmt/format.h>

#include "shared/version/revision.h"

namespace flywheel {

std::string_view Version() { return FLYWHEEL_VERSION; }

std::string CodeVersion() { return fmt::format("{}{}", Version(), FLYWHEEL_REVISION); }

std::string VersionLine(std::string_view program) {
  return fmt::format("{} {}", program, CodeVersion());
}

}  // namespace flywheel
