#include "experiment_service/agent_directory.h"

#include <cstddef>
#include <utility>

#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/promotion_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// What an agent's entry takes beside its texts, with an experiment of ten arms.
constexpr size_t kBytesOfAnAgent = 4'096;

}  // namespace

absl::StatusOr<AgentPage> AgentDirectory::List(const std::string& project,
                                               const std::string& beyond_agent, int64_t page_size) {
  AgentPage page;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    page = {};
    PromotionStore promotions(connection);
    ExperimentStore experiments(connection);
    // One more than asked for tells whether there is another page.
    ASSIGN_OR_RETURN(std::vector<StoredPromotion> active,
                     promotions.ListActive(project, beyond_agent, page_size + 1));
    size_t bytes = 0;
    for (StoredPromotion& stored : active) {
      if (static_cast<int64_t>(page.agents.size()) == page_size || bytes >= sql::kMaxReadBytes) {
        page.last_agent = page.agents.back().active.agent;
        return absl::OkStatus();
      }
      AgentOverview agent;
      agent.active = std::move(stored.active_version);
      ASSIGN_OR_RETURN(agent.promotions, promotions.Count(project, agent.active.agent));
      ASSIGN_OR_RETURN(agent.experiments, experiments.Count(project, agent.active.agent));
      bytes +=
          kBytesOfAnAgent + agent.active.waiver.reason.size() + LabelBytes(agent.active.labels);
      page.agents.push_back(std::move(agent));
    }
    return absl::OkStatus();
  }));
  for (AgentOverview& agent : page.agents) {
    const std::optional<Serving> serving = serving_->FindAgent(project, agent.active.agent);
    if (!serving || serving->running == nullptr) continue;
    const LiveExperimentPtr& live = serving->running;
    agent.running = WatchedExperiment{live, analyst_->Analyze(*live, *evidence_->Find(*live))};
  }
  return page;
}

}  // namespace flywheel::experiment
