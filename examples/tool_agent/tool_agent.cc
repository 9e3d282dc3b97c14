#include "examples/tool_agent/tool_agent.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "examples/support_agent/customers.h"
#include "examples/support_agent/random.h"
#include "examples/tool_agent/bank.h"
#include "examples/tool_agent/conversation.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

using ingest::v1::Interaction;

// The share of calls that the bank does not answer in time; the next try gets through.
constexpr double kAway = 0.05;
// What customers do about a right answer; the others say nothing.
constexpr double kAccepts = 0.7;
constexpr double kThumbsUp = 0.15;
// About a wrong one; the others leave.
constexpr double kEscalates = 0.5;
constexpr double kThumbsDown = 0.25;
// The share of thumbs down that staff look into, and say what should have been called.
constexpr double kReviewed = 0.5;

std::string CustomerId(int customer) { return fmt::format("customer-{}", customer); }

// Calls the tool, once more where the bank is away, and adds what was called and what came of it.
ToolRun CallTool(const common::v1::ToolCall& wanted, bool away, Interaction& turn) {
  common::v1::ToolCall call = wanted;
  ToolRun run;
  for (const bool now : {away, false}) {
    call.set_tool_call_id(fmt::format("{}-c{}", turn.interaction_id(), turn.messages_size()));
    run = RunTool(call, now);
    *turn.add_messages() = Calls(call);
    *turn.add_messages() = Answers(call, run.content, run.success);
    if (!now) break;
  }
  for (const auto& context : run.contexts) *turn.add_contexts() = context;
  return run;
}

// What should have been called, with what would have come of it.
void Correct(const Interaction& turn, const common::v1::ToolCall& right, BatchRecords& records) {
  common::v1::ToolCall call = right;
  call.set_tool_call_id(turn.interaction_id() + "-right");
  const ToolRun run = RunTool(call, /*away=*/false);
  auto* const ideal = records.AddSignal(turn, ingest::v1::ACTOR_STAFF, "correction")
                          ->mutable_correction()
                          ->mutable_ideal_messages();
  *ideal->Add() = Calls(call);
  *ideal->Add() = Answers(call, run.content, run.success);
  *ideal->Add() = Says(common::v1::ROLE_ASSISTANT, run.answer);
}

void ReactToRight(const Interaction& turn, Random& random, BatchRecords& records,
                  ReactionCounts& counts) {
  const double what = random.Uniform();
  if (what < kAccepts) {
    records.AddSignal(turn, ingest::v1::ACTOR_USER, "accepted")->mutable_accepted();
    ++counts.accepted;
  } else if (what < kAccepts + kThumbsUp) {
    records.AddSignal(turn, ingest::v1::ACTOR_USER, "thumbs")->mutable_thumbs()->set_up(true);
    ++counts.accepted;
  }
}

void ReactToWrong(const Interaction& turn, const common::v1::ToolCall& right, Random& random,
                  BatchRecords& records, ReactionCounts& counts) {
  const double what = random.Uniform();
  if (what < kEscalates) {
    records.AddSignal(turn, ingest::v1::ACTOR_USER, "escalation")->mutable_escalation();
    Correct(turn, right, records);
    ++counts.escalated;
  } else if (what < kEscalates + kThumbsDown) {
    records.AddSignal(turn, ingest::v1::ACTOR_USER, "thumbs")->mutable_thumbs()->set_up(false);
    if (!random.Chance(kReviewed)) return;
    Correct(turn, right, records);
    ++counts.corrected;
  } else {
    records.AddSignal(turn, ingest::v1::ACTOR_USER, "abandon")->mutable_abandon();
    ++counts.left;
  }
}

}  // namespace

// A conversation while it goes on.
struct ToolAgent::Session {
  std::string id;
  int customer = 0;
  std::string version;
  std::string token;
  // Instructions and the turns that are over.
  std::vector<common::v1::Message> history;
  std::string last_interaction;
  int turns = 0;
};

Interaction& ToolAgent::BeginTurn(Session& session, const Task& task, BatchRecords& records) {
  if (session.history.empty()) {
    session.history.push_back(
        Says(common::v1::ROLE_SYSTEM, Instructions(ProfileOf(session.customer))));
  }
  Interaction& turn = *records.interactions.add_interactions();
  turn.set_interaction_id(fmt::format("{}-{}", session.id, session.turns++));
  turn.set_previous_interaction_id(session.last_interaction);
  turn.set_session_id(session.id);
  turn.set_user_id(CustomerId(session.customer));
  turn.set_agent(agent_);
  turn.set_model_version(session.version);
  // By it the experiment finds the turn, and what people do about it.
  turn.set_assignment_token(session.token);
  *turn.mutable_start_time() = rpc::ToProto(absl::Now());
  (*turn.mutable_attributes())["channel"] = Customers::Channel(session.customer);
  turn.mutable_history()->Assign(session.history.begin(), session.history.end());
  turn.mutable_tools()->Assign(ToolsOfBank().begin(), ToolsOfBank().end());
  *turn.add_messages() = Says(common::v1::ROLE_USER, task.text);
  return turn;
}

