#include "examples/support_agent/batch_records.h"

#include <fmt/format.h>

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
  return token;
}

}  // namespace flywheel::example
