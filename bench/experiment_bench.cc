#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "assign/client/local_assigner.h"
#include "bench/benchmarks.h"
#include "cli/local_services.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

using experiment::v1::ExperimentService;

constexpr int kOutcomesPerCall = 10'000;
// Of one unit: with as many units as outcomes, most of the time would go into Assign.
constexpr int kOutcomesPerUnit = 50;
constexpr int64_t kExperiments = 1'000;
constexpr int64_t kManyUnits = 1'000'000;

std::unique_ptr<ExperimentService::Stub> Connect(const std::string& address) {
  return ExperimentService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

void Check(const grpc::Status& status) {
  if (!status.ok()) Die(status.error_message());
}

// Two versions in a running experiment, both waived: no gate is needed here.
void StartExperiment(ExperimentService::Stub& stub, const std::string& name) {
  experiment::v1::PromoteVersionRequest promote;
  promote.set_promotion_id(name + "-first");
  promote.set_agent(name);
  promote.set_model_version("v1");
  promote.mutable_waiver()->set_owner("bench");
  promote.mutable_waiver()->set_reason("a benchmark");
  experiment::v1::PromoteVersionResponse promoted;
  grpc::ClientContext promote_context;
  Check(stub.PromoteVersion(&promote_context, promote, &promoted));

  experiment::v1::CreateExperimentRequest create;
  create.set_experiment_id(name);
  create.set_agent(name);
  *create.mutable_waiver() = promote.waiver();
  create.mutable_plan()->mutable_primary()->set_name("accepted");
  create.mutable_plan()->mutable_primary()->set_left_out(true);
  for (const char* version : {"v1", "v2"}) {
    auto* arm = create.add_arms();
    arm->set_arm_id(version);
    arm->set_model_version(version);
    arm->set_weight(1);
    arm->set_control(arm->arm_id() == "v1");
  }
  experiment::v1::CreateExperimentResponse created;
  grpc::ClientContext create_context;
  Check(stub.CreateExperiment(&create_context, create, &created));
}

// Exposes so many users, from 16 callers; the token of each. The agent is named as its experiment.
std::vector<std::string> ExposeUnits(ExperimentService::Stub& stub, const std::string& experiment,
                                     int64_t count) {
  std::vector<std::string> tokens(static_cast<size_t>(count));
  CallsPerSecond(16, absl::InfiniteDuration(), count, [&](int, int64_t call) {
    experiment::v1::AssignRequest request;
    request.set_agent(experiment);
    request.set_user_id(fmt::format("unit-{}", call));
    experiment::v1::AssignResponse response;
    grpc::ClientContext context;
    Check(stub.Assign(&context, request, &response));
    tokens[static_cast<size_t>(call)] = response.assignment_token();
  });
  return tokens;
}

// REQUIRES: `count` is a multiple of kOutcomesPerUnit.
void RecordOutcomes(ExperimentService::Stub& stub, const std::string& experiment, int64_t count) {
  const std::vector<std::string> tokens = ExposeUnits(stub, experiment, count / kOutcomesPerUnit);
  for (int64_t first = 0; first < count; first += kOutcomesPerCall) {
    experiment::v1::RecordOutcomesRequest request;
    for (int64_t i = first; i < std::min(count, first + kOutcomesPerCall); ++i) {
      auto* outcome = request.add_outcomes();
      outcome->set_outcome_id(fmt::format("{}-{}", experiment, i));
      outcome->set_assignment_token(tokens[static_cast<size_t>(i / kOutcomesPerUnit)]);
      outcome->set_metric("accepted");
      outcome->set_value(i % 3 == 0 ? 1 : 0);
      *outcome->mutable_event_time() = rpc::ToProto(absl::Now());
    }
    experiment::v1::RecordOutcomesResponse response;
    grpc::ClientContext context;
    Check(stub.RecordOutcomes(&context, request, &response));
    for (const auto& result : response.results()) {
      if (result.status() != common::v1::ITEM_STATUS_STORED) Die(result.ShortDebugString());
    }
  }
}

// Services of their own, whose process is measured.
std::unique_ptr<cli::LocalServices> StartExperimentService(const Setup& setup, const char* name) {
  cli::LocalServicesOptions options;
  options.data_dir = setup.work_dir + "/" + name;
  options.free_ports = true;
  options.metrics = false;
  options.services = {cli::Service::kExperiment};
  auto services = cli::LocalServices::Start(options);
  if (!services.ok()) Die(errors::MessageOf(services.status()));
  return *std::move(services);
}

// A thousand running experiments, each with a thousand units that have an outcome.
void FillThousandExperiments(const std::string& address) {
  const auto stub = Connect(address);
  const auto name_of = [](int64_t unit) { return fmt::format("agent-{}", unit % kExperiments); };
  for (int64_t i = 0; i < kExperiments; ++i) StartExperiment(*stub, name_of(i));
  std::vector<std::string> tokens(static_cast<size_t>(kManyUnits));
  CallsPerSecond(64, absl::InfiniteDuration(), kManyUnits, [&](int, int64_t unit) {
    experiment::v1::AssignRequest request;
    request.set_agent(name_of(unit));
    request.set_user_id(fmt::format("unit-{}", unit));
    experiment::v1::AssignResponse response;
    grpc::ClientContext context;
    Check(stub->Assign(&context, request, &response));
    tokens[static_cast<size_t>(unit)] = response.assignment_token();
  });
  CallsPerSecond(
      4, absl::InfiniteDuration(), kManyUnits / kOutcomesPerCall, [&](int, int64_t call) {
        experiment::v1::RecordOutcomesRequest request;
        for (int64_t unit = call * kOutcomesPerCall; unit < (call + 1) * kOutcomesPerCall; ++unit) {
          auto* outcome = request.add_outcomes();
          outcome->set_outcome_id(fmt::format("outcome-{}", unit));
          outcome->set_assignment_token(tokens[static_cast<size_t>(unit)]);
          outcome->set_metric("accepted");
          outcome->set_value(unit % 3 == 0 ? 1 : 0);
          *outcome->mutable_event_time() = rpc::ToProto(absl::Now());
        }
        experiment::v1::RecordOutcomesResponse response;
        grpc::ClientContext context;
        Check(stub->RecordOutcomes(&context, request, &response));
        for (const auto& result : response.results()) {
          if (result.status() != common::v1::ITEM_STATUS_STORED) Die(result.ShortDebugString());
        }
      });
}

double MillisecondsToStart(cli::LocalServices& services) {
  services.Kill(cli::Service::kExperiment);
  const absl::Time start = absl::Now();
  const absl::Status status = services.Restart(cli::Service::kExperiment);
  if (!status.ok()) Die(errors::MessageOf(status));
  return absl::ToDoubleMilliseconds(absl::Now() - start);
}

std::string RunName(const char* what) {
  return fmt::format("bench-{}-{}", what, absl::ToUnixMicros(absl::Now()));
}

}  // namespace

