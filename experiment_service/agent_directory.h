// Agent directory: what serves each agent, and which experiment takes its traffic.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_AGENT_DIRECTORY_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_AGENT_DIRECTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "experiment_service/analyst.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/serving_cache.h"
#include "shared/sql/database.h"

namespace flywheel::experiment {

// An experiment that runs, as it is at this moment.
struct WatchedExperiment {
  LiveExperimentPtr live;
  AnalysedExperiment analysed;
};

// An agent at this moment.
struct AgentOverview {
  ActiveVersion active;
  std::optional<WatchedExperiment> running;
  // That it ever had.
  int64_t experiments = 0;
  int64_t promotions = 0;
};

// Some agents, by name.
struct AgentPage {
  std::vector<AgentOverview> agents;
  // The next page begins behind this one; empty on the last page.
  std::string last_agent;
};

// Lists agents. Thread-safe.
class AgentDirectory {
 public:
  // All pointers outlive this object.
  AgentDirectory(sql::Database* database, const ServingCache* serving,
                 const EvidenceCache* evidence, const Analyst* analyst)
      : database_(database), serving_(serving), evidence_(evidence), analyst_(analyst) {}

  // Those of a project behind `beyond_agent`; empty: from the first. A page ends early where it
  // reaches 1 MiB.
  absl::StatusOr<AgentPage> List(const std::string& project, const std::string& beyond_agent,
                                 int64_t page_size);

 private:
  sql::Database* const database_;
  const ServingCache* const serving_;
  const EvidenceCache* const evidence_;
  const Analyst* const analyst_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_AGENT_DIRECTORY_H_
