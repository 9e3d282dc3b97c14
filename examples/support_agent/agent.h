// The agent backend: answers queries, logs interactions, and records the customers' signals.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_AGENT_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_AGENT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "examples/support_agent/batch_records.h"
#include "examples/support_agent/customers.h"
#include "examples/support_agent/intent_model.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// Who records, and how its ids begin: two runs into one store stay apart.
struct AgentNames {
  std::string agent = "support-agent";
  // Before every id; may be empty.
  std::string prefix;
};

// A model as it is deployed. `live_text_share` below 1 is a fault of the deployment that no offline
// test sees: live queries reach the model cut short.
struct Deployment {
  std::shared_ptr<const IntentModel> model;
  double live_text_share = 1;
};

// What the agent did with a batch of queries.
struct ServedBatch {
  ReactionCounts reactions;
  int64_t interactions = 0;
  // Sessions that took part in an experiment, by the version that answered.
  std::map<std::string, int64_t> exposed_by_version;
  // Of the last write.
  std::string commit_token;
};

// Serves customers with whatever version the experiment service names. Not thread-safe.
class Agent {
 public:
  // `on_stored`, where not empty, is told of every batch after all of it was acknowledged.
  Agent(const Services* services, const Customers* customers, AgentNames names,
        std::function<void(const BatchRecords&)> on_stored = nullptr)
      : services_(*services),
        customers_(*customers),
        names_(std::move(names)),
        on_stored_(std::move(on_stored)) {}

  // What reaches a model of a query: this share of its bytes, cut between characters.
  static std::string_view LiveText(std::string_view text, double share);

  // Makes a version known. It serves when the experiment service says so.
  void Deploy(const std::string& version, Deployment deployment) {
    deployments_[version] = std::move(deployment);
  }

  // Records the seed examples as interactions that staff approved.
  // `first_number` is the place of the first of them among all seeds.
  absl::StatusOr<std::string> RecordSeeds(const std::vector<Query>& seeds, size_t first_number);

  // The model of a version that was deployed.
  std::shared_ptr<const IntentModel> ModelOf(const std::string& version) const {
    return deployments_.at(version).model;
  }

  // Answers queries, of which the first has the number `first_number` in the whole traffic. Every
  // record is durable when this returns; sent twice, it is stored once.
  absl::StatusOr<ServedBatch> Serve(const std::vector<Query>& queries, int64_t first_number);

 private:
  std::string CustomerId(const Query& query) const;
  std::string SessionId(int64_t number) const;
  // Which version serves each of the queries, in one call.
  absl::StatusOr<experiment::v1::AssignBatchResponse> Assign(const std::vector<Query>& queries,
                                                             int64_t first_number) const;
  absl::StatusOr<std::string> Answer(const Query& query, const std::string& interaction_id,
                                     const std::string& version, int attempt,
                                     BatchRecords& records);
  absl::Status ServeOne(const Query& query, int64_t number,
                        const experiment::v1::AssignResponse& assignment, BatchRecords& records,
                        ServedBatch& batch);
  absl::StatusOr<std::string> Send(const BatchRecords& records);

  const Services& services_;
  const Customers& customers_;
  const AgentNames names_;
  const std::function<void(const BatchRecords&)> on_stored_;
  std::map<std::string, Deployment> deployments_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_AGENT_H_