void ToolAgent::EndTurn(Session& session, const Interaction& turn) {
  session.history.insert(session.history.end(), turn.messages().begin(), turn.messages().end());
  session.last_interaction = turn.interaction_id();
}

absl::StatusOr<std::string> ToolAgent::RecordSeeds(const std::vector<Query>& queries,
                                                   int64_t first_number) {
  BatchRecords records;
  for (size_t i = 0; i < queries.size(); ++i) {
    const int64_t number = first_number + static_cast<int64_t>(i);
    Session session{fmt::format("seed-{}", number), queries[i].customer, "seed", "", {}, "", 0};
    ASSIGN_OR_RETURN(const std::vector<Task> tasks, TasksOf(queries[i], number, Wording::kTraffic));
    for (const Task& task : tasks) {
      Interaction& turn = BeginTurn(session, task, records);
      const ToolRun run = CallTool(task.right, /*away=*/false, turn);
      *turn.add_messages() = Says(common::v1::ROLE_ASSISTANT, run.answer);
      records.AddSignal(turn, ingest::v1::ACTOR_STAFF, "accepted")->mutable_accepted();
      EndTurn(session, turn);
    }
  }
  return records.Send(services_);
}

absl::StatusOr<ServedSessions> ToolAgent::Serve(const std::vector<Query>& queries,
                                                int64_t first_number) {
  BatchRecords records;
  ServedSessions served;
  for (size_t i = 0; i < queries.size(); ++i) {
    RETURN_IF_ERROR(
        ServeSession(queries[i], first_number + static_cast<int64_t>(i), records, served));
  }
  served.turns = records.interactions.interactions_size();
  ASSIGN_OR_RETURN(served.commit_token, records.Send(services_));
  return served;
}

absl::Status ToolAgent::ServeSession(const Query& query, int64_t number, BatchRecords& records,
                                     ServedSessions& served) {
  Session session{fmt::format("session-{}", number), query.customer, "", "", {}, "", 0};
  // One version for the whole session.
  experiment::v1::AssignRequest request;
  request.set_agent(agent_);
  request.set_user_id(CustomerId(session.customer));
  request.set_session_id(session.id);
  ASSIGN_OR_RETURN(const auto assignment,
                   (services_.experiment.Call(
                       &experiment::v1::ExperimentService::StubInterface::Assign, request)));
  session.version = assignment.model_version();
  session.token = assignment.assignment_token();
  const auto policy = policies_.find(session.version);
  if (policy == policies_.end()) {
    return errors::Internal(
        fmt::format("version {} was assigned but never deployed", session.version));
  }

  ASSIGN_OR_RETURN(const std::vector<Task> tasks, TasksOf(query, number, Wording::kTraffic));
  Random random(static_cast<uint64_t>(number) * 1'000'003);
  bool right = true;
  for (const Task& task : tasks) {
    const absl::Time start = absl::Now();
    Interaction& turn = BeginTurn(session, task, records);
    Situation situation;
    for (const auto& message : turn.history()) situation.Add(message);
    for (const auto& message : turn.messages()) situation.Add(message);
    const Choice choice = policy->second.Choose(situation);
    const bool away = random.Chance(kAway);
    const ToolRun run = choice.call.name().empty()
                            ? ToolRun{"", false, {}, "I did not understand that, sorry."}
                            : CallTool(choice.call, away, turn);
    *turn.add_messages() = Says(common::v1::ROLE_ASSISTANT, run.answer);
    turn.set_confidence(std::clamp(choice.confidence, 0.0, 1.0));
    *turn.mutable_latency() = rpc::ToProto(absl::Now() - start);
    // Customers do not see calls, but whether they got what they wanted.
    right = SameCall(choice.call, task.right);
    if (right) {
      ReactToRight(turn, random, records, served.reactions);
    } else {
      ReactToWrong(turn, task.right, random, records, served.reactions);
    }
    EndTurn(session, turn);
    if (!right) break;
  }
  return absl::OkStatus();
}

}  // namespace flywheel::example
