#include "examples/support_agent/batch_records.h"

#include <fmt/format.h>

#include "absl/time/clock.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

template <typename Response>
absl::Status NoneRefused(const char* service, const Response& response) {
  for (const auto& result : response.results()) {
    if (result.status() == common::v1::ITEM_STATUS_STORED ||
        result.status() == common::v1::ITEM_STATUS_REPLAYED) {
      continue;
    }
    return errors::Internal(
        fmt::format("{} refused {}: {}", service, result.id(), result.message()));
  }
  return absl::OkStatus();
}

}  // namespace

ingest::v1::Signal* BatchRecords::AddSignal(const ingest::v1::Interaction& interaction,
                                            ingest::v1::Actor actor, const char* kind) {
  ingest::v1::Signal* signal = signals.add_signals();
  signal->set_signal_id(fmt::format("{}-{}", interaction.interaction_id(), kind));
  signal->set_interaction_id(interaction.interaction_id());
  *signal->mutable_event_time() = interaction.start_time();
  signal->set_actor(actor);
  if (actor == ingest::v1::ACTOR_USER) signal->set_actor_id(interaction.user_id());
  if (actor == ingest::v1::ACTOR_STAFF) signal->set_actor_id("support-desk");
  return signal;
}

void BatchRecords::AddOutcome(const experiment::v1::AssignResponse& assignment,
                              const ingest::v1::Interaction& last, const std::string& metric,
                              bool value) {
  // Nothing is compared where the active version serves.
  if (assignment.assignment_token().empty()) return;
  auto* outcome = outcomes.add_outcomes();
  outcome->set_outcome_id(last.session_id() + "-" + metric);
  outcome->set_assignment_token(assignment.assignment_token());
  outcome->set_experiment_id(assignment.experiment_id());
  outcome->set_served_version(last.model_version());
  outcome->set_metric(metric);
  outcome->set_value(value ? 1 : 0);
  *outcome->mutable_event_time() = rpc::ToProto(absl::Now());
}

absl::StatusOr<std::string> BatchRecords::Send(const Services& services) const {
  using ingest::v1::IngestService;
  ASSIGN_OR_RETURN(
      const auto logged,
      (services.ingest.Call(&IngestService::StubInterface::LogInteractions, interactions)));
  RETURN_IF_ERROR(NoneRefused("ingest", logged));
  std::string token = logged.commit_token();
  if (signals.signals_size() > 0) {
    ASSIGN_OR_RETURN(const auto recorded,
                     (services.ingest.Call(&IngestService::StubInterface::RecordSignals, signals)));
    RETURN_IF_ERROR(NoneRefused("ingest", recorded));
    token = recorded.commit_token();
  }
  if (outcomes.outcomes_size() > 0) {
    ASSIGN_OR_RETURN(
        const auto counted,
        (services.experiment.Call(&experiment::v1::ExperimentService::StubInterface::RecordOutcomes,
                                  outcomes)));
    RETURN_IF_ERROR(NoneRefused("experiment", counted));
  }
  return token;
}

}  // namespace flywheel::example
