// Twin: an experiment service as a process of this program, which can be killed, and whose time a
// test moves.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_TWIN_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_TWIN_H_

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/child_process.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/experiment/v1/ramp_service.grpc.pb.h"
#include "shared/time/poll.h"

namespace flywheel::fault {

// Where it finds what it needs.
struct TwinPlaces {
  std::string data_dir;
  std::string clock_file;
  std::string gate_address;
  // Empty: it follows no feed.
  std::string ingest_address;
};

// For main(), first of all: where the process was started as a twin, serves until it is killed, and
// returns the exit code where it cannot; else nothing.
std::optional<int> ServeIfTwin(int argc, char** argv);

// Launch and Kill are of one thread, which has to outlive the process; calls are anybody's.
class Twin {
 public:
  // At a port of its own, which it keeps.
  explicit Twin(TwinPlaces places);

  // Starts it; once more after a Kill.
  absl::Status Launch();
  // SIGKILL.
  void Kill();
  // Waits until it answers.
  void AwaitServing();

  const std::string& data_dir() const { return places_.data_dir; }

  // Asks until it is answered, as a client does whose service goes away: what the service kept of
  // an attempt whose answer was lost, it answers as a replay.
  template <typename Request, typename Response>
  void Insist(grpc::Status (experiment::v1::ExperimentService::Stub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*),
              const Request& request, Response* response) {
    InsistOn(*experiments_, method, request, response);
  }
  template <typename Request, typename Response>
  void Insist(grpc::Status (experiment::v1::RampService::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
              const Request& request, Response* response) {
    InsistOn(*ramps_, method, request, response);
  }

 private:
  template <typename Stub, typename Method, typename Request, typename Response>
  void InsistOn(Stub& stub, Method method, const Request& request, Response* response) {
    grpc::Status status;
    const auto answered = [&] {
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      response->Clear();
      status = (stub.*method)(&context, request, response);
      return status.error_code() != grpc::StatusCode::UNAVAILABLE;
    };
    EXPECT_TRUE(PollUntil(answered, absl::Seconds(60))) << "never answered";
    EXPECT_TRUE(status.ok()) << status.error_message() << " to " << request.ShortDebugString();
  }

  const TwinPlaces places_;
  const std::string address_;
  std::unique_ptr<experiment::v1::ExperimentService::Stub> experiments_;
  std::unique_ptr<experiment::v1::RampService::Stub> ramps_;
  std::optional<cli::ChildProcess> child_;
};

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_TWIN_H_
