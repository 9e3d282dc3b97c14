// Load generator: a second agent that writes without pause, so that a kill meets a batch in flight.
#ifndef FLYWHEEL_TESTS_FAULT_STEADY_WRITER_H_
#define FLYWHEEL_TESTS_FAULT_STEADY_WRITER_H_

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "examples/support_agent/services.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"
#include "tests/fault/ledger.h"

namespace flywheel::example {

// Writes from its construction until Stop.
class SteadyWriter {
 public:
  // Pointers outlive this object.
  SteadyWriter(const Services* services, Ledger* ledger)
      : services_(*services), ledger_(*ledger), thread_([this] { status_ = Run(); }) {}
  ~SteadyWriter() { Stop().IgnoreError(); }

  // Ends after the batch that is on its way. What went wrong, if anything did.
  absl::Status Stop() {
    if (!stop_.HasBeenNotified()) stop_.Notify();
    if (thread_.joinable()) thread_.join();
    return status_;
  }

  // Items that ingest knew already when they came: sent again after their acknowledgement was lost.
  // Read it after Stop.
  int replayed() const { return replayed_; }

 private:
  static constexpr int kBatch = 3;
  static constexpr absl::Duration kPause = absl::Milliseconds(2);

  absl::Status Run() {
    using ingest::v1::IngestService;
    for (int batch = 0; !stop_.WaitForNotificationWithTimeout(kPause); ++batch) {
      const BatchRecords records = Batch(batch);
      ASSIGN_OR_RETURN(const auto logged,
                       (services_.ingest.Call(&IngestService::StubInterface::LogInteractions,
                                              records.interactions)));
      RETURN_IF_ERROR(Count(logged.results()));
      ASSIGN_OR_RETURN(
          const auto recorded,
          (services_.ingest.Call(&IngestService::StubInterface::RecordSignals, records.signals)));
      RETURN_IF_ERROR(Count(recorded.results()));
      ledger_.Add(records);
    }
    return absl::OkStatus();
  }

  static BatchRecords Batch(int batch) {
    BatchRecords records;
    for (int i = 0; i < kBatch; ++i) {
      auto* interaction = records.interactions.add_interactions();
      interaction->set_interaction_id(fmt::format("steady-{}-{}", batch, i));
      interaction->set_session_id(interaction->interaction_id());
      interaction->set_agent("steady-writer");
      interaction->set_input(fmt::format("question {} of batch {}", i, batch));
      interaction->set_output("an answer");
      *interaction->mutable_start_time() = rpc::ToProto(absl::Now());
      auto* signal = records.signals.add_signals();
      signal->set_signal_id(interaction->interaction_id() + "-accepted");
      signal->set_interaction_id(interaction->interaction_id());
      signal->set_actor(ingest::v1::ACTOR_USER);
      signal->mutable_accepted();
      *signal->mutable_event_time() = interaction->start_time();
    }
    return records;
  }

  template <typename Results>
  absl::Status Count(const Results& results) {
    for (const auto& result : results) {
      if (result.status() == common::v1::ITEM_STATUS_REPLAYED) {
        ++replayed_;
      } else if (result.status() != common::v1::ITEM_STATUS_STORED) {
        return absl::InternalError(result.ShortDebugString());
      }
    }
    return absl::OkStatus();
  }

  const Services& services_;
  Ledger& ledger_;
  absl::Notification stop_;
  absl::Status status_;
  int replayed_ = 0;
  std::thread thread_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_TESTS_FAULT_STEADY_WRITER_H_
