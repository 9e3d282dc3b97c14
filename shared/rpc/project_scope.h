// Authorisation of a read across projects.
#ifndef FLYWHEEL_SHARED_RPC_PROJECT_SCOPE_H_
#define FLYWHEEL_SHARED_RPC_PROJECT_SCOPE_H_

#include <string>

#include "absl/status/statusor.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::rpc {

// The project that a request reads: the caller's or, with `all_projects`, "" for all.
// PERMISSION_DENIED for all of them without a service key for all projects.
absl::StatusOr<std::string> ProjectScope(const Caller& caller, bool all_projects);

// For what only the operator's services may say, of whichever project: PERMISSION_DENIED for a key
// of one project. OK where the server has no keys.
absl::Status RequireKeyOfAllProjects(const Caller& caller);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_PROJECT_SCOPE_H_