Row Assign(const Setup& setup) {
  const auto service = Connect(setup.experiment);
  const auto noop = Connect(setup.noop);
  const std::string agent = RunName("assign");
  StartExperiment(*service, agent);
  const auto rate = [&](ExperimentService::Stub& stub) {
    return CallsPerSecond(64, setup.duration, [&](int, int64_t call) {
      experiment::v1::AssignRequest request;
      request.set_agent(agent);
      // Users come again, as in an agent's traffic.
      request.set_user_id(fmt::format("user-{}", call % 100'000));
      experiment::v1::AssignResponse response;
      grpc::ClientContext context;
      Check(stub.Assign(&context, request, &response));
    });
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(*service); }, [&] { return rate(*noop); });
  return {"Assign, 64 callers",    result.measured,  "calls/s",
          "no-op RPC, same bytes", result.reference, result.ratio};
}

Row AssignBatches(const Setup& setup) {
  constexpr int64_t kPerCall = 100;
  constexpr int64_t kBatches = 1'000;
  const auto service = Connect(setup.experiment);
  const auto noop = Connect(setup.noop);
  const std::string agent = RunName("assign-batch");
  StartExperiment(*service, agent);
  // Users come again, as in an agent's traffic; what is asked of them was made before, because a
  // caller's own work would hide the service's.
  std::vector<experiment::v1::AssignBatchRequest> batches(kBatches);
  for (int64_t user = 0; user < kPerCall * kBatches; ++user) {
    experiment::v1::AssignRequest& request =
        *batches[static_cast<size_t>(user / kPerCall)].add_requests();
    request.set_agent(agent);
    request.set_user_id(fmt::format("user-{}", user));
  }
  const auto rate = [&](ExperimentService::Stub& stub) {
    return kPerCall * CallsPerSecond(4, setup.duration, [&](int, int64_t call) {
             experiment::v1::AssignBatchResponse response;
             grpc::ClientContext context;
             Check(stub.AssignBatch(&context, batches[static_cast<size_t>(call % kBatches)],
                                    &response));
             if (response.responses_size() != kPerCall) Die("a user without an answer");
           });
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(*service); }, [&] { return rate(*noop); });
  return {"AssignBatch of 100, 4 callers",
          result.measured,
          "assignments/s",
          "no-op RPC, same bytes; at least 1,000,000 is wanted",
          result.reference,
          result.ratio};
}

