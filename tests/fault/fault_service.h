// Test fixture: ingest as a process of its own in a bad environment, such as a failing disk.
#ifndef FLYWHEEL_TESTS_FAULT_FAULT_SERVICE_H_
#define FLYWHEEL_TESTS_FAULT_FAULT_SERVICE_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "cli/child_process.h"
#include "cli/free_port.h"
#include "cli/health.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"
#include "tests/cli/command_runner.h"

namespace flywheel::fault {

inline constexpr size_t kInputBytes = 1'000;

// Everything about it follows from its id.
inline ingest::v1::Interaction MakeInteraction(const std::string& id) {
  ingest::v1::Interaction interaction;
  interaction.set_interaction_id(id);
  interaction.set_agent("support");
  interaction.set_input(id + " " + std::string(kInputBytes, 'q'));
  interaction.set_output("an answer to " + id);
  interaction.mutable_start_time()->set_seconds(1'780'000'000);
  return interaction;
}

inline ingest::v1::LogInteractionsRequest MakeBatch(const std::string& prefix, int items) {
  ingest::v1::LogInteractionsRequest request;
  for (int i = 0; i < items; ++i) {
    *request.add_interactions() = MakeInteraction(fmt::format("{}-{}", prefix, i));
  }
  return request;
}

class FaultTest : public ::testing::Test {
 protected:
  using Stub = ingest::v1::IngestService::Stub;

  // Starts flywheel-ingest on data(), behind `wrapper` (a command that runs another one) where
  // there is one, and does not wait for it.
  void Launch(const std::vector<std::string>& wrapper = {},
              const std::vector<std::string>& flags = {}) {
    const std::vector<int> ports = *cli::FindFreePorts(2);
    std::vector<std::string> command = wrapper;
    command.push_back(cli::BinDir() + "/flywheel-ingest");
    for (const std::string& argument :
         {std::string("--data-dir"), data(), std::string("--listen"), Loopback(ports[0]),
          std::string("--otlp-http-listen"), Loopback(ports[1])}) {
      command.push_back(argument);
    }
    command.insert(command.end(), flags.begin(), flags.end());
    log_ = fmt::format("{}/log-{}", dir_.path(), ++launches_);
    auto child =
        cli::ChildProcess::Start({command.front(), {command.begin() + 1, command.end()}, {}, log_});
    ASSERT_OK(child);
    child_.emplace(*std::move(child));
    channel_ = *rpc::Channel::Open({Loopback(ports[0]), "", ""});
    stub_ = ingest::v1::IngestService::NewStub(channel_.get());
  }

  // Launches, and waits until it serves.
  void Serve(const std::vector<std::string>& wrapper = {},
             const std::vector<std::string>& flags = {}) {
    Launch(wrapper, flags);
    ASSERT_TRUE(AwaitServing()) << Log();
  }

  // True once it serves; false when it has ended, or after half a minute.
  bool AwaitServing() {
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    while (absl::Now() < give_up) {
      if (cli::CheckHealth(channel_, absl::Seconds(2)).ok()) return true;
      // Waits a little at the same time.
      if (child_->WaitForExit(absl::Milliseconds(20))) return false;
    }
    return false;
  }

  void Stop() {
    child_->Terminate();
    ASSERT_TRUE(child_->WaitForExit(absl::Seconds(30))) << Log();
  }

  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(30));
    return rpc::FromGrpcStatus((stub_.get()->*method)(&context, request, response));
  }

  // The status of storing a batch; all of it where that is OK.
  absl::Status Store(const ingest::v1::LogInteractionsRequest& request) {
    ingest::v1::LogInteractionsResponse response;
    absl::Status status = Call(&Stub::LogInteractions, request, &response);
    for (const auto& result : response.results()) {
      EXPECT_LE(result.status(), common::v1::ITEM_STATUS_REPLAYED) << result.ShortDebugString();
    }
    return status;
  }

  // All interactions by id, or the first error.
  absl::StatusOr<std::map<std::string, ingest::v1::Interaction>> List() {
    std::map<std::string, ingest::v1::Interaction> all;
    ingest::v1::ListInteractionsRequest request;
    request.set_page_size(1'000);
    do {
      ingest::v1::ListInteractionsResponse page;
      const absl::Status status = Call(&Stub::ListInteractions, request, &page);
      if (!status.ok()) return status;
      for (const auto& one : page.interactions()) all[one.interaction_id()] = one;
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  std::string Log() const { return cli::ReadAll(log_); }
  std::string data() const { return data_; }
  std::string store() const { return data() + "/ingest.db"; }

  static std::string Loopback(int port) { return fmt::format("127.0.0.1:{}", port); }

  testing::TempDir dir_;
  std::string data_ = dir_.path() + "/data";
  std::string log_;
  int launches_ = 0;
  std::optional<cli::ChildProcess> child_;
  rpc::Channel channel_ = *rpc::Channel::Open({"127.0.0.1:1", "", ""});
  std::unique_ptr<Stub> stub_;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_FAULT_SERVICE_H_
