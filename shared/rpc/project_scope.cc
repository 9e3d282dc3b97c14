#include "shared/rpc/project_scope.h"

#include <fmt/format.h>

#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::StatusOr<std::string> ProjectScope(const Caller& caller, bool all_projects) {
  if (!all_projects) return caller.project;
  if (caller.all_projects) return "";
  return errors::PermissionDenied(
      fmt::format("{} of project {}", RoleName(caller.role), caller.project),
      "service for all projects, and no project named in the metadata");
}

absl::Status RequireKeyOfAllProjects(const Caller& caller) {
  if (!caller.identity || caller.identity->project == "*") return absl::OkStatus();
  return errors::PermissionDenied(
      fmt::format("{} of project {}", RoleName(caller.role), caller.project),
      "service for all projects");
}

}  // namespace flywheel::rpc