Row AssignInProcess(const Setup& setup) {
  constexpr int64_t kUsers = 100'000;
  const auto service = Connect(setup.experiment);
  const std::string agent = RunName("in-process");
  StartExperiment(*service, agent);
  assign::LocalAssigner::Options options;
  options.agents = {agent};
  options.max_waiting_exposures = kUsers;
  const auto assigner = assign::LocalAssigner::Start(
      assign::LocalAssigner::OpenChannel(setup.experiment, grpc::InsecureChannelCredentials()),
      options);
  if (!assigner.ok() || !(*assigner)->AwaitKnowledge(absl::Seconds(10))) Die("nothing to assign");
  // Users come again, as in an agent's traffic; their ids were made before.
  std::vector<std::string> users;
  for (int64_t i = 0; i < kUsers; ++i) users.push_back(fmt::format("user-{}", i));
  const auto in_process = [&] {
    // A clock costs as much as an assignment: it is asked once for a hundred.
    constexpr int64_t kPerCall = 100;
    return kPerCall * CallsPerSecond(1, setup.duration, [&](int, int64_t call) {
             for (int64_t i = call * kPerCall; i < (call + 1) * kPerCall; ++i) {
               const auto assigned =
                   (*assigner)->Assign(agent, {.user_id = users[static_cast<size_t>(i % kUsers)]});
               if (!assigned || assigned->experiment_id.empty()) Die("a user without an arm");
             }
           });
  };
  const auto by_call = [&] {
    return CallsPerSecond(64, setup.duration, [&](int, int64_t call) {
      experiment::v1::AssignRequest request;
      request.set_agent(agent);
      request.set_user_id(users[static_cast<size_t>(call % kUsers)]);
      experiment::v1::AssignResponse response;
      grpc::ClientContext context;
      Check(service->Assign(&context, request, &response));
    });
  };
  const Comparison result = CompareInTurn(setup.rounds, in_process, by_call);
  return {"assign in process, 1 thread", result.measured,  "assignments/s",
          "Assign, 64 callers",          result.reference, result.ratio};
}

