#include "ingest_service/record/interaction_reader.h"

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<InteractionWithSignals> InteractionReader::Get(const std::string& project,
                                                              const std::string& interaction_id) {
  InteractionWithSignals found;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    // One snapshot, so that the signals belong to the interaction.
    ASSIGN_OR_RETURN(found.interaction, InteractionStore(connection).Find(project, interaction_id));
    ASSIGN_OR_RETURN(found.signals, SignalStore(connection).ReadCurrent(project, interaction_id));
    return absl::OkStatus();
  }));
  // After the transaction: a payload may be in a file.
  RETURN_IF_ERROR(payloads_->Decode(found.interaction.sequence, found.interaction.place,
                                    found.interaction.payload));
  return found;
}

absl::StatusOr<InteractionPage> InteractionReader::List(const std::string& project,
                                                        const InteractionFilter& filter,
                                                        int64_t after, int64_t limit) {
  ASSIGN_OR_RETURN(InteractionPage page, database_->Read([&](sql::Connection& connection) {
    return InteractionList(connection).Read(project, filter, after, limit);
  }));
  ASSIGN_OR_RETURN(const bool whole, payloads_->DecodePage(page.interactions));
  // A page that ended early goes on behind its last record.
  if (!whole) page.next_after = page.interactions.back().sequence;
  return page;
}

absl::StatusOr<int64_t> InteractionReader::ReadSession(
    const std::string& project, const std::string& session_id,
    absl::FunctionRef<absl::Status(const StoredSignal&)> on_signal) {
  int64_t interactions = 0;
  bool signalled = false;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(interactions,
                     InteractionStore(connection).CountOfSession(project, session_id));
    return SignalStore(connection)
        .ForEachOfSession(project, session_id, [&](const StoredSignal& signal) {
          signalled = true;
          return on_signal(signal);
        });
  }));
  if (interactions == 0 && !signalled) {
    return errors::NotFound("session", session_id, "Check the id, and the project of the key.");
  }
  return interactions;
}

absl::StatusOr<SignalPage> InteractionReader::ListSessionSignals(const std::string& project,
                                                                 const std::string& session_id,
                                                                 int64_t after, int64_t limit) {
  return database_->Read([&](sql::Connection& connection) {
    return SignalStore(connection).ReadOfSession(project, session_id, after, limit);
  });
}

absl::StatusOr<StoreStats> InteractionReader::Stats(const std::string& project,
                                                    const std::string& group_by_attribute) {
  return database_->Read([&](sql::Connection& connection) {
    return FeedStore(connection).ReadStats(project, group_by_attribute);
  });
}

}  // namespace flywheel::ingest
