// How the library speaks to the experiment service.
#ifndef FLYWHEEL_ASSIGN_CLIENT_CONNECTION_H_
#define FLYWHEEL_ASSIGN_CLIENT_CONNECTION_H_

#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"

namespace flywheel::assign {

// The service, and who calls. Immutable, so thread-safe.
struct Connection {
  std::shared_ptr<experiment::v1::ExperimentService::Stub> stub;
  // Empty: none.
  std::string api_key;
  // Empty: the key's own.
  std::string project;

  void Prepare(grpc::ClientContext& context) const {
    // A service that restarts is there as soon as it is there.
    context.set_wait_for_ready(true);
    if (!api_key.empty()) context.AddMetadata("authorization", "Bearer " + api_key);
    if (!project.empty()) context.AddMetadata("x-flywheel-project", project);
  }
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CLIENT_CONNECTION_H_