Row Outcomes(const Setup& setup) {
  constexpr int kPerCall = 100;
  constexpr int64_t kUnits = 20'000;
  const auto service = Connect(setup.experiment);
  const auto noop = Connect(setup.noop);
  const std::string name = RunName("outcomes");
  StartExperiment(*service, name);
  const std::vector<std::string> tokens = ExposeUnits(*service, name, kUnits);
  std::atomic<int64_t> next = 0;
  const auto rate = [&](ExperimentService::Stub& stub) {
    return kPerCall * CallsPerSecond(4, setup.duration, [&](int, int64_t) {
             experiment::v1::RecordOutcomesRequest request;
             for (int i = 0; i < kPerCall; ++i) {
               const int64_t number = next++;
               auto* outcome = request.add_outcomes();
               outcome->set_outcome_id(fmt::format("{}-{}", name, number));
               outcome->set_assignment_token(tokens[static_cast<size_t>(number % kUnits)]);
               outcome->set_metric("accepted");
               outcome->set_value(number % 3 == 0 ? 1 : 0);
               *outcome->mutable_event_time() = rpc::ToProto(absl::Now());
             }
             experiment::v1::RecordOutcomesResponse response;
             grpc::ClientContext context;
             Check(stub.RecordOutcomes(&context, request, &response));
             for (const auto& result : response.results()) {
               if (result.status() != common::v1::ITEM_STATUS_STORED) {
                 Die(result.ShortDebugString());
               }
             }
           });
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(*service); }, [&] { return rate(*noop); });
  return {"RecordOutcomes, durable, batches of 100",
          result.measured,
          "outcomes/s",
          "no-op RPC, same bytes",
          result.reference,
          result.ratio};
}

namespace {

Row AnalyzeAt(const Setup& setup, int64_t outcomes, const char* what) {
  const auto stub = Connect(setup.experiment);
  const std::string small = RunName("small");
  const std::string large = RunName("large");
  for (const std::string& name : {small, large}) {
    StartExperiment(*stub, name);
    RecordOutcomes(*stub, name, name == small ? 1'000 : outcomes);
  }
  const auto micros = [&](const std::string& name) {
    const double rate = CallsPerSecond(1, setup.duration, [&](int, int64_t) {
      experiment::v1::AnalyzeRequest request;
      request.set_experiment_id(name);
      experiment::v1::AnalyzeResponse response;
      grpc::ClientContext context;
      Check(stub->Analyze(&context, request, &response));
    });
    return 1e6 / rate;
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return micros(large); }, [&] { return micros(small); });
  return {what, result.measured, "us/call", "at 1,000 outcomes", result.reference, result.ratio};
}

}  // namespace

Row Analyze(const Setup& setup) {
  return AnalyzeAt(setup, 1'000'000, "Analyze at 1,000,000 outcomes");
}

Row AnalyzeAtTenMillion(const Setup& setup) {
  return AnalyzeAt(setup, 10'000'000, "Analyze at 10,000,000 outcomes");
}

std::vector<Row> ThousandExperiments(const Setup& setup) {
  const auto many = StartExperimentService(setup, "thousand-experiments");
  const auto none = StartExperimentService(setup, "no-experiments");
  FillThousandExperiments(many->at(cli::Service::kExperiment).address);
  const Comparison start = CompareInTurn(
      setup.rounds, [&] { return MillisecondsToStart(*many); },
      [&] { return MillisecondsToStart(*none); });
  const double memory = MebibytesOf(many->pid(cli::Service::kExperiment), "RssAnon");
  const double empty = MebibytesOf(none->pid(cli::Service::kExperiment), "RssAnon");
  return {{.name = "start after kill -9 with 1,000 experiments and 1,000,000 units",
           .value = start.measured,
           .unit = "ms",
           .reference_name = "with an empty store; at most 10,000 is promised",
           .reference = start.reference,
           .ratio = start.ratio},
          {.name = "memory then",
           .value = memory,
           .unit = "MiB",
           .reference_name = "with an empty store",
           .reference = empty,
           .ratio = memory / empty}};
}

}  // namespace flywheel::bench
