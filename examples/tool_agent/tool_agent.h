// The agent backend: serves sessions of several turns with tools, and records them as they were.
#ifndef FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_AGENT_H_
#define FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_AGENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "examples/support_agent/batch_records.h"
#include "examples/support_agent/queries.h"
#include "examples/support_agent/report.h"
#include "examples/support_agent/services.h"
#include "examples/tool_agent/tasks.h"
#include "examples/tool_agent/tool_policy.h"

namespace flywheel::example {

// What the agent did with a batch of sessions.
struct ServedSessions {
  ReactionCounts reactions;
  int64_t turns = 0;
  // Of the last write.
  std::string commit_token;
};

// Serves with whatever version the experiment service names. Not thread-safe.
class ToolAgent {
 public:
  // `agent` is its name in every record.
  ToolAgent(const Services* services, std::string agent)
      : services_(*services), agent_(std::move(agent)) {}

  // Makes a version known. It serves when the experiment service says so.
  void Deploy(const std::string& version, std::shared_ptr<const IntentModel> model) {
    policies_.insert_or_assign(version, ToolPolicy(std::move(model)));
  }
  const ToolPolicy& PolicyOf(const std::string& version) const { return policies_.at(version); }

  // Records sessions that experts held with the right calls, and approved. `first_number` is the
  // place of the first of them among all. Returns the commit
  // token of the last write.
  absl::StatusOr<std::string> RecordSeeds(const std::vector<Query>& queries, int64_t first_number);

  // Serves a session for each query; the first one has the number `first_number` in the whole
  // traffic. Every record is durable when this returns; sent twice, it is stored once.
  absl::StatusOr<ServedSessions> Serve(const std::vector<Query>& queries, int64_t first_number);

 private:
  struct Session;

  ingest::v1::Interaction& BeginTurn(Session& session, const Task& task, BatchRecords& records);
  static void EndTurn(Session& session, const ingest::v1::Interaction& turn);
  absl::Status ServeSession(const Query& query, int64_t number, BatchRecords& records,
                            ServedSessions& served);

  const Services& services_;
  const std::string agent_;
  std::map<std::string, ToolPolicy> policies_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_TOOL_AGENT_TOOL_AGENT_H_
