#include "examples/support_agent/services.h"

#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::example {

absl::StatusOr<std::unique_ptr<Services>> Connect(const ServiceAddresses& addresses) {
  ASSIGN_OR_RETURN(rpc::Channel ingest, rpc::Channel::Open({addresses.ingest, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel curation, rpc::Channel::Open({addresses.curation, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel eval_gate, rpc::Channel::Open({addresses.eval_gate, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel runs, rpc::Channel::Open({addresses.eval_gate, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel release_policy, rpc::Channel::Open({addresses.eval_gate, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel experiment, rpc::Channel::Open({addresses.experiment, "", ""}));
  ASSIGN_OR_RETURN(rpc::Channel ramps, rpc::Channel::Open({addresses.experiment, "", ""}));
  return std::unique_ptr<Services>(
      new Services{Client<ingest::v1::IngestService>(std::move(ingest)),
                   Client<curation::v1::CurationService>(std::move(curation)),
                   Client<evalgate::v1::EvalGateService>(std::move(eval_gate)),
                   Client<evalgate::v1::RunService>(std::move(runs)),
                   Client<evalgate::v1::ReleasePolicyService>(std::move(release_policy)),
                   Client<experiment::v1::ExperimentService>(std::move(experiment)),
                   Client<experiment::v1::RampService>(std::move(ramps))});
}

}  // namespace flywheel::example
