#include "examples/support_agent/agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::example {
namespace {

using ingest::v1::Interaction;

// What the customer did, as signals; after an escalation staff say what would have been right.
void AddReaction(const Interaction& interaction, const Reaction& reaction, BatchRecords& records) {
  switch (reaction.kind) {
    case ReactionKind::kAccept:
      records.AddSignal(interaction, ingest::v1::ACTOR_USER, "accepted")->mutable_accepted();
      break;
    case ReactionKind::kCorrect:
      records.AddSignal(interaction, ingest::v1::ACTOR_USER, "correction")
          ->mutable_correction()
          ->set_ideal_output(reaction.correction);
      break;
    case ReactionKind::kRetry:
      records.AddSignal(interaction, ingest::v1::ACTOR_USER, "retry")->mutable_retry();
      break;
    case ReactionKind::kEscalate:
      records.AddSignal(interaction, ingest::v1::ACTOR_USER, "escalation")->mutable_escalation();
      records.AddSignal(interaction, ingest::v1::ACTOR_STAFF, "correction")
          ->mutable_correction()
          ->set_ideal_output(reaction.correction);
      break;
    case ReactionKind::kLeave:
      records.AddSignal(interaction, ingest::v1::ACTOR_USER, "abandon")->mutable_abandon();
      break;
  }
}

}  // namespace

std::string_view Agent::LiveText(std::string_view text, double share) {
  return Shorten(text, static_cast<size_t>(std::lround(share * static_cast<double>(text.size()))));
}

absl::StatusOr<std::string> Agent::RecordSeeds(const std::vector<Query>& seeds,
                                               size_t first_number) {
  BatchRecords records;
  for (size_t i = 0; i < seeds.size(); ++i) {
    Interaction* interaction = records.interactions.add_interactions();
    interaction->set_interaction_id(fmt::format("{}seed-{}", names_.prefix, first_number + i));
    interaction->set_session_id(interaction->interaction_id());
    interaction->set_agent(names_.agent);
    interaction->set_model_version("seed");
    *interaction->mutable_start_time() = rpc::ToProto(absl::Now());
    interaction->set_input(seeds[i].text);
    interaction->set_output(seeds[i].intent);
    (*interaction->mutable_attributes())["channel"] = "seed";
    records.AddSignal(*interaction, ingest::v1::ACTOR_STAFF, "accepted")->mutable_accepted();
  }
  return Send(records);
}

absl::StatusOr<ServedBatch> Agent::Serve(const std::vector<Query>& queries, int64_t first_number) {
  BatchRecords records;
  ServedBatch batch;
  ASSIGN_OR_RETURN(const experiment::v1::AssignBatchResponse assigned,
                   Assign(queries, first_number));
  for (size_t i = 0; i < queries.size(); ++i) {
    RETURN_IF_ERROR(ServeOne(queries[i], first_number + static_cast<int64_t>(i),
                             assigned.responses(static_cast<int>(i)), records, batch));
  }
  batch.interactions = records.interactions.interactions_size();
  ASSIGN_OR_RETURN(batch.commit_token, Send(records));
  return batch;
}

std::string Agent::CustomerId(const Query& query) const {
  return fmt::format("{}customer-{}", names_.prefix, query.customer);
}

std::string Agent::SessionId(int64_t number) const {
  return fmt::format("{}q{}", names_.prefix, number);
}

absl::StatusOr<experiment::v1::AssignBatchResponse> Agent::Assign(const std::vector<Query>& queries,
                                                                  int64_t first_number) const {
  experiment::v1::AssignBatchRequest request;
  for (size_t i = 0; i < queries.size(); ++i) {
    auto* one = request.add_requests();
    one->set_agent(names_.agent);
    one->set_user_id(CustomerId(queries[i]));
    // One query is one session; the session is what is randomised, because a customer's second
    // question does not depend on who answered their first.
    one->set_session_id(SessionId(first_number + static_cast<int64_t>(i)));
  }
  return services_.experiment.Call(&experiment::v1::ExperimentService::StubInterface::AssignBatch,
                                   request);
}

absl::Status Agent::ServeOne(const Query& query, int64_t number,
                             const experiment::v1::AssignResponse& assignment,
                             BatchRecords& records, ServedBatch& batch) {
  if (!assignment.experiment_id().empty()) {
    ++batch.exposed_by_version[assignment.model_version()];
    records.experiment_by_token[assignment.assignment_token()] = assignment.experiment_id();
  }
  Reaction reaction;
  for (int attempt = 0; attempt < 2; ++attempt) {
    ASSIGN_OR_RETURN(const std::string answer,
                     Answer(query, fmt::format("{}-{}", SessionId(number), attempt),
                            assignment.model_version(), attempt, records));
    Interaction& interaction = *records.interactions.mutable_interactions()->rbegin();
    // All that an experiment needs: what people do about the answer comes to it through ingest.
    interaction.set_assignment_token(assignment.assignment_token());
    reaction = customers_.React(query, number, attempt, answer);
    AddReaction(interaction, reaction, records);
    if (reaction.kind != ReactionKind::kRetry) break;
    ++batch.reactions.retried;
  }
  batch.reactions.accepted += reaction.kind == ReactionKind::kAccept;
  batch.reactions.corrected += reaction.kind == ReactionKind::kCorrect;
  batch.reactions.escalated += reaction.kind == ReactionKind::kEscalate;
  batch.reactions.left += reaction.kind == ReactionKind::kLeave;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Agent::Answer(const Query& query, const std::string& interaction_id,
                                          const std::string& version, int attempt,
                                          BatchRecords& records) {
  const auto deployment = deployments_.find(version);
  if (deployment == deployments_.end()) {
    return errors::Internal(fmt::format("version {} was assigned but never deployed", version));
  }
  const absl::Time start = absl::Now();
  const std::vector<Guess> guesses = deployment->second.model->Predict(
      LiveText(query.text, deployment->second.live_text_share), attempt + 1);
  const Guess guess = guesses.empty() ? Guess{"unknown", 0} : guesses.back();

  Interaction* interaction = records.interactions.add_interactions();
  interaction->set_interaction_id(interaction_id);
  interaction->set_session_id(interaction_id.substr(0, interaction_id.size() - 2));
  interaction->set_user_id(CustomerId(query));
  interaction->set_agent(names_.agent);
  interaction->set_model_version(version);
  *interaction->mutable_start_time() = rpc::ToProto(start);
  interaction->set_input(query.text);
  interaction->set_output(guess.intent);
  interaction->set_intent(guess.intent);
  interaction->set_confidence(std::clamp(guess.confidence, 0.0, 1.0));
  *interaction->mutable_latency() = rpc::ToProto(absl::Now() - start);
  (*interaction->mutable_attributes())["channel"] = Customers::Channel(query.customer);
  return guess.intent;
}

absl::StatusOr<std::string> Agent::Send(const BatchRecords& records) {
  ASSIGN_OR_RETURN(std::string token, records.Send(services_));
  if (on_stored_) on_stored_(records);
  return token;
}

}  // namespace flywheel::example
