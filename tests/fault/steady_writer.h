// Load generator: a second agent that writes without pause, so that a kill meets a batch in flight.
// Some of its batches are part of an experiment that nothing ends, which has to count all of them.
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
  static constexpr char kAgent[] = "steady-writer";
  static constexpr int kBatch = 3;
  // Every such batch is assigned, and waits for the experiment service where that is away.
  static constexpr int kAssignedOf = 4;
  static constexpr absl::Duration kPause = absl::Milliseconds(2);

  // Two versions on the word of a person: nothing is decided about answers that are all accepted.
  absl::Status StartExperiment() {
    using experiment::v1::ExperimentService;
    experiment::v1::PromoteVersionRequest promote;
    promote.set_promotion_id("steady-promotion");
    promote.set_agent(kAgent);
    promote.set_model_version("steady-v1");
    promote.mutable_waiver()->set_owner("the test");
    promote.mutable_waiver()->set_reason("what is counted matters here, not what is compared");
    RETURN_IF_ERROR(
        services_.experiment.Call(&ExperimentService::StubInterface::PromoteVersion, promote)
            .status());
    experiment::v1::CreateExperimentRequest create;
    create.set_experiment_id("steady-experiment");
    create.set_agent(kAgent);
    create.set_unit(experiment::v1::RANDOMISATION_UNIT_SESSION);
    for (const char* version : {"steady-v1", "steady-v2"}) {
      auto* arm = create.add_arms();
      arm->set_arm_id(version);
      arm->set_model_version(version);
      arm->set_weight(1);
      arm->set_control(create.arms_size() == 1);
    }
    *create.mutable_waiver() = promote.waiver();
    auto* accepted = create.mutable_plan()->mutable_primary();
    accepted->set_name("accepted");
    accepted->set_left_out(true);
    auto* signal = accepted->mutable_source()->mutable_signal();
    signal->add_kinds(experiment::v1::SIGNAL_KIND_ACCEPTED);
    signal->set_every_interaction(true);
    return services_.experiment.Call(&ExperimentService::StubInterface::CreateExperiment, create)
        .status();
  }

  // Has the experiment say who answers each of a batch.
  absl::Status Assign(BatchRecords& records) {
    experiment::v1::AssignBatchRequest request;
    for (const auto& interaction : records.interactions.interactions()) {
      auto* one = request.add_requests();
      one->set_agent(kAgent);
      one->set_session_id(interaction.session_id());
    }
    ASSIGN_OR_RETURN(const auto assigned,
                     (services_.experiment.Call(
                         &experiment::v1::ExperimentService::StubInterface::AssignBatch, request)));
    for (int i = 0; i < kBatch; ++i) {
      const auto& assignment = assigned.responses(i);
      auto* interaction = records.interactions.mutable_interactions(i);
      interaction->set_assignment_token(assignment.assignment_token());
      interaction->set_model_version(assignment.model_version());
      records.experiment_by_token[assignment.assignment_token()] = assignment.experiment_id();
    }
    return absl::OkStatus();
  }

  absl::Status Run() {
    using ingest::v1::IngestService;
    RETURN_IF_ERROR(StartExperiment());
    for (int batch = 0; !stop_.WaitForNotificationWithTimeout(kPause); ++batch) {
      BatchRecords records = Batch(batch);
      if (batch % kAssignedOf == 0) RETURN_IF_ERROR(Assign(records));
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
      interaction->set_agent(kAgent);
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
