// The call that lists agents.
#include <string>

#include "experiment_service/agent_directory.h"
#include "experiment_service/rpc/convert_agent.h"
#include "experiment_service/rpc/experiment_rpc.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

grpc::Status ExperimentRpc::ListAgents(grpc::ServerContext* context,
                                       const v1::ListAgentsRequest* request,
                                       v1::ListAgentsResponse* response) {
  return endpoint_->Serve(
      *context, "ListAgents", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListAgents(caller, *request, response); });
}

absl::Status ExperimentRpc::DoListAgents(const rpc::Caller& caller,
                                         const v1::ListAgentsRequest& request,
                                         v1::ListAgentsResponse* response) {
  const std::string scope = ContentHash().Add("agents").Add(caller.project).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string beyond, rpc::ParseIdPageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const AgentPage page,
                   use_cases_.agents->List(caller.project, beyond, page_size));
  for (const AgentOverview& agent : page.agents) ToProto(agent, response->add_agents());
  response->set_next_page_token(rpc::IdPageToken(scope, page.last_agent));
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
